"""What names plans and their steps to people."""

from django.utils.translation import gettext as _

from accounts.matters import Matter
from assistance.plans.editions import as_agreed
from assistance.plans.models import ActionPlan, PlanStep
from assistance.workflow.naming import titled


def name_of_plan(plan: ActionPlan) -> Matter:
    """Return a plan by its title, with its kind and the State."""
    return titled(plan, plan.get_kind_display(), plan.state.name)


def numbered(step: PlanStep) -> str:
    """Return a step by its number."""
    return _("Step %(number)s") % {"number": step.number}


def name_of_step(step: PlanStep) -> Matter:
    """Return a step by its action as it was agreed last, with its number and the State."""
    return titled(as_agreed(step), numbered(step), step.state.name)

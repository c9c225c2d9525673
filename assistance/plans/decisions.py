"""What the pages and decision pages of plans and steps show."""

from typing import Any

from assistance import measures
from assistance.access import policy
from assistance.consultations.models import Consultation
from assistance.plans import queries
from assistance.plans.models import ActionPlan, PlanStep
from entities.actors import Actor
from entities.programmes import by_role


def about_plan(actor: Actor, plan: ActionPlan) -> dict[str, Any]:
    """Return the steps of a plan with their place in time, the progress, the comments of the State and the versions."""
    steps = queries.steps_of(actor, plan)
    first, last = queries.span_of(plan, steps)
    waiting = queries.dependencies(actor, steps)
    return {
        "parts": by_role(plan.programme) if plan.programme else [],
        "consultation": policy.visible(actor, Consultation).filter(pk=plan.consultation_id).first()
        if plan.consultation_id
        else None,
        "steps": [(step, queries.bar_of(step, first, last), waiting.get(step.pk, [])) for step in steps],
        "first": first,
        "last": last,
        "progress": queries.progress_of(steps),
        "progress_by": queries.progress_by(steps),
        "comments": queries.comments_on(actor, plan),
        "editions": list(queries.editions_of(actor, plan).defer("steps")),
    }


def about_step(actor: Actor, step: PlanStep) -> dict[str, Any]:
    """Return the plan of a step if it is seen, what is linked with it, its obligations, costs, reports and comments."""
    plan = policy.visible(actor, ActionPlan).filter(pk=step.plan_id).select_related("state", "instrument").first()
    comments = queries.comments_on(actor, plan) if plan else []
    costs = list(step.costs.all())
    return {
        "plan": plan,
        **queries.linked(actor, step),
        "supporters": list(step.supporters.order_by("slug")),
        "obligations": list(step.obligations.select_related("instrument")),
        "costs": costs,
        "sums": queries.sums_of(costs),
        "reports": [
            (one, measures.in_words(step.unit, one.value)) for one in step.reports.select_related("by", "organisation")
        ],
        "comments": [one for one in comments if one.step_id == step.pk],
    }

"""What the pages and decision pages of plans and steps show."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import get_language

from assistance import measures
from assistance.access import policy
from assistance.consultations.models import Consultation
from assistance.offers.states import AssistanceType
from assistance.plans import editions, queries
from assistance.plans.models import ActionPlan, PlanEdition, PlanStep
from assistance.plans.states import StepStatus
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


def decided(actor: Actor, plan: ActionPlan) -> dict[str, Any]:
    """Return what stands beside a decision over a plan: the text of each step, and what differs from the last version."""
    found = about_plan(actor, plan)
    before = queries.editions_of(actor, plan).first()
    draft = PlanEdition(header=editions.header(plan), steps=editions.frozen(plan))
    language = get_language() or plan.language
    steps = [
        (step, waits) for step, _bar, waits in found["steps"] if step.status != StepStatus.DROPPED and not step.leaves
    ]
    prefetch_related_objects([step for step, _waits in steps], "obligations__instrument", "costs")
    return {
        **found,
        "before": before,
        "differences": editions.compared(before, draft, language) if before else [],
        "contents": [
            {
                "step": step, "waits": waits, "obligations": step.obligations.all(),
                "costs": queries.sums_of(step.costs.all()),
            }
            for step, waits in steps
        ],
    }  # fmt: skip


def about_step(actor: Actor, step: PlanStep) -> dict[str, Any]:
    """Return the plan of a step if it is seen, what is linked with it, its obligations, costs, reports and comments.

    Whoever does not see the plan reads the step as it was agreed last, while a new version is drafted.
    """
    plan = policy.visible(actor, ActionPlan).filter(pk=step.plan_id).select_related("state", "instrument").first()
    comments = queries.comments_on(actor, plan) if plan else []
    if plan is None and step.agreed:
        shown, parts = editions.as_agreed(step), editions.parts_as_agreed(step)
    else:
        shown, parts = (
            step,
            {
                "obligations": list(step.obligations.select_related("instrument")),
                "costs": list(step.costs.all()),
                "supporters": list(step.supporters.order_by("slug")),
            },
        )
    return {
        "object": shown,
        "plan": plan,
        **queries.linked(actor, step),
        **parts,
        "help_types": [AssistanceType(one).label for one in shown.help_types],
        "sums": queries.sums_of(parts["costs"]),
        "reports": [
            (one, measures.in_words(step.unit, one.value)) for one in step.reports.select_related("by", "organisation")
        ],
        "comments": [one for one in comments if one.step_id == step.pk],
    }

"""Queries about plans and their steps. Each starts from policy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import pgettext

from assistance.access import policy
from assistance.consultations.models import Round
from assistance.needs.models import Need
from assistance.plans.models import ActionPlan, PlanEdition, PlanStep, StepComment, StepCost
from assistance.plans.states import CLAIMED, GOES_ON, PlanStatus, StepStatus
from assistance.projects.models import Project
from assistance.requests.models import AssistanceRequest
from entities.actors import Actor
from entities.models import Organisation, Programme


def steps_of(actor: Actor, plan: ActionPlan) -> list[PlanStep]:
    """Return the steps of a plan that this actor sees, in their order; those no longer planned come last."""
    rows = policy.visible(actor, PlanStep).filter(plan=plan).select_related("theme", "pillar", "state")
    found = list(rows.prefetch_related("supporters").order_by("place", "id"))
    return sorted(found, key=lambda step: step.status == StepStatus.DROPPED)


def dependencies(actor: Actor, steps: Sequence[PlanStep]) -> dict[Any, list[str]]:
    """Return step → the numbers of the steps on which it depends, of those that this actor sees. One statement."""
    numbers = {step.pk: step.number for step in steps}
    through: Any = PlanStep.depends_on.through
    found: dict[Any, list[str]] = {}
    pairs = through.objects.filter(from_planstep__in=list(numbers)).values_list("from_planstep", "to_planstep")
    for one, other in pairs:
        if other in numbers:
            found.setdefault(one, []).append(numbers[other])
    return {key: sorted(value) for key, value in found.items()}


# ── Progress ─────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Progress:
    """How many steps are verified, and how many are claimed beside them: the two are never added up by a reader."""

    label: str
    claimed: int
    verified: int
    of: int
    overdue: int = 0

    @property
    def percent_claimed(self) -> int:
        """The claimed steps as a whole percentage of all."""
        return 100 * self.claimed // self.of if self.of else 0

    @property
    def percent_verified(self) -> int:
        """The verified steps as a whole percentage of all."""
        return 100 * self.verified // self.of if self.of else 0


def progress_of(steps: Iterable[PlanStep], label: str = "") -> Progress:
    """Return the progress of these steps; those no longer planned do not count. `claimed` contains the verified ones."""
    rows = [step for step in steps if step.status != StepStatus.DROPPED]
    return Progress(
        label,
        sum(step.status in CLAIMED for step in rows),
        sum(step.status == StepStatus.VERIFIED for step in rows),
        len(rows),
        sum(step.is_overdue for step in rows),
    )


def progress_by(steps: Sequence[PlanStep]) -> list[Progress]:
    """Return the progress by pillar and by framework, in the order in which the steps name them first."""
    groups: dict[str, list[PlanStep]] = {}
    for named in (_pillar, _framework):
        for step in steps:
            if label := named(step):
                groups.setdefault(label, []).append(step)
    return [one for label, rows in groups.items() if (one := progress_of(rows, label)).of]


def _pillar(step: PlanStep) -> str:
    return str(step.pillar) if step.pillar else ""


def _framework(step: PlanStep) -> str:
    return step.get_framework_display() if step.framework else ""


# ── Timeline ─────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Bar:
    """Where a step lies in the period of its plan: per mille from its beginning, and how long."""

    start: int
    length: int


def bar_of(step: PlanStep, first: date, last: date) -> Bar:
    """Return the place of a step between two days; one without a first day lies on the day on which it is due."""
    whole = max((last - first).days + 1, 1)
    begins = min(max(step.starts_on or step.due, first), last)
    ends = min(max(step.due, begins), last)
    start = 1000 * (begins - first).days // whole
    return Bar(start, max(1000 * ((ends - begins).days + 1) // whole, 8))


def span_of(plan: ActionPlan, steps: Sequence[PlanStep]) -> tuple[date, date]:
    """Return the days between which all steps lie: the period of the plan, and more where a step lies outside it."""
    days = [plan.starts_on, plan.ends_on, *(step.due for step in steps)]
    return min([*days, *(step.starts_on for step in steps if step.starts_on)]), max(days)


# ── One step ─────────────────────────────────────────────────────────────────
def linked(actor: Actor, step: PlanStep) -> dict[str, Any]:
    """Return the needs, projects and requests of a step, and the steps it depends on, as far as the actor sees them."""
    return {
        "needs": _seen(actor, Need, step.needs, "state"),
        "projects": _seen(actor, Project, step.projects),
        "requests": _seen(actor, AssistanceRequest, step.requests, "state"),
        "depends_on": _seen(actor, PlanStep, step.depends_on, order="place"),
        "followed_by": _seen(actor, PlanStep, PlanStep.objects.filter(depends_on=step), order="place"),
    }


def _seen(actor: Actor, model: Any, related: Any, *joins: str, order: str = "reference") -> list[Any]:
    keys = list(related.order_by().values_list("pk", flat=True))
    rows = policy.visible(actor, model).filter(pk__in=keys).select_related(*joins) if keys else ()
    return sorted(rows, key=lambda row: getattr(row, order))


def sums_of(costs: Iterable[StepCost]) -> dict[str, Decimal]:
    """Return currency → the sum of these costs; amounts in different currencies are not added up."""
    found: dict[str, Decimal] = {}
    for cost in costs:
        found[cost.currency] = found.get(cost.currency, Decimal(0)) + cost.amount
    return dict(sorted(found.items()))


def earlier_assistance(actor: Actor, step: PlanStep) -> str:
    """Return what the round on which the plan is based says of assistance already given in the theme of the step."""
    plan = policy.visible(actor, ActionPlan).filter(pk=step.plan_id).first()
    seen = policy.visible(actor, Round).filter(pk=plan.round_id).first() if plan and plan.round_id else None
    if seen is None:
        return ""
    texts = seen.findings.filter(theme=step.theme_id).exclude(intervention="").values_list("intervention", flat=True)
    return "\n".join(texts)


def owns(actor: Actor, plan: ActionPlan) -> bool:
    """Return whether the actor takes part in a plan, and does not read it by a consent alone."""
    return not actor.groups.isdisjoint(policy.owners_of(plan))


def editions_of(actor: Actor, plan: ActionPlan) -> QuerySet[PlanEdition]:
    """Return the agreed versions of a plan, the latest first, for those who take part: a consent opens what stands now."""
    rows = PlanEdition.objects.filter(plan=plan).select_related("agreed_by").order_by("-number")
    return rows if owns(actor, plan) else rows.none()


def comments_on(actor: Actor, plan: ActionPlan) -> list[StepComment]:
    """Return the comments of the State on a plan and its steps; before the plan is returned the State alone reads them."""
    if not owns(actor, plan):
        return []
    rows = StepComment.objects.filter(plan=plan).select_related("by", "step")
    return list(rows if policy.acting_as(actor, "state", plan) else rows.filter(is_sent=True))


# ── Plans by State and programme ─────────────────────────────────────────────
@dataclass(frozen=True)
class Line:
    """A plan of a State with its steps, as the page of its programme shows them in a row."""

    plan: ActionPlan
    steps: Sequence[PlanStep]
    progress: Progress


def lines_of(actor: Actor, plans: Sequence[ActionPlan]) -> list[Line]:
    """Return these plans with the steps that this actor sees. One statement."""
    rows = policy.visible(actor, PlanStep).filter(plan__in=[plan.pk for plan in plans]).select_related("state")
    steps: dict[Any, list[PlanStep]] = {}
    for step in rows.order_by("place", "id") if plans else ():
        if step.status != StepStatus.DROPPED:
            steps.setdefault(step.plan_id, []).append(step)
    return [Line(plan, own := steps.get(plan.pk, []), progress_of(own)) for plan in plans]


def of_programme(actor: Actor, programme: Programme) -> list[Line]:
    """Return the roadmaps of a programme that this actor sees, by State. Two statements."""
    plans = policy.visible(actor, ActionPlan).filter(programme=programme).select_related("state")
    return lines_of(actor, sorted(plans, key=lambda plan: (plan.state.name, plan.reference)))


def of_organisation(actor: Actor, organisation: Organisation) -> dict[str, Any]:
    """Return the plans of a State that the reader sees, with their progress. Two statements."""
    if not organisation.is_state:
        return {}
    plans = policy.visible(actor, ActionPlan).filter(state=organisation).select_related("programme", "state")
    found = list(plans.order_by("-modified_at", "-id"))
    return {"plans": lines_of(actor, found)} if found else {}


def next_for_plan(plan: ActionPlan) -> str:
    """Return what moves a plan on, and who can do it."""
    return {
        PlanStatus.DRAFT: pgettext("next step", "Whoever drafts the plan submits it to the State."),
        PlanStatus.WITH_STATE: pgettext("next step", "The State agrees to the plan, or returns it with comments."),
        PlanStatus.AGREED: pgettext("next step", "The State and the supporting entities report on the steps."),
    }[PlanStatus(plan.status)]


def next_for_step(step: PlanStep) -> str:
    """Return what moves a step on, and who can do it; empty where nothing is left to do."""
    if step.status == StepStatus.FINISHED:
        return pgettext("next step", "CTED or UNOCT verifies the step, or sends it back.")
    if step.status in GOES_ON and step.agreed_in is not None:
        return pgettext("next step", "The State or a supporting entity reports on the step.")
    return ""

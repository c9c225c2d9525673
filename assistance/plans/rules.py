"""Access rules of plans and their steps, who may act on them, and guards of their transitions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assistance.access.rules import (
    AccessReason,
    ReasonKind,
    cted,
    is_released,
    office,
    release_facts,
    released,
    state,
)
from assistance.consultations.rules import PART, in_words, taking_part
from assistance.plans.models import ActionPlan, PlanStep, StepComment
from assistance.plans.states import PlanKind, PlanStatus, StepStatus
from assistance.workflow.models import Event
from entities.actors import CTED, UNOCT, Actor
from entities.appointments import is_coordinator
from web.exceptions import Conflict

FAR_FUTURE = datetime(9999, 12, 31, tzinfo=UTC)
SUPPORTER = "supporter"  # the own kind of access reason of steps


# ── Who sees them? ───────────────────────────────────────────────────────────
def _owners(row: Any) -> Iterator[AccessReason]:
    """Yield CTED, the State, UNOCT and, of a roadmap, the team of its programme. Source: specification B5."""
    yield cted()
    yield state(row.state)
    yield AccessReason(office(UNOCT), ReasonKind.UNOCT)
    if row.programme is not None:
        for organisation in taking_part(row.programme):
            yield AccessReason(organisation.group_id, PART)


def access_reasons(plan: ActionPlan) -> Iterator[AccessReason]:
    """Yield the access reasons of a plan: its owners, and those whom a consent of the State names."""
    yield from _owners(plan)
    yield from released(plan)


def step_access_reasons(step: PlanStep) -> Iterator[AccessReason]:
    """Yield the access reasons of a step: the owners of the plan, once agreed the entities that support it, and consents."""
    yield from _owners(step)
    for organisation in step.helpers.all():
        yield AccessReason(organisation.group_id, SUPPORTER)
    if step.agreed_in is not None:
        yield from released(step.plan)


def supports(row: Any, reasons: Sequence[AccessReason]) -> str:
    """Return the reason of a supporting entity in words."""
    return _("Supports the step")


REASON_TEXTS = {PART: in_words}
STEP_REASON_TEXTS = {PART: in_words, SUPPORTER: supports}


def states_of(rows: Sequence[Any]) -> dict[UUID, UUID]:
    """Return the State that learns who read each row, by the row's key."""
    return {row.pk: row.state_id for row in rows}


# ── Who acts? ────────────────────────────────────────────────────────────────
def may_create(actor: Actor) -> bool:
    """Return whether this actor drafts plans: CTED drafts roadmaps, UNOCT national plans."""
    return actor.is_cted or is_coordinator(actor)


def _offices(actor: Actor, *slugs: str) -> list[UUID | None]:
    """Return those of these offices for which this actor acts; for UNOCT its coordinators do. Source: specification B5."""
    own = [one for one in actor.organisations if one.slug in slugs]
    return [one.pk for one in own if one.slug != UNOCT or is_coordinator(actor)]


def verifying(kind: str) -> tuple[str, ...]:
    """Return the offices that verify the steps of a plan of this kind."""
    return (CTED,) if kind == PlanKind.ROADMAP else (CTED, UNOCT)


def drafter(actor: Actor, row: Any) -> Iterable[UUID | None]:
    """Return who drafts a plan with its steps: CTED a roadmap, UNOCT a national plan."""
    kind = row.kind or row.plan.kind  # a step that is being recorded has no kind yet
    return _offices(actor, CTED if kind == PlanKind.ROADMAP else UNOCT)


def side(actor: Actor, row: Any) -> Iterable[UUID | None]:
    """Return the two sides of an agreement: the State, and whoever drafts the plan."""
    return [row.state_id, *drafter(actor, row)]


def reporter(actor: Actor, step: PlanStep) -> Iterable[UUID | None]:
    """Return who reports on a step: the State, and the entities that support it."""
    return [step.state_id, *_helpers(step)]


def verifier(actor: Actor, step: PlanStep) -> Iterable[UUID | None]:
    """Return who verifies a step: CTED, of a national plan UNOCT too; never an entity that supports the step."""
    offices = _offices(actor, *verifying(step.kind))
    return set(offices) - set(_helpers(step)) if offices else []


def _helpers(step: PlanStep) -> list[UUID]:
    return [one.pk for one in step.helpers.all()]


def step_history(actor: Actor, step: PlanStep, events: QuerySet[Event]) -> QuerySet[Event]:
    """Return what this actor sees of the history: of a comment that was not sent yet, the State alone knows."""
    if any(one.pk == step.state_id for one in actor.organisations) and actor.viewer is None:
        return events
    waiting = StepComment.objects.filter(step=step.pk, is_sent=False).order_by("at").values("at")[:1]
    return events.exclude(name="step_commented", at__gte=Coalesce(Subquery(waiting), Value(FAR_FUTURE)))


# ── When are transitions possible? ───────────────────────────────────────────
def steps_counted(plan: Any) -> Any:
    """Return the steps of the version in work: without those that are no longer planned, or to be removed with it."""
    return PlanStep.objects.filter(plan=plan, leaves=False).exclude(status=StepStatus.DROPPED)


def has_steps(plan: ActionPlan) -> None:
    """Raise Conflict for a plan without a step."""
    known: bool | None = plan.__dict__.get("has_step")
    if not (steps_counted(plan).exists() if known is None else known):
        raise Conflict(_("Record at least one step first."))


def is_not_released(plan: ActionPlan) -> None:
    """Raise Conflict for a plan that the State has released: its readers would see a text to which nobody agreed yet."""
    if is_released(plan):
        raise Conflict(_("The State has released this plan. A new version can be started only after a withdrawal."))


def is_agreed(step: PlanStep) -> None:
    """Raise Conflict for a step to which the State has not agreed yet."""
    if step.agreed_in is None:
        raise Conflict(_("The State has not agreed to this step yet."))


def is_with_state(step: PlanStep) -> None:
    """Raise Conflict unless the plan was submitted to the State."""
    if _status_of(step) != PlanStatus.WITH_STATE:
        raise Conflict(_("Steps are commented on while the plan is with the State."))


def is_in_draft(step: PlanStep) -> None:
    """Raise Conflict unless the plan is being drafted."""
    if _status_of(step) != PlanStatus.DRAFT:
        raise Conflict(_("The plan is not a draft. Start a new version of it first."))


def leaves(step: PlanStep) -> None:
    """Raise Conflict unless the step is to be removed with the version in work."""
    if not step.leaves:
        raise Conflict(_("This step is not to be removed."))


def stays(step: PlanStep) -> None:
    """Raise Conflict for a step that is to be removed with the version in work."""
    if step.leaves:
        raise Conflict(_("This step is to be removed already."))


def _status_of(step: PlanStep) -> str | None:
    """Return the status of the plan; None in a list for a reader who does not see it."""
    known = step.__dict__
    if "plan_status" in known:
        status: str | None = known["plan_status"]
        return status
    return step.plan.status


def plan_facts() -> dict[str, Any]:
    """Return the annotations of lists of plans that guards ask."""
    return {"has_step": Exists(steps_counted(OuterRef("pk"))), **release_facts(ActionPlan)}


def step_facts() -> dict[str, Any]:
    """Return the annotations of lists of steps that guards ask."""
    return {"plan_status": Subquery(ActionPlan.objects.filter(pk=OuterRef("plan")).values("status"))}


def read_supporters(steps: Sequence[PlanStep]) -> None:
    """Read at once which entities support these steps, by which it is decided who acts on them."""
    prefetch_related_objects(list(steps), "helpers")

"""Pending work on plans and steps: for the State, for whoever drafts a plan, for those who verify."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assistance.plans.models import ActionPlan, PlanStep, StepComment
from assistance.plans.rules import may_create
from assistance.plans.states import GOES_ON, PLAN, STEP, PlanKind, PlanStatus, StepStatus
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from entities.actors import CTED, UNOCT, Actor
from web.conditions import among

SOON = timedelta(days=30)  # before its day, a step is among the tasks of its State


def pending_plans(actor: Actor) -> list[Task]:
    """Return the plans that wait for this actor: for the agreement of the State, or to be submitted again."""
    found: list[Task] = []
    if states := [one.pk for one in actor.states()]:

        def put(rows: QuerySet[ActionPlan], mine: list[UUID]) -> QuerySet[ActionPlan]:
            waiting = rows.filter(status=PlanStatus.WITH_STATE).filter(among("state", mine, "uuid"))
            return waiting.order_by("answer_by", "pk")

        rows = named_rows(actor, ActionPlan, "put", put, [states], MOST)
        text = _("Plan awaiting your agreement")
        found += [Task.of(row, text, PLAN["agree"], since=row.modified_at, due=row.answer_by) for row in rows]
    if may_create(actor):

        def returned(rows: QuerySet[ActionPlan], kinds: list[str]) -> QuerySet[ActionPlan]:
            commented = Exists(
                StepComment.objects.filter(plan=OuterRef("pk"), edition=OuterRef("edition"), is_sent=True)
            )
            waiting = rows.filter(status=PlanStatus.DRAFT).filter(commented)
            return waiting.filter(among("kind", kinds, "text")).order_by("modified_at", "pk")

        rows = named_rows(actor, ActionPlan, "returned", returned, [_kinds(actor)], MOST)
        text = _("Plan returned with comments, to be submitted again")
        found += [Task.of(row, text, PLAN["put-to-state"], since=row.modified_at, due=None) for row in rows]
    return found


def _kinds(actor: Actor) -> list[str]:
    slugs = {one.slug for one in actor.organisations}
    return [kind for kind, office in ((PlanKind.ROADMAP, CTED), (PlanKind.NATIONAL_PLAN, UNOCT)) if office in slugs]


def pending_steps(actor: Actor) -> list[Task]:
    """Return the steps that wait for this actor: those due soon of their States, and those to be verified."""
    return [*_due(actor), *_to_verify(actor)]


def _due(actor: Actor) -> Iterator[Task]:
    states = [one.pk for one in actor.states()]
    if not states:
        return

    def due(rows: QuerySet[PlanStep], mine: list[UUID], last: date) -> QuerySet[PlanStep]:
        waiting = rows.filter(status__in=GOES_ON, agreed_in__isnull=False, due__lte=last)
        return waiting.filter(among("state", mine, "uuid")).order_by("due", "pk")

    rows = named_rows(actor, PlanStep, "due", due, [states, timezone.now().date() + SOON], MOST)
    text = _("Step of a plan to be finished")
    for row in rows:
        yield Task.of(row, text, STEP["finish"], since=None, due=row.due)


def _to_verify(actor: Actor) -> Iterator[Task]:
    if not may_create(actor):
        return

    def finished(rows: QuerySet[PlanStep], own: list[UUID], kinds: list[str]) -> QuerySet[PlanStep]:
        through: Any = PlanStep.helpers.through
        supported = through.objects.filter(planstep=OuterRef("pk"))
        waiting = rows.filter(status=StepStatus.FINISHED).filter(among("kind", kinds, "text"))
        return waiting.exclude(Exists(supported.filter(among("organisation", own, "uuid")))).order_by(
            "modified_at", "pk"
        )

    own = [one.pk for one in actor.organisations]
    kinds = list(PlanKind.values) if actor.is_cted else [PlanKind.NATIONAL_PLAN]
    rows = named_rows(actor, PlanStep, "finished", finished, [own, kinds], MOST)
    text = _("Step reported as finished, to be verified")
    for row in rows:
        yield Task.of(row, text, STEP["verify"], since=row.modified_at, due=None)

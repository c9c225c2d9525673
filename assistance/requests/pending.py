"""Pending work on requests and their corrections: of the State, and of the coordinators of UNOCT."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from assistance.requests import rules
from assistance.requests.models import AssistanceRequest, RequestCorrection
from assistance.requests.states import (
    AFTER_CIRCULATION,
    CORRECTABLE,
    REQUEST,
    REQUEST_CORRECTION,
    WITH_UNOCT,
    RequestCorrectionStatus,
    RequestStatus,
)
from assistance.requests.waiting import Waiting, due_days, waiting
from assistance.workflow.engine import available_transitions
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from assistance.workflow.transition import Transition
from entities.actors import Actor
from entities.appointments import is_coordinator
from web.conditions import among

Text = str | Promise

# What the State is asked, in the order in which it is asked; each with the words for those who do not have the task.
OF_STATE: tuple[tuple[str, Text, Text], ...] = (
    (
        "confirm",
        pgettext_lazy("task", "Request awaiting your confirmation"),
        pgettext_lazy("task", "Request awaiting confirmation by a colleague"),
    ),
    ("no-objection", pgettext_lazy("task", "Request to be circulated: you may object"), ""),
    ("confirm-choice", pgettext_lazy("task", "Choice of providers awaiting your confirmation"), ""),
    ("answer", pgettext_lazy("task", "Question about your request"), ""),
    ("choose", pgettext_lazy("task", "Offers for your request awaiting your choice"), ""),
    ("submit", pgettext_lazy("task", "Request returned to you for clarification"), ""),
    ("report-after-year", pgettext_lazy("task", "Has the need been met? A year has passed"), ""),
)
OF_UNOCT: tuple[tuple[str, Text], ...] = (
    ("confirm-refusal", pgettext_lazy("task", "Refusal of a request to be confirmed")),
    ("authenticate", pgettext_lazy("task", "Request to be authenticated")),
    ("acknowledge", pgettext_lazy("task", "Request to be acknowledged")),
    ("circulate", pgettext_lazy("task", "Request to be circulated")),
)
STATUSES_OF_STATE = (
    RequestStatus.PROPOSED, RequestStatus.ACKNOWLEDGED, RequestStatus.RETURNED, *AFTER_CIRCULATION,
    RequestStatus.CLOSED,
)  # fmt: skip


def pending(actor: Actor) -> list[Task]:
    """Return the tasks of this actor on requests: one for each request, the first that it may do now."""
    return [*_of_states(actor), *_of_coordinators(actor)]


def _of_states(actor: Actor) -> Iterator[Task]:
    mine = [state.pk for state in actor.states()]
    if not mine:
        return
    for row in _rows(actor, STATUSES_OF_STATE, mine):
        possible = _possible(actor, row)
        found = next((one for one in OF_STATE if one[0] in possible), None)
        if found is not None:
            name, text, others = found
            yield _task(row, text, REQUEST[name], waiting(row), others)


def _of_coordinators(actor: Actor) -> Iterator[Task]:
    if not is_coordinator(actor):
        return
    rows = _rows(actor, WITH_UNOCT, None)
    days = due_days(actor, rows) if rows else {}
    for row in rows:
        possible = _possible(actor, row)
        found = next((one for one in OF_UNOCT if one[0] in possible), None)
        if found is not None:
            yield _task(row, found[1], REQUEST[found[0]], waiting(row, days.get(row.pk)), "")


def _possible(actor: Actor, row: AssistanceRequest) -> set[str]:
    """Return the names of what this actor may do now; what was returned is to be submitted, complete or not."""
    if row.status == RequestStatus.RETURNED and row.proposed_by_id is None:
        return {"submit"} if actor.acts_for(row.state_id) else set()
    return {step.name for step in available_transitions(actor, row)}


def _task(row: AssistanceRequest, text: Text, step: Transition, found: Waiting | None, others: Text) -> Task:
    due = found.due if found else None
    return Task.of(row, text, step, since=row.modified_at, due=due, for_others=others)


def _rows(actor: Actor, statuses: tuple[str, ...], states: list[UUID] | None) -> list[AssistanceRequest]:
    """Return the requests in these statuses, of these States or of all, that have waited longest."""

    def waits(
        rows: QuerySet[AssistanceRequest], year_ago: datetime, *states: list[UUID]
    ) -> QuerySet[AssistanceRequest]:
        of_them = rows.filter(*(among("state", keys, "uuid") for keys in states), status__in=statuses)
        asked = Q(submitted_at__lte=year_ago, year_answer="") & ~Q(decided_outcome__in=rules.NOT_ASKED)
        of_them = of_them.filter(~Q(status=RequestStatus.CLOSED) | asked)
        return of_them.annotate(**rules.facts()).order_by("modified_at")

    values: list[Any] = [timezone.now() - rules.YEAR, *([] if states is None else [states])]
    return named_rows(actor, AssistanceRequest, ("waits", statuses, states is None), waits, values, 5 * MOST)


def pending_corrections(actor: Actor) -> list[Task]:
    """Return the corrections that this actor is asked to answer for a State, the longest waiting first."""
    mine = [state.pk for state in actor.states()]
    if not mine:
        return []

    def waiting(rows: QuerySet[RequestCorrection], mine: list[UUID]) -> QuerySet[RequestCorrection]:
        own = rows.filter(
            among("assistance_request__state", mine, "uuid"), status=RequestCorrectionStatus.PROPOSED,
            assistance_request__status__in=CORRECTABLE,
        )  # fmt: skip
        return own.order_by("created_at")

    found = named_rows(actor, RequestCorrection, "waiting", waiting, [mine], MOST)
    text = pgettext_lazy("task", "Correction of a request awaiting your response")
    return [Task.of(row, text, REQUEST_CORRECTION["accept"], since=row.created_at) for row in found]

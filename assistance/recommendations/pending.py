"""Pending work on visit reports: what the State is asked for, and what CTED has to do next."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.recommendations.models import Rating, Recommendation
from assistance.recommendations.rating import undecided
from assistance.recommendations.states import CLOSES, RECOMMENDATION, REOPENS
from assistance.visits.models import Visit
from assistance.visits.states import VISIT
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor
from web.conditions import among

Text = str | Promise
GOING_ON = Q(cancelled_on=None)


def pending_reports(actor: Actor) -> list[Task]:
    """Return the tasks of this actor about visit reports: observations and replies of their States, and those of CTED."""
    return [*_of_state(actor), *(_of_cted(actor) if actor.is_cted else ())]


def _of_state(actor: Actor) -> Iterator[Task]:
    told = [state.pk for state in actor.states() if policy.sees_consents(actor, state.pk)]
    if not told:
        return
    of_them = {"observe": Q(draft_sent_on__isnull=False, observed_on=None, observations_ended_on=None, adopted_on=None)}
    of_them["reply"] = Q(final_sent_on__isnull=False, replied_on=None, reply_by__isnull=False)  # not waived
    labels: dict[str, tuple[Text, Text]] = {
        "observe": (
            pgettext_lazy("task", "Draft report awaiting your observations"),
            pgettext_lazy("task", "Draft report awaiting the observations of the State"),
        ),
        "reply": (
            pgettext_lazy("task", "Recommendations awaiting your reply"),
            pgettext_lazy("task", "Recommendations awaiting the reply of the State"),
        ),
    }
    days = {"observe": ("draft_sent_on", "observations_until"), "reply": ("final_sent_on", "reply_by")}
    for name, condition in of_them.items():
        for visit in _visits(actor, name, condition, told):
            own, others = labels[name]
            since, due = (getattr(visit, day) for day in days[name])
            yield Task.of(visit, own, VISIT[name], since=_at(since), due=due, for_others=others)


def _of_cted(actor: Actor) -> Iterator[Task]:
    asked: tuple[tuple[str, Q, str, Text], ...] = (
        (
            "adopt",
            Q(draft_sent_on__isnull=False, adopted_on=None)
            & (Q(observed_on__isnull=False) | Q(observations_ended_on__isnull=False)),
            "draft_sent_on",
            pgettext_lazy("task", "Report to be adopted by the Committee"),
        ),
        (
            "send-final",
            Q(adopted_on__isnull=False, final_sent_on=None),
            "adopted_on",
            pgettext_lazy("task", "Final report to be sent to the State"),
        ),
        (
            "record-letter",
            Q(final_sent_on__isnull=False, replied_on=None, reply_by__lt=timezone.now().date()),
            "reply_by",
            pgettext_lazy("task", "Reply of a State overdue"),
        ),
    )
    for name, condition, since, label in asked:
        for visit in _visits(actor, f"cted {name}", condition):
            yield Task.of(visit, label, VISIT[name], since=_at(getattr(visit, since)))


def _at(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _visits(actor: Actor, key: str, condition: Q, states: list[UUID] | None = None) -> list[Any]:
    """Return the visits that go on and fulfil a condition, those of some States only where given."""

    def narrowed(visits: QuerySet[Visit], *values: Any) -> QuerySet[Visit]:
        found = visits.filter(GOING_ON, condition)
        return (found.filter(among("state", values[0], "uuid")) if values else found).order_by("ends_on", "pk")

    if states is None:  # the day of today is in the condition, so no statement is kept
        return list(narrowed(policy.visible(actor, Visit).select_related("state"))[:MOST])
    return named_rows(actor, Visit, f"report {key}", narrowed, [states], MOST)


def pending_recommendations(actor: Actor) -> list[Task]:
    """Return the recommendations whose latest rating proposes something for the needs behind them, for CTED."""
    if not actor.is_cted:
        return []
    ratings = Rating.objects.filter(recommendation=OuterRef("pk"), rated__in=(*REOPENS, *CLOSES))
    rows = policy.visible(actor, Recommendation).filter(Exists(ratings), needs__isnull=False)
    found = policy.visible(actor, Recommendation).filter(pk__in=undecided(rows)).select_related("visit__state")
    return [
        Task.of(
            row,
            pgettext_lazy("task", "Needs to be decided after a rating"),
            RECOMMENDATION["leave-needs"],
            since=row.modified_at,
        )
        for row in found.order_by("-modified_at", "-id")[:MOST]
    ]

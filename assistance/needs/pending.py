"""Pending work on needs and matches: to agree, to answer, to deliver, to verify."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.needs import rules
from assistance.needs.deadlines import MATCH_ANSWER, NEED_SUSTAIN, VERIFY
from assistance.needs.models import Match, Need
from assistance.needs.states import MATCH, NEED, UNFINISHED, MatchStatus, NeedStatus, Sustained
from assistance.workflow.dues import days_due
from assistance.workflow.models import Due
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from assistance.workflow.transition import Transition
from entities.actors import Actor
from web.conditions import among


def pending_needs(actor: Actor) -> list[Task]:
    """Return the tasks of this actor on needs: for the State to agree, for CTED to put to the State, for both to verify.

    The day on which the assistance is required is not the day on which they are due.
    """
    states = [state.pk for state in actor.states()]
    found: list[Task] = []
    if states:
        put = _needs(actor, NeedStatus.PUT_TO_STATE, "put_to_state_at", states)
        text = pgettext_lazy("task", "Need awaiting your agreement")
        others = pgettext_lazy("task", "Need awaiting agreement by the State")
        found += _need_tasks(put, text, NEED["agree"], "put_to_state_at", for_others=others)
    if states or actor.is_cted:
        whose = None if actor.is_cted else states
        delivered = _needs(actor, NeedStatus.DELIVERED, "modified_at", whose, most=5 * MOST)
        own = [need for need in delivered if any(rules.verifier(actor, need))][:MOST]
        text = pgettext_lazy("task", "Assistance awaiting verification")
        found += _need_tasks(own, text, NEED["verify"], "modified_at", due=_days_to_verify(actor, own))
    if states:
        text = pgettext_lazy("task", "Report due a year after a need was met")
        met = _met(actor, states)
        found += _need_tasks(met, text, NEED["report-after-year"], "met_at", due=days_due(actor, met, NEED_SUSTAIN))
    if actor.is_cted:
        text = pgettext_lazy("task", "Need that no longer works as met: reopen it or take note")
        found += _need_tasks(_not_sustained(actor), text, NEED["take-note"], "year_answered_at")
        drafts = _needs(actor, NeedStatus.DRAFT, "created_at", None)
        text = pgettext_lazy("task", "Need not yet sent to the Member State")
        found += _need_tasks(drafts, text, NEED["put-to-state"], "created_at")
    return found


def _needs(actor: Actor, status: NeedStatus, since: str, states: list[UUID] | None, *, most: int = MOST) -> list[Need]:
    """Return the needs in a status, of these States or of all, that have waited longest since a moment."""

    def waiting(needs: QuerySet[Need], *states: list[UUID]) -> QuerySet[Need]:
        of_them = needs.filter(*(among("state", keys, "uuid") for keys in states), status=status)
        return of_them.annotate(**rules.need_facts()).order_by(since)

    return named_rows(actor, Need, (status, states is None), waiting, [] if states is None else [states], most)


def _met(actor: Actor, states: list[UUID]) -> list[Need]:
    """Return the needs of these States about which they are asked a year after they were met, longest ago first."""

    def asked(needs: QuerySet[Need], states: list[UUID], before: datetime) -> QuerySet[Need]:
        met = needs.filter(among("state", states, "uuid"), status=NeedStatus.MET, year_answer="", met_at__lt=before)
        return met.annotate(**rules.need_facts()).order_by("met_at")

    before = timezone.now() - timedelta(days=350)  # the guard of the transition counts the months
    found = named_rows(actor, Need, "met a year ago", asked, [states, before], MOST)
    return [need for need in found if rules.is_asked_after_year(need)]


def _not_sustained(actor: Actor) -> list[Need]:
    """Return the needs of which the State says that not all still works, those reported longest ago first."""

    def reported(needs: QuerySet[Need]) -> QuerySet[Need]:
        said = needs.filter(status=NeedStatus.MET, year_noted_at=None).exclude(year_answer__in=("", Sustained.WORKING))
        return said.annotate(**rules.need_facts()).order_by("year_answered_at")

    return named_rows(actor, Need, "not sustained", reported, most=MOST)


def pending_matches(actor: Actor) -> list[Task]:
    """Return the tasks of this actor on matches: to answer for the State or the provider, to report delivery."""
    return [*_for_state(actor), *_for_provider(actor)]


def _for_state(actor: Actor) -> list[Task]:
    mine = [state.pk for state in actor.states()]
    if not mine:
        return []
    proposed = _matches(actor, MatchStatus.PROPOSED, "need__state", mine)
    text = pgettext_lazy("task", "Offer awaiting your response")
    others = pgettext_lazy("task", "Offer awaiting a response by the State")
    return _match_tasks(actor, proposed, text, MATCH["accept"], for_others=others)


def _for_provider(actor: Actor) -> list[Task]:
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []
    asked, accepted, running = (
        _matches(actor, status, "provider", mine)
        for status in (MatchStatus.SUGGESTED, MatchStatus.ACCEPTED, MatchStatus.IN_DELIVERY)
    )
    to_answer = pgettext_lazy("task", "Match suggested by CTED awaiting your response")
    others = pgettext_lazy("task", "Match suggested by CTED awaiting a response by the provider")
    to_start = pgettext_lazy("task", "Accepted offer awaiting start of delivery")
    to_report = pgettext_lazy("task", "Assistance in progress")
    ended = _without_project(actor, mine)
    carried_on_by = days_due(actor, ended, "match_project")
    to_carry_on = pgettext_lazy("task", "Match whose project has ended")
    return [
        *_match_tasks(actor, ended, to_carry_on, MATCH["carry-on"], due=lambda m: carried_on_by.get(m.pk)),
        *_match_tasks(actor, asked, to_answer, MATCH["accept"], for_others=others),
        *_match_tasks(actor, accepted, to_start, MATCH["start"], due=lambda m: None),
        *_match_tasks(actor, running, to_report, MATCH["deliver"], due=lambda m: m.need.deadline),
    ]


def _without_project(actor: Actor, mine: list[UUID]) -> list[Match]:
    """Return the matches of these providers whose project has ended, and of which they have not said how they go on."""

    def ended(matches: QuerySet[Match], mine: list[UUID]) -> QuerySet[Match]:
        own = matches.filter(among("provider", mine, "uuid"), project_ended_at__isnull=False, status__in=UNFINISHED)
        return own.order_by("project_ended_at")

    return named_rows(actor, Match, "project ended", ended, [mine], MOST)


def _matches(actor: Actor, status: MatchStatus, side: str, mine: list[UUID]) -> list[Match]:
    """Return the matches in a status, of these organizations on one side, that have waited longest."""

    def waiting(matches: QuerySet[Match], mine: list[UUID]) -> QuerySet[Match]:
        return matches.filter(among(side, mine, "uuid"), status=status).order_by("waiting_since")

    return named_rows(actor, Match, (status, side), waiting, [mine], MOST)


def _days_to_verify(actor: Actor, needs: list[Need]) -> dict[UUID, date]:
    """Return need → the first day on which the verification of one of its matches is due, as far as this actor sees it."""
    found: dict[UUID, date] = {}
    open_ones = policy.visible(actor, Due).filter(
        match__need__in=needs, kind=VERIFY, done_at=None, due_at__isnull=False
    )
    for due in open_ones.select_related("owed_by", "match") if needs else ():
        day = due.due_on
        if day is not None:
            need = due.subject.need_id
            found[need] = min(day, found.get(need, day))
    return found


def _need_tasks(
    rows: list[Need],
    text: Any,
    step: Transition,
    since: str,
    *,
    due: Mapping[UUID, date] | None = None,
    for_others: Any = "",
) -> list[Task]:
    days = due or {}
    return [
        Task.of(
            need, text, step, since=getattr(need, since), due=days.get(need.pk), required_by=need.deadline,
            for_others=for_others,
        )
        for need in rows
    ]  # fmt: skip


def _match_tasks(
    actor: Actor,
    rows: list[Match],
    text: Any,
    step: Transition,
    *,
    due: Callable[[Match], date | None] | None = None,
    for_others: Any = "",
) -> list[Task]:
    """Return the tasks of matches; by default due on the day on which an unanswered match lapses."""
    days = {} if due else days_due(actor, rows, MATCH_ANSWER)
    due = due or (lambda match: days.get(match.pk))
    return [Task.of(m, text, step, since=m.waiting_since, due=due(m), for_others=for_others) for m in rows]

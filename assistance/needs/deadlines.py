"""Deadlines of needs and matches: reminders and lapsing of matches that nobody answers.

Access rights never depend on these tasks. Every transition is run at most once: its event is looked for under the
row's lock.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.needs.models import Match, Need
from assistance.needs.states import OPEN_MATCH, MatchStatus, NeedStatus
from assistance.needs.status import refresh_need
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.engine import record, save
from assistance.workflow.models import Event
from assistance.workflow.naming import named_rows
from entities.actors import Actor
from entities.appointments.absence import days_without_anybody

# Domain rules, section 5: a reminder after 9 days without an answer, a last reminder after 21, lapsed after 45.
REMINDER, LAST_CALL, LAPSE = timedelta(days=9), timedelta(days=21), timedelta(days=45)


def side_asked(match: Match) -> UUID:
    """Return the organisation whose answer a match waits for."""
    return match.provider_id if match.status == MatchStatus.SUGGESTED else match.need.state_id


def due_at(since: datetime, silence: timedelta, away: Iterable[date]) -> datetime:
    """Return when the period `silence` has passed since `since`, not counting the days (in order) in `away`."""
    due = since + silence
    for day in away:
        begins = datetime.combine(day, time.min, UTC)
        if begins >= due:
            break
        due += max(timedelta(), begins + timedelta(days=1) - max(begins, since))
    return due


def nobody_there(matches: Iterable[Match]) -> dict[UUID, list[date]]:
    """Return the days on which no one could answer, for each side asked by these matches (with their needs)."""
    sides = {side_asked(match): match.waiting_since.date() for match in matches}
    return days_without_anybody(sides, min(sides.values())) if sides else {}


def run_matches(now: datetime) -> int:
    """Remind the sides that have not answered, and let matches lapse. Returns how many transitions were run."""
    waiting = Match.objects.filter(status__in=OPEN_MATCH, waiting_since__lte=now - REMINDER)
    matches = list(waiting.select_related("need").order_by("-waiting_since"))
    away = nobody_there(matches)
    return sum(_one_silent_match(match.pk, match.need_id, now, away) for match in matches)


@transaction.atomic
def _one_silent_match(pk: UUID, need_id: UUID, now: datetime, away: dict[UUID, list[date]]) -> bool:
    need = Need.objects.select_for_update().get(pk=need_id)
    match = Match.objects.select_for_update().filter(pk=pk, status__in=OPEN_MATCH).first()
    if match is None:
        return False
    match.need = need
    reminder, last_call, lapse = (
        due_at(match.waiting_since, silence, away.get(side_asked(match), ()))
        for silence in (REMINDER, LAST_CALL, LAPSE)
    )
    if now >= lapse:
        before, match.status = match.status, MatchStatus.LAPSED
        save(match, ["status"])
        refresh_need(need, quiet=True)
        record("match_lapsed", match, actor=None, before=before)
        return True
    if now < reminder:
        return False
    event = "match_last_call" if now >= last_call else "match_reminder"
    if Event.objects.filter(match=match, name=event, at__gte=match.waiting_since).exists():
        return False
    record(event, match, actor=None)
    return True


def lapse_days(matches: Iterable[Match]) -> Callable[[Match], date]:
    """Return a function from a match to the day on which it lapses without an answer; absences extend the period."""
    away = nobody_there(matches)
    return lambda match: due_at(match.waiting_since, LAPSE, away.get(side_asked(match), ())).date()


def due_needs(actor: Actor, period: Period) -> list[Deadline]:
    """Return the deadlines in a period of needs that this actor sees and that are still open, soonest first."""

    def open_by(needs: QuerySet[Need], first: date, last: date) -> QuerySet[Need]:
        still = needs.filter(deadline__range=(first, last)).exclude(status__in=(NeedStatus.MET, NeedStatus.CLOSED))
        return still.order_by("deadline")

    needs = named_rows(actor, Need, "open by", open_by, [period.first, period.last], period.most)
    text = pgettext_lazy("deadline", "Need to be met")
    return [Deadline.of(need, need.deadline, text) for need in needs]


def due_matches(actor: Actor, period: Period) -> list[Deadline]:
    """Return the days on which matches this actor sees lapse, the longest waiting first."""

    def unanswered(matches: QuerySet[Match]) -> QuerySet[Match]:
        return matches.filter(status__in=OPEN_MATCH).order_by("waiting_since")

    waiting = named_rows(actor, Match, "unanswered", unanswered, most=period.most)
    lapses_on = lapse_days(waiting)
    return [Deadline.of(match, lapses_on(match), _("Match lapses without a response")) for match in waiting]

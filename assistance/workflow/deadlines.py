"""What time does: silent matches are reminded and lapse, consents reach their end. Rights never wait for it.

Every step is taken at most once: the event it records is looked for first, under the row's lock.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from assistance.consents.models import Consent, Release
from assistance.consents.plans import NOT_PROPOSED
from assistance.consents.states import PROPOSAL_STANDS, Decision, ReleaseStatus
from assistance.needs.models import Match, Need
from assistance.needs.states import OPEN_MATCH, MatchStatus
from assistance.needs.status import refresh_need
from assistance.workflow.engine import record, save
from assistance.workflow.models import Event
from entities.appointments.away import days_without_anybody

# Domain rules, section 5: silence is reminded after 9 days, called last after 21, and lapses after 45.
REMINDER, LAST_CALL, LAPSE = timedelta(days=9), timedelta(days=21), timedelta(days=45)


def run(now: datetime | None = None) -> int:
    """Take every step that is due at `now`; return how many were taken. Safe to run twice, or in two places."""
    now = now or timezone.now()
    return _silent_matches(now) + _ended_consents(now) + _unanswered_releases(now)


def side_asked(match: Match) -> UUID:
    """Return the organisation whose answer a match waits for."""
    return match.provider_id if match.status == MatchStatus.SUGGESTED else match.need.state_id


def due_at(since: datetime, silence: timedelta, away: Iterable[date]) -> datetime:
    """Return when a silence has lasted so long. Days (in order) on which nobody was there to answer do not count."""
    due = since + silence
    for day in away:
        begins = datetime.combine(day, time.min, UTC)
        if begins >= due:
            break
        due += max(timedelta(), begins + timedelta(days=1) - max(begins, since))
    return due


def nobody_there(matches: Iterable[Match]) -> dict[UUID, list[date]]:
    """Return the days on which nobody was there, for each side asked of these matches (with their needs)."""
    sides = {side_asked(match): match.waiting_since.date() for match in matches}
    return days_without_anybody(sides, min(sides.values())) if sides else {}


def _silent_matches(now: datetime) -> int:
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
    verb = "match_last_call" if now >= last_call else "match_reminder"
    if Event.objects.filter(match=match, verb=verb, at__gte=match.waiting_since).exists():
        return False
    record(verb, match, actor=None)
    return True


def _ended_consents(now: datetime) -> int:
    ended = Consent.objects.filter(decision=Decision.GRANTED, until__lt=now.date())
    needs = Need.objects.filter(consents__in=ended, released_until__lt=now.date()).distinct()
    return sum(_one_ended_need(pk, now) for pk in needs.values_list("pk", flat=True))


@transaction.atomic
def _one_ended_need(pk: UUID, now: datetime) -> bool:
    need: Any = Need.objects.select_for_update().get(pk=pk)
    consent = need.consents.order_by("-given_at", "-id").first()
    if consent is None or consent.until is None or consent.until >= now.date():
        return False  # released anew since it was looked up
    if Event.objects.filter(need=need, consent=consent, verb="consent_expired").exists():
        return False
    before = need.status
    refresh_need(need)
    record("consent_expired", need, actor=None, before=before, consent=consent)
    return True


def _unanswered_releases(now: datetime) -> int:
    late = Release.objects.filter(status=ReleaseStatus.PROPOSED, proposed_at__lte=now - PROPOSAL_STANDS)
    return sum(_one_unanswered_release(pk) for pk in late.values_list("pk", flat=True))


@transaction.atomic
def _one_unanswered_release(pk: UUID) -> bool:
    release = Release.objects.select_for_update().filter(pk=pk, status=ReleaseStatus.PROPOSED).first()
    if release is None:
        return False
    for name, value in NOT_PROPOSED.items():
        setattr(release, name, value)
    save(release, list(NOT_PROPOSED))
    record("release_lapsed", release, actor=None, before=ReleaseStatus.PROPOSED)
    return True

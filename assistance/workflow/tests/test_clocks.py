"""Clocks: they start, stop and pause with events, count what they should, and remind each once, whoever runs them."""

import dataclasses
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Delivery
from assistance import registry
from assistance.consents import transitions as consents
from assistance.delivery import transitions as delivery
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match
from assistance.tests.cast import Cast
from assistance.workflow import deadlines, due_runs, dues
from assistance.workflow.clocks import Clock, Position, Rung, due_at, moments, next_at, passed
from assistance.workflow.engine import record
from assistance.workflow.models import DoneHow, Due, Event
from entities.models import Absence, Appointment, Holiday, Organisation

DAY = timedelta(days=1)
START = datetime(2031, 3, 3, 12, tzinfo=UTC)  # a Monday
NAIROBI = Organisation(time_zone="Africa/Nairobi")


def clock(**values: Any) -> Clock:
    """Return a clock on matches that begins when one is accepted, with these values."""
    own = {"kind": "test", "label": "A test", "starts": ("match_accepted",), "answered_by": ("match_delivered",)}
    parties = {"owed_by": lambda match: match.provider_id, "owed_to": lambda match: match.need.state_id}
    return Clock(**{**own, **parties, **values})


@pytest.fixture
def declare(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Clock]:
    """Return a function that declares one more clock on matches for the rest of the test; people still act in START."""
    Appointment.objects.update(confirm_by=START.date() + 400 * DAY)

    def add(**values: Any) -> Clock:
        own, made = registry.of(Match), clock(**values)
        monkeypatch.setitem(registry._aggregates, Match, dataclasses.replace(own, clocks=(*own.clocks, made)))
        return made

    return add


def the_due(match: Match, kind: str = "test") -> Due:
    return Due.objects.get(match=match, kind=kind, done_at=None)


# ── How long ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("values", "since", "last"),
    [
        ({"months": 6}, date(2026, 8, 31), date(2027, 2, 28)),
        ({"months": 6}, date(2027, 8, 29), date(2028, 2, 29)),
        ({"months": 6}, date(2027, 8, 31), date(2028, 2, 29)),
        ({"months": 6}, date(2028, 2, 29), date(2028, 8, 29)),
        ({"months": 12}, date(2028, 2, 29), date(2029, 2, 28)),
        ({"working_days": 5}, date(2026, 12, 24), date(2027, 1, 1)),
        ({"working_days": 2}, date(2026, 12, 24), date(2026, 12, 29)),
        ({"own_date": lambda row: date(2027, 5, 1)}, date(2026, 8, 31), date(2027, 5, 1)),
    ],
)
def test_a_period_ends_with_a_day_where_the_organisation_is_that_owes(
    values: dict[str, Any], since: date, last: date
) -> None:
    holidays = {date(2026, 12, 25)}
    begins = datetime(since.year, since.month, since.day, 1, tzinfo=ZoneInfo("Africa/Nairobi"))
    length = clock(**values).length(None, begins, NAIROBI, holidays)
    midnight = datetime(last.year, last.month, last.day, tzinfo=ZoneInfo("Africa/Nairobi")) + DAY
    assert length is not None and begins + length == midnight


def test_a_holiday_counts_for_working_days_only() -> None:
    begins = datetime(2026, 12, 24, 12, tzinfo=UTC)
    utc = Organisation()
    for values in ({"days": 1}, {"months": 1}):
        made = clock(**values)
        assert made.length(None, begins, utc, {date(2026, 12, 25)}) == made.length(None, begins, utc, set())
    made = clock(working_days=1)
    assert made.length(None, begins, utc, {date(2026, 12, 25)}) != made.length(None, begins, utc, set())


@pytest.mark.parametrize(
    ("values", "due"),
    [({"days": 1}, date(2031, 3, 4)), ({"months": 1}, date(2031, 4, 3)), ({"working_days": 1}, date(2031, 3, 5))],
)
def test_what_is_due_on_a_holiday_moves_for_working_days_only(
    cast: Cast, declare: Callable[..., Clock], values: dict[str, Any], due: date
) -> None:
    for day in (date(2031, 3, 4), date(2031, 4, 3)):
        Holiday.objects.create(day=day, name="A holiday")
    declare(**values)
    with time_machine.travel(START, tick=False):
        match = cast.match("accepted")
    assert the_due(match).due_on == due


def test_what_is_due_before_the_beginning_of_its_reminders_is_not_reminded_of(
    cast: Cast, declare: Callable[..., Clock]
) -> None:
    declare(own_date=lambda match: START.date() + 5 * DAY, rungs=(Rung(-30), Rung(-7), Rung(-2), Rung(0)))
    with time_machine.travel(START, tick=False):
        match = cast.match("accepted")
    assert the_due(match).rung == 2
    sent = []
    for days in (0, 1, 3, 4, 6):
        deadlines.run(START + days * DAY)
        sent.append(Event.objects.filter(due__kind="test", name="due_reminder").count())
    assert sent == [0, 0, 0, 1, 2]


def test_a_clock_without_a_date_does_not_run_and_one_without_a_length_is_no_clock() -> None:
    assert clock(own_date=lambda row: None).length(None, START, Organisation(), ()) is None
    for wrong in ({}, {"days": 3, "months": 1}, {"months": 1, "rungs": (Rung(3, from_start=True),)}):
        with pytest.raises(ValueError, match="The clock “test”"):
            clock(**wrong)


AWAY = st.lists(st.integers(0, 40), unique=True, max_size=15).map(
    lambda days: [START.date() + n * DAY for n in sorted(days)]
)


@given(AWAY, st.integers(0, 40), st.floats(0, 60))
def test_what_has_passed_and_what_is_left_make_the_whole(away: list[date], days: int, hours: float) -> None:
    now = START + timedelta(hours=24 * days / 2 + hours)
    whole = passed(START, now, away) + timedelta(days=3)
    left = whole - passed(START, now, away)
    assert due_at(now, left, away) == due_at(START, whole, away)


@given(AWAY, st.integers(1, 60))
def test_absences_make_no_period_shorter(away: list[date], days: int) -> None:
    assert due_at(START, days * DAY, away) >= START + days * DAY


# ── Reminders ────────────────────────────────────────────────────────────────
def test_a_late_reminder_moves_the_next_one_after_the_due_day() -> None:
    made = clock(days=30, rungs=(Rung(-7), Rung(0), Rung(14)))
    late = START + 35 * DAY
    assert moments(made, Position(START, 30 * DAY), ()) == [START + n * DAY for n in (23, 30, 44)]
    assert next_at(made, Position(START, 30 * DAY, 2, late), ()) == late + 14 * DAY
    assert next_at(made, Position(START, 30 * DAY, 1, START + 29 * DAY), ()) == START + 30 * DAY
    assert next_at(made, Position(START, 30 * DAY, 3, late), ()) is None


def test_reminders_are_sent_once_also_when_the_clock_is_set_back(cast: Cast) -> None:
    match = cast.match("delivered")
    begun = the_due(match, "verify").starts_at
    sent = []
    for day in (29, 30, 30, 31, 12, 30, 43, 44, 44, 60, 90):
        deadlines.run(begun + day * DAY + timedelta(minutes=1))
        sent.append(Event.objects.filter(due__match=match, name="due_reminder").count())
    assert sent == [0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2]
    told = Delivery.objects.filter(message="due_reminder", channel="portal")
    assert {(row.recipient.name, row.needs_action) for row in told} == {("cted", True)}
    assert the_due(match, "verify").is_overdue is False, "by the present clock"


def test_one_reminder_is_sent_where_several_were_missed(cast: Cast) -> None:
    visit = cast.visit()
    cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    due = Due.objects.get(visit=visit)
    assert (due.kind, due.owed_by.slug, due.owed_to.slug) == ("consent_answer", "carana", "cted")
    for _ in range(2):
        deadlines.run(due.starts_at + 59 * DAY)
    assert Event.objects.filter(visit=visit, name="due_reminder").count() == 1
    deadlines.run(due.starts_at + 300 * DAY)
    visit.refresh_from_db()
    assert visit.consent_asked_at is not None and Due.objects.get().done_at is None, "never granted by silence"


@pytest.mark.django_db(transaction=True)
def test_of_schedulers_at_once_one_sends_each_reminder_and_one_ends_each_clock() -> None:
    cast = Cast()
    delivered, silent = cast.match("delivered"), cast.match("proposed")
    now = timezone.now() + 46 * DAY
    start, counts = threading.Barrier(4), []

    def run() -> None:
        try:
            start.wait()
            counts.append(due_runs.run(now))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(counts) == 4 and sum(counts) == 2
    assert Event.objects.filter(due__match=delivered, name="due_reminder").count() == 1
    assert Event.objects.filter(match=silent, name="match_lapsed").count() == 1
    assert Due.objects.get(match=silent).done_how == DoneHow.LAPSED


# ── Started and stopped by events ────────────────────────────────────────────
def test_an_answer_ends_what_is_owed_and_settles_its_reminders(cast: Cast) -> None:
    match = cast.match("delivered")
    assert Due.objects.get(match=match, kind="match_answer").done_how == DoneHow.EVENT
    deadlines.run(timezone.now() + 31 * DAY)
    asked = Delivery.objects.filter(message="due_reminder", channel="portal", needs_action=True, done_at=None)
    assert asked.exists()
    needs.verify(actor=cast.cted, need=match.need_id, outcome="met", note="Seen.")
    assert not asked.exists()
    assert Due.objects.get(match=match, kind="verify").done_how == DoneHow.EVENT


def test_a_clock_starts_again_when_the_other_side_is_asked(cast: Cast) -> None:
    need = cast.need("shared")
    match = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("unodc"), share=40)
    first = the_due(match, "match_answer")
    assert (first.owed_by.slug, first.owed_to.slug) == ("unodc", "cted")
    with time_machine.travel(timezone.now() + 40 * DAY):
        matches.accept(actor=cast.unodc, match=match.pk)
        second = the_due(match, "match_answer")
    assert (second.owed_by.slug, second.owed_to.slug) == ("carana", "unodc")
    assert second.due_at and first.due_at and second.due_at - first.due_at > 39 * DAY
    first.refresh_from_db()
    assert first.done_how == DoneHow.EVENT


@pytest.mark.parametrize("how", ["declined", "released"])
def test_a_request_for_consent_is_answered_by_a_refusal_or_a_release(cast: Cast, how: str) -> None:
    visit = cast.visit()
    section = cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    if how == "declined":
        consents.decline(actor=cast.carana, visit=visit.pk, reason="Not yet.")
    else:
        consents.release(actor=cast.carana, rows=[section])
    assert Due.objects.get(visit=visit).done_how == DoneHow.EVENT
    consents.ask(actor=cast.cted, visit=visit.pk)
    assert Due.objects.filter(visit=visit, done_at=None).count() == 1, "asked again"


def test_within_one_moment_a_clock_can_start_twice(cast: Cast, declare: Callable[..., Clock]) -> None:
    declare(days=10)
    with time_machine.travel(START, tick=False):
        match = cast.match("accepted")
        record("match_accepted", match, actor=None)
    assert Due.objects.filter(match=match, kind="test").count() == 2 and the_due(match)


def test_pausing_stops_a_clock_and_it_goes_on_where_it_stopped(cast: Cast, declare: Callable[..., Clock]) -> None:
    declare(days=30, answered_by=(), paused_by=("match_started",), resumed_by=("match_delivered",), rungs=(Rung(-5),))
    with time_machine.travel(START, tick=False):
        match = cast.match("accepted")
    with time_machine.travel(START + 10 * DAY, tick=False):
        matches.start(actor=cast.unodc, match=match.pk)
        paused = the_due(match)
        assert (paused.left, paused.due_at, paused.is_overdue) == (20 * DAY, None, False)
    with time_machine.travel(START + 100 * DAY, tick=False):
        deadlines.run()
        assert not Event.objects.filter(due=paused).exists(), "nothing is sent while it is paused"
        delivery.deliver(actor=cast.unodc, match=match.pk, note="Done.", documents="Attendance list.")
        assert the_due(match).due_at == START + 120 * DAY
    deadlines.run(START + 115 * DAY)
    assert Event.objects.filter(due__kind="test", name="due_reminder").count() == 1


def test_an_own_date_starts_anew_only_when_it_changes(cast: Cast, declare: Callable[..., Clock]) -> None:
    dates = [date(2031, 5, 1)]
    declare(own_date=lambda match: dates[0], starts=("match_accepted", "match_started"), rungs=(Rung(-30),))
    with time_machine.travel(START, tick=False):
        match = cast.match("accepted")
    first = the_due(match)
    assert first.due_on == date(2031, 5, 1)
    deadlines.run(START + 40 * DAY)
    record("match_started", match, actor=None)
    assert the_due(match) == first and the_due(match).rung == 1
    dates[0] = date(2031, 6, 1)
    record("match_started", match, actor=None)
    assert the_due(match).due_on == date(2031, 6, 1) and the_due(match).rung == 0


def test_a_period_repeats_from_each_event_that_confirms(cast: Cast, declare: Callable[..., Clock]) -> None:
    declare(days=180, starts=("match_accepted", "match_started"), rungs=(Rung(-14),))
    with time_machine.travel(START, tick=False):
        match = cast.match("accepted")
    with time_machine.travel(START + 170 * DAY, tick=False):
        record("match_started", match, actor=None)
        assert the_due(match).due_at == START + 350 * DAY


def test_working_days_are_counted_with_the_holidays_of_that_year(cast: Cast, declare: Callable[..., Clock]) -> None:
    Holiday.objects.create(day=date(2031, 3, 5), name="A holiday")
    declare(working_days=3)
    with time_machine.travel(START, tick=False):
        match = cast.match("accepted")
    assert the_due(match).due_on == date(2031, 3, 7)


def test_the_end_is_run_in_the_transaction_that_ends_the_clock(cast: Cast, declare: Callable[..., Clock]) -> None:
    def fail(match: Match) -> None:
        raise RuntimeError

    declare(days=1, at_end=fail)
    match = cast.match("accepted")
    with pytest.raises(RuntimeError):
        deadlines.run(timezone.now() + 2 * DAY)
    assert the_due(match).done_at is None


# ── Absences, and rows without a deadline ────────────────────────────────────
def test_an_absence_moves_what_is_due_and_its_end_moves_it_back(cast: Cast) -> None:
    Appointment.objects.update(approved_at=START - 90 * DAY, confirm_by=START.date() + 150 * DAY)
    with time_machine.travel(START, tick=False):
        match = cast.match("proposed")
    post = Appointment.objects.get(user=cast.users["carana"])
    since = START.date() + DAY
    away = Absence.objects.create(appointment=post, since=since, until=since + 4 * DAY, recorded_by=post.user)
    assert due_runs.move_by_absences() == 1 and the_due(match, "match_answer").due_at == START + 50 * DAY
    away.delete()
    assert due_runs.move_by_absences() == 1 and the_due(match, "match_answer").due_at == START + 45 * DAY
    assert due_runs.move_by_absences() == 0


def test_rows_that_never_had_a_deadline_get_one(cast: Cast, declare: Callable[..., Clock]) -> None:
    match = cast.match("delivered")
    asked = the_due(match, "verify").starts_at
    Due.objects.all().delete()
    assert due_runs.start_missing(timezone.now()) == 1, "only verification: the answer has been given"
    assert the_due(match, "verify").starts_at == asked
    assert due_runs.start_missing(timezone.now()) == 0
    declare(days=1, running=Q(status="delivered"), reads=("need",))
    assert due_runs.start_missing(timezone.now()) == 1


def test_an_event_without_a_clock_costs_no_statement(cast: Cast, django_assert_max_num_queries: Any) -> None:
    match = cast.match("accepted")
    assert match.need.state_id
    with django_assert_max_num_queries(1):
        record("match_reminder", match, actor=None, tell=False)


def test_events_of_many_rows_cost_as_much_as_that_of_one(cast: Cast, declare: Callable[..., Clock]) -> None:
    declare(days=30)
    need, used = cast.need("shared"), []
    rows = [cast.match("proposed", need=need, who=who, share=20) for who in ("unodc", "iom", "unoct")]
    for some in (rows[:1], rows, rows[:1], rows):
        now = timezone.now()
        events = [Event(name="match_accepted", at=now) for _ in some]
        with CaptureQueriesContext(connection) as captured:
            dues.follow(events, some)
        used.append(len(captured))
    assert used[2] == used[3] and Due.objects.filter(kind="test", done_at=None).count() == 3
    assert {due.owed_by.slug for due in Due.objects.filter(kind="test", done_at=None)} == {"unodc", "iom", "unoct"}


def test_a_start_costs_a_constant_number_of_statements(cast: Cast, django_assert_max_num_queries: Any) -> None:
    match = cast.match("accepted")
    record("match_delivered", match, actor=None, tell=False)
    with django_assert_max_num_queries(11):  # the event; what was owed, closed; parties, last start, absences, audience
        record("match_delivered", match, actor=None, tell=False)

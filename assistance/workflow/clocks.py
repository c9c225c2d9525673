"""Clocks as data: what is owed by whom to whom, how long it may take, who is reminded when, and what happens at the end.

Each aggregate declares the clocks of its rows (`Aggregate.clocks`); `dues.py` starts and stops them with the events of
these rows, `due_runs.py` sends the reminders. Nothing here reads the database.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise

from entities import working_days
from entities.local_days import day_of, end_of
from entities.models import Organisation
from web.periods import add_months

DAY = timedelta(days=1)
Party = Callable[[Any], UUID | str | None]  # the key or slug of an organisation; None: nobody, so no clock starts


@dataclass(frozen=True)
class Rung:
    """One reminder, so many days after the due day (before it, if negative), or after the beginning with `from_start`.

    It records the event `event` of the subject; without one, `due_reminder` of the deadline.
    """

    days: int
    event: str = ""
    from_start: bool = False


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One kind of deadline. Exactly one of `days`, `working_days`, `months` and `own_date` says how long it is.

    A period in days ends at the hour at which it began. The others end with a day, where the organisation is that owes
    it. An event in `starts` starts the clock, also one that runs already: what was owed until then counts as answered.
    """

    kind: str
    label: str | Promise  # what is owed: “Verification of assistance”
    owed_by: Party
    owed_to: Party
    starts: tuple[str, ...]  # events of the subject
    answered_by: tuple[str, ...] = ()
    answered_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # relation → events of the row at its end
    paused_by: tuple[str, ...] = ()
    resumed_by: tuple[str, ...] = ()
    paused_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # as `answered_on`
    resumed_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: int = 0
    working_days: int = 0
    months: int = 0
    own_date: Callable[[Any], date | None] | None = None
    rungs: tuple[Rung, ...] = ()  # in their order
    at_end: Callable[[Any], None] | None = None  # run with the locked subject, in the transaction that ends the clock
    keeps_notice: bool = False  # whether the time from the first reminder to the end stays whole if it is sent late
    skips_absence: bool = True  # whether days on which nobody can act for the one who owes do not count
    is_private: bool = False  # whether only the two parties see it, neither UNOCT nor CTED
    may_be_waived: bool = True
    quiet_days: int = 0  # for so many days after the beginning nobody is reminded, by people either
    refusers: Callable[[Sequence[Any]], Collection[UUID]] | None = (
        None  # those of some rows of which nobody is reminded,
    )
    # because the organisation that owes has refused the same before
    since: Callable[[Any], datetime] | None = None  # when it began; by default when the event was recorded
    running: Q | Callable[[], Q] | None = None  # the rows on which it runs: those that never had a deadline get one
    reads: tuple[str, ...] = ()  # the relations that the functions above read

    def __post_init__(self) -> None:
        lengths = [self.days, self.working_days, self.months, self.own_date]
        if sum(map(bool, lengths)) != 1:
            raise ValueError(f"The clock “{self.kind}” has no length, or more than one.")
        if not self.days and any(rung.from_start for rung in self.rungs):
            raise ValueError(f"The clock “{self.kind}” has no number of days, from whose beginning a reminder counts.")
        if any(rung.from_start and rung.days < self.quiet_days for rung in self.rungs):
            raise ValueError(f"The clock “{self.kind}” reminds within the days in which nobody is reminded.")

    @property
    def events(self) -> tuple[str, ...]:
        """All events of the subject itself that start, answer, pause or resume it."""
        return (*self.starts, *self.answered_by, *self.paused_by, *self.resumed_by)

    def is_running(self) -> Q:
        """Return the condition on the rows on which it runs; no row without `running`."""
        if self.running is None:
            return Q(pk__in=[])
        return self.running() if callable(self.running) else self.running

    def length(self, row: Any, since: datetime, owing: Organisation, holidays: Collection[date]) -> timedelta | None:
        """Return the time from `since` to the end, absences not counted; None for a row that has no date of its own.

        Negative for a date that has passed. `holidays` are those from that day on; only working days ask for them.
        """
        if self.days:
            return timedelta(days=self.days)
        first = day_of(since, owing)
        if self.own_date:
            last = self.own_date(row)
        elif self.working_days:
            last = working_days.counted(first, self.working_days, holidays)
        else:
            last = add_months(first, self.months)
        return None if last is None else end_of(last, owing) - since


@dataclass(frozen=True)
class Position:
    """How far a clock has come: from when its remaining time counts, how much remains, and what has been sent."""

    counts_from: datetime
    left: timedelta
    rung: int = 0  # how many of its reminders have been sent or passed over
    reminded_at: datetime | None = None


def due_at(since: datetime, left: timedelta, away: Iterable[date]) -> datetime:
    """Return when the period `left` has passed since `since`, not counting the days (in order) in `away`."""
    due = since + left
    for day in away:
        begins = datetime.combine(day, time.min, UTC)
        if begins >= due:
            break
        due += max(timedelta(), begins + DAY - max(begins, since))
    return due


def passed(since: datetime, now: datetime, away: Iterable[date]) -> timedelta:
    """Return how much of a period has passed between two moments, not counting the days (in order) in `away`."""
    gone = now - since
    for day in away:
        begins = datetime.combine(day, time.min, UTC)
        gone -= max(timedelta(), min(begins + DAY, now) - max(begins, since))
    return gone


def moments(clock: Clock, at: Position, away: Collection[date]) -> list[datetime]:
    """Return the moment of each reminder of a clock, in the order of `Clock.rungs`.

    One after the due day follows the reminder that was sent last at the same distance, however late that was sent.
    """
    end = due_at(at.counts_from, at.left, away)
    found = []
    for number, rung in enumerate(clock.rungs):
        if rung.from_start:
            moment = due_at(at.counts_from, at.left - timedelta(days=clock.days - rung.days), away)
        else:
            moment = end + rung.days * DAY
            if rung.days > 0 and number == at.rung and at.reminded_at:
                before = clock.rungs[number - 1].days if number else 0
                moment = max(moment, at.reminded_at + (rung.days - max(0, before)) * DAY)
        found.append(moment)
    return found


def passed_over(clock: Clock, at: Position, away: Collection[date]) -> int:
    """Return how many of the reminders before the due day lie before the beginning: they are never sent."""
    found = 0
    for rung, moment in zip(clock.rungs, moments(clock, at, away), strict=True):
        if rung.from_start or rung.days >= 0 or moment > at.counts_from:
            break
        found += 1
    return found


def next_at(clock: Clock, at: Position, away: Collection[date]) -> datetime | None:
    """Return when something is to be done: the next reminder, or the end if the clock does something then; or None."""
    coming = moments(clock, at, away)[at.rung :]
    if clock.at_end:
        coming.append(due_at(at.counts_from, at.left, away))
    return min(coming, default=None)

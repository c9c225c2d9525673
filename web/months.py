"""A month as weeks of days, some of which have something due: for the picture of deadlines."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.functional import Promise


@dataclass(frozen=True)
class Day:
    """A day of a month, and the rows that are due on it."""

    day: date
    rows: tuple[Any, ...]
    is_today: bool


@dataclass(frozen=True)
class Month:
    """A month: its first day, the names of the days of the week (short, long), and its weeks; None fills a week up."""

    first: date
    weekdays: list[tuple[str | Promise, str | Promise]]
    weeks: list[list[Day | None]]


def month_of(first: date, rows: Iterable[Any]) -> Month:
    """Return the month in which a day lies; rows (`day`) of other months are left out. Weeks begin as the reader's do."""
    due: dict[date, list[Any]] = defaultdict(list)
    for row in rows:
        due[row.day].append(row)
    calendar = Calendar((int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7)
    today = timezone.localdate()
    weeks = [
        [Day(day, tuple(due.get(day, ())), day == today) if day.month == first.month else None for day in week]
        for week in calendar.monthdatescalendar(first.year, first.month)
    ]
    return Month(first.replace(day=1), [(WEEKDAYS_ABBR[n], WEEKDAYS[n]) for n in calendar.iterweekdays()], weeks)

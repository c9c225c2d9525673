"""What falls due: the days on which something ends, and what happens then. Rights never wait for it.

Each aggregate says what time does to its rows (`Aggregate.run_deadlines`) and which days it knows (`Aggregate.deadlines`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from assistance import registry
from entities.actors import Actor


@dataclass(frozen=True)
class Deadline:
    """A day on which something ends or is due."""

    day: date
    text: str | Promise
    reference: str
    url: str

    @classmethod
    def of(cls, row: Any, day: date, text: str | Promise) -> "Deadline":
        """Return a deadline of a row."""
        return cls(day, text, row.reference, row.get_absolute_url())


@dataclass(frozen=True)
class Period:
    """The days of which deadlines are asked for, both included, and how many of each kind at most."""

    first: date
    last: date
    most: int


def run(now: datetime | None = None) -> int:
    """Take every step that is due at `now`; return how many were taken. Safe to run twice, or in two places."""
    now = now or timezone.now()
    return sum(aggregate.run_deadlines(now) for aggregate in registry.aggregates())


def upcoming(actor: Actor, *, days: int = 180, most: int = 8) -> list[Deadline]:
    """Return what ends or falls due in the next days, as far as this actor sees it, soonest first."""
    today = timezone.now().date()
    period = Period(today, today + timedelta(days=days), most)
    found = [deadline for aggregate in registry.aggregates() for deadline in aggregate.deadlines(actor, period)]
    return list(islice(sorted(found, key=lambda deadline: deadline.day), most))

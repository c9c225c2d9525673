"""Deadlines: the days on which something ends, and what is done then. Access rights never depend on these tasks.

What one organisation owes another is declared as a clock (`Aggregate.clocks`), and its day comes from the deadlines of the
engine alone. Each aggregate declares what else is done to its rows when due (`Aggregate.run_deadlines`), and the days on
which something begins or ends that nobody owes anybody (`Aggregate.deadlines`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from accounts.matters import Matter
from assistance import registry
from assistance.workflow import due_runs
from assistance.workflow.naming import matter_of
from entities.actors import Actor


@dataclass(frozen=True)
class Deadline:
    """A day on which something begins, ends or is due."""

    day: date
    text: str | Promise
    matter: Matter
    url: str

    @property
    def reference(self) -> str:
        """The reference number of the row."""
        return self.matter.reference

    @classmethod
    def of(cls, row: Any, day: date, text: str | Promise) -> "Deadline":
        """Return the deadline `day` of a row that was loaded with its names (`naming.with_names`)."""
        return cls(day, text, matter_of(row), row.get_absolute_url())


@dataclass(frozen=True)
class Period:
    """The days for which deadlines are wanted, both included, and how many of each kind at most."""

    first: date
    last: date
    most: int


def run(now: datetime | None = None) -> int:
    """Run everything that is due at `now`; return how many transitions. Safe to run twice or concurrently."""
    now = now or timezone.now()
    return due_runs.run(now) + sum(aggregate.run_deadlines(now) for aggregate in registry.aggregates())


def upcoming(actor: Actor, *, days: int = 180, most: int = 31) -> list[Deadline]:
    """Return at most `most` deadlines of the next `days` days that this actor sees, soonest first."""
    today = timezone.now().date()
    period = Period(today, today + timedelta(days=days), most)
    found = [deadline for aggregate in registry.aggregates() for deadline in aggregate.deadlines(actor, period)]
    return list(islice(sorted(found, key=lambda deadline: deadline.day), most))

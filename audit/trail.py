"""Who is acting now, as whom and through which door, and what has been loaded to be shown to them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from celery import current_task
from django.db.models import Model


@dataclass(frozen=True)
class Circumstances:
    """What every entry written now has in common. `viewed_by` is who sits at the keyboard when `who` is only viewed as."""

    who: UUID | None = None
    who_name: str = ""
    viewed_by: UUID | None = None
    viewed_by_name: str = ""
    as_whom: str = ""
    appointments: tuple[UUID, ...] = ()
    address: str | None = None
    door: str = ""
    credential: str = ""
    request: str = ""


@dataclass
class Trail:
    """One request: its circumstances, asked for only when something is recorded, and the rows shown in its answer."""

    circumstances: Callable[[], Circumstances]
    rows: dict[tuple[type[Model], Any], Any] = field(default_factory=dict)


_trail: ContextVar[Trail | None] = ContextVar("trail", default=None)


@contextmanager
def follow(circumstances: Callable[[], Circumstances]) -> Iterator[Trail]:
    """Follow one request: give the trail that gathers what it shows."""
    token = _trail.set(Trail(circumstances))
    try:
        yield _trail.get()  # type: ignore[misc]
    finally:
        _trail.reset(token)


def saw(row: Model) -> None:
    """Note a row that the present answer may show. Outside a request nobody is shown anything."""
    trail = _trail.get()
    if trail is not None:
        trail.rows.setdefault((type(row), row.pk), row)


def now() -> Circumstances:
    """Return who acts now and how; outside a request only the name of the task or command."""
    trail = _trail.get()
    return trail.circumstances() if trail else Circumstances(door=_program())


def _program() -> str:
    """Return the task that runs, or the command of manage.py."""
    if current_task:
        return f"task {current_task.name}"
    return f"command {sys.argv[1]}" if sys.argv[0].endswith("manage.py") and len(sys.argv) > 1 else ""

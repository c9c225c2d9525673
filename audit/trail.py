"""The circumstances of the current request (who acts, for whom, how) and the rows loaded for its response."""

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
    """What all entries of one request have in common; `viewed_by` is the coordinator who views the portal as `who`."""

    who: UUID | None = None
    who_name: str = ""
    viewed_by: UUID | None = None
    viewed_by_name: str = ""
    as_whom: str = ""
    appointments: tuple[UUID, ...] = ()
    address: str | None = None
    source: str = ""
    credential: str = ""
    request: str = ""


@dataclass
class Trail:
    """One request: its circumstances, computed only when something is recorded, and the rows shown in its response."""

    circumstances: Callable[[], Circumstances]
    rows: dict[tuple[type[Model], Any], Any] = field(default_factory=dict)


_trail: ContextVar[Trail | None] = ContextVar("trail", default=None)


@contextmanager
def follow(circumstances: Callable[[], Circumstances]) -> Iterator[Trail]:
    """Collect the rows of one request: yield the trail to which they are added."""
    token = _trail.set(Trail(circumstances))
    try:
        yield _trail.get()  # type: ignore[misc]
    finally:
        _trail.reset(token)


def saw(row: Model) -> None:
    """Note a row that the current response may show; does nothing outside a request."""
    trail = _trail.get()
    if trail is not None:
        trail.rows.setdefault((type(row), row.pk), row)


def now() -> Circumstances:
    """Return who acts now and how; outside a request only the name of the task or command."""
    trail = _trail.get()
    return trail.circumstances() if trail else Circumstances(source=_program())


def _program() -> str:
    """Return the name of the running task, or of the manage.py command."""
    if current_task:
        return f"task {current_task.name}"
    return f"command {sys.argv[1]}" if sys.argv[0].endswith("manage.py") and len(sys.argv) > 1 else ""

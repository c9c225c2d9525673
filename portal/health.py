"""What monitoring asks: whether the portal works, and what needs somebody's attention before it does not."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from redis.exceptions import RedisError

from accounts.mail import breaker, hold, outbox
from assistance.workflow import announcements

LATE = 900  # seconds that a mail may wait


@dataclass(frozen=True)
class Health:
    """The figures, and the names of what is wrong; docs/operations/monitoring.md explains each."""

    figures: dict[str, Any]
    problems: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return the answer to those who watch."""
        return {"status": "attention" if self.problems else "ok", **self.figures, "problems": self.problems}


def answers() -> bool:
    """Return whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def examine() -> Health:
    """Return the state of database, broker, disk and mail. Raises a DatabaseError if the database goes away."""
    free = _free_bytes(settings.MEDIA_ROOT)
    broker = _broker_answers()
    state = hold.state()
    waited = round(max(outbox.oldest_waiting(), announcements.oldest_waiting()))
    dead = outbox.dead_letters()
    held_at = state.held_at if state else None
    figures = {
        "version": settings.VERSION,
        "oldest_unsent_seconds": waited,
        "dead_letters": dead,
        "sending_held_since": held_at.isoformat() if held_at else None,
        "free_bytes": free,
    }
    found = {
        "database_read_only": _database_is_read_only(),
        "broker_away": not broker,
        "disk_full": free < settings.HEALTH_FREE_BYTES,
        "files_read_only": not _is_writable(settings.MEDIA_ROOT),
        "mail_late": waited > LATE,
        "mail_server_away": broker and breaker.is_open(),
        "mail_given_up": dead > 0,
        "sending_held": held_at is not None,
    }
    return Health(figures, [name for name, holds in found.items() if holds])


def _database_is_read_only() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'")
        return bool(cursor.fetchone()[0])


def _broker_answers() -> bool:
    try:
        cache.get("health")
    except (RedisError, OSError):
        return False
    return True


def _existing(folder: str | Path) -> Iterator[Path]:
    """Yield the folder, if it is there, then those it is in: that of uploads is made with the first of them."""
    yield from (path for path in (Path(folder), *Path(folder).parents) if path.exists())


def _free_bytes(folder: str | Path) -> int:
    return shutil.disk_usage(next(_existing(folder))).free


def _is_writable(folder: str | Path) -> bool:
    return os.access(next(_existing(folder)), os.W_OK)

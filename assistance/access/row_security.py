"""Row-level security: a web process reads only rows of the groups it has set, whatever the query.

PostgreSQL's row-level security (migration `0002_row_security`) compares each restricted row with two settings of the
connection: `portal.groups` and `portal.now`. A web process starts without groups, so it reads no restricted row until
the middleware has set the groups of the user; a filter forgotten in a view then discloses nothing. Workers and commands,
which serve no reader, start with the group of every row. Code that needs rows the reader may not see (whom to notify,
how much of a need is still open) uses `bypass`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from assistance.access.database import EVERY_ROW

NOBODY = "{}"


def is_active() -> bool:
    """Return whether row-level security is active on this connection now."""
    return bool(getattr(connection, "row_security_is_active", settings.ROW_SECURITY))


def set_groups(groups: Iterable[int]) -> None:
    """Make the rows of these groups, as of now, readable on this connection; without groups none are.

    Raises ValueError for the group of every row, which no reader has.
    """
    wanted = set(groups)
    if EVERY_ROW in wanted:
        raise ValueError("No reader has the group of every row.")
    named = _array(wanted)
    if is_active() and named != getattr(connection, "row_security_groups", NOBODY):
        _set("portal.groups", named, "portal.now", timezone.now().isoformat() if named != NOBODY else "")
        connection.row_security_groups = named  # type: ignore[attr-defined]


def reset(connection: Any, **kwargs: Any) -> None:
    """Mark a newly opened connection as having set no groups, whatever the previous connection had set."""
    connection.row_security_groups = NOBODY


@contextmanager
def bypass() -> Iterator[None]:
    """Read all rows inside the block: for changes whose right has been checked, and for results shown to nobody.

    When the block fails inside a transaction, its rollback restores row-level security.
    """
    if not is_active():
        yield
        return
    _set("portal.groups", _array([EVERY_ROW]))
    connection.row_security_is_active = False  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.row_security_is_active = True  # type: ignore[attr-defined]
        if not _transaction_has_failed():
            _set("portal.groups", getattr(connection, "row_security_groups", NOBODY))


def _array(groups: Iterable[int]) -> str:
    return "{" + ",".join(map(str, sorted(groups))) + "}"


def _set(*names_and_values: str) -> None:
    calls = ", ".join(["set_config(%s, %s, false)"] * (len(names_and_values) // 2))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", names_and_values)


def _transaction_has_failed() -> bool:
    link = connection.connection
    return link is not None and link.info.transaction_status == TRANSACTION_STATUS_INERROR

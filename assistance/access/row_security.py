"""Row-level security: a web process reads only rows of the groups it has set, whatever the query.

PostgreSQL's row-level security (`access/database.py`, in migrations) compares each restricted row with two settings of the
connection: `portal.groups` and `portal.now`. A web process starts without groups, so it reads no restricted row until
the middleware has set the groups of the user; a filter forgotten in a view then discloses nothing. Workers and commands,
which serve no reader, start with the group of every row. Code that needs rows the reader may not see (whom to notify,
how much of a need is still open) uses `bypass`.

The settings cost no statement of their own: the next statement carries them, whatever it is (`carry`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from assistance.access.database import EVERY_ROW

NOBODY = "{}"
SETTINGS = "SELECT set_config("
# The statements that can have others before them in one message to PostgreSQL, which then answers the last.
CARRIERS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "(", "PREPARE", "EXECUTE", "SET LOCAL")
WITHOUT_ROWS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


def is_active() -> bool:
    """Return whether row-level security is active on this connection now."""
    return _is_on(connection) and not getattr(connection, "row_security_bypassed", False)


def set_groups(groups: Iterable[int]) -> None:
    """Make the rows of these groups, as of now, readable on this connection; without groups none are.

    Raises ValueError for the group of every row, which no reader has.
    """
    wanted = set(groups)
    if EVERY_ROW in wanted:
        raise ValueError("No reader has the group of every row.")
    named = _array(wanted)
    if is_active() and named != connection.row_security_groups:  # type: ignore[attr-defined]
        connection.row_security_groups = named  # type: ignore[attr-defined]
        connection.row_security_now = timezone.now().isoformat() if wanted else ""  # type: ignore[attr-defined]


def reset(connection: Any, **kwargs: Any) -> None:
    """Mark a newly opened connection as having set no groups, whatever the previous connection had set."""
    connection.row_security_groups, connection.row_security_now = NOBODY, ""
    connection.row_security_set = _statement(NOBODY, "")
    if carry not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, carry)  # the last one belongs to whoever has added it, and is removed


@contextmanager
def bypass() -> Iterator[None]:
    """Read all rows inside the block: for changes whose right has been checked, and for results shown to nobody."""
    if not is_active():
        yield
        return
    connection.row_security_bypassed = True  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.row_security_bypassed = False  # type: ignore[attr-defined]


def carry(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement, with the settings before it unless the connection has them.

    What is set in a transaction ends with its rollback, so there each statement carries them.
    """
    connection = context["connection"]
    if not _is_on(connection):
        return execute(sql, params, many, context)
    wanted = _statement(
        _array([EVERY_ROW]) if getattr(connection, "row_security_bypassed", False) else connection.row_security_groups,
        connection.row_security_now,
    )
    if connection.row_security_set == wanted or (isinstance(sql, str) and sql.startswith(WITHOUT_ROWS)):
        return execute(sql, params, many, context)
    if many or context["cursor"].cursor.name or not (isinstance(sql, str) and sql.startswith(CARRIERS)):
        with connection.connection.cursor() as cursor:
            cursor.execute(wanted)
    else:
        sql = f"{wanted}; {sql}"
    found = execute(sql, params, many, context)
    connection.row_security_set = None if connection.in_atomic_block else wanted
    return found


def without_settings(sql: str) -> str:
    """Return a statement without the settings that `carry` has put before it."""
    return sql.partition("; ")[2] or sql if sql.startswith(SETTINGS) else sql


def _is_on(connection: Any) -> bool:
    return bool(getattr(connection, "row_security_is_active", settings.ROW_SECURITY))


def _array(groups: Iterable[int]) -> str:
    return "{" + ",".join(map(str, sorted(groups))) + "}"


def _statement(groups: str, now: str) -> str:
    return f"{SETTINGS}'portal.groups', '{groups}', false), set_config('portal.now', '{now}', false)"

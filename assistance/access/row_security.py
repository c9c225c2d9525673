"""The second wall: a web process is shown only rows of the groups it has named, however its query is written.

PostgreSQL's row-level security (migration `wall`) compares each restricted row with three settings of the connection:
`portal.row_security`, `portal.groups` and `portal.today`. A web process starts with the wall closed and no groups, so it sees
nothing until the middleware says for whom it works; a filter forgotten in a view then leaks nothing. Workers and
commands, which answer nobody, start with it open. Code that must look past the reader (who has to be told, how much of
a need is still open) says so with `lifted`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg2.extensions import TRANSACTION_STATUS_INERROR


def is_active() -> bool:
    """Return whether the wall stands on this connection now."""
    return bool(getattr(connection, "row_security_is_active", settings.ROW_SECURITY))


def set_groups(groups: Iterable[int]) -> None:
    """Show this connection, from now on, the rows of these groups as of today (UTC); no groups show nothing."""
    named = ",".join(map(str, sorted(groups)))
    if is_active() and named != getattr(connection, "row_security_groups", ""):
        _set("portal.groups", named, "portal.today", str(timezone.now().date()) if named else "")
        connection.row_security_groups = named  # type: ignore[attr-defined]


def reset(connection: Any, **kwargs: Any) -> None:
    """Remember of a connection just opened that it has named no groups yet, whatever the one before it had named."""
    connection.row_security_groups = ""


@contextmanager
def bypass() -> Iterator[None]:
    """Look past the reader inside the block: for verbs once the right is proven, and for what is told to nobody.

    When the block fails inside a transaction, its rollback puts the wall back.
    """
    if not is_active():
        yield
        return
    _set("portal.row_security", "bypass")
    connection.row_security_is_active = False  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.row_security_is_active = True  # type: ignore[attr-defined]
        if not _transaction_has_failed():
            _set("portal.row_security", "on")


def _set(*names_and_values: str) -> None:
    calls = ", ".join(["set_config(%s, %s, false)"] * (len(names_and_values) // 2))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", names_and_values)


def _transaction_has_failed() -> bool:
    link = connection.connection
    return link is not None and link.info.transaction_status == TRANSACTION_STATUS_INERROR

"""One transaction at a time, where no row stands for what is written."""

from django.db import connection


def has_turn(what: str) -> bool:
    """Return whether no other transaction holds the turn of this name; if so, hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [what])
        return bool(cursor.fetchone()[0])


def in_turn(what: str) -> None:
    """Wait until no other transaction holds the turn of this name, and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])

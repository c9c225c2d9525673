"""Verifies the hash chain of the log, entry by entry, without using the database functions that created it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

# As in the trigger: every column that is not NULL, times in UTC. `ours` is NULL where the entry is missing.
LINKS = """
SELECT seal.position, seal.entry_id, seal.previous, seal.hash, jsonb_strip_nulls(to_jsonb(entry))::text AS content
FROM audit_seal seal LEFT JOIN audit_entry entry ON entry.id = seal.entry_id
WHERE seal.position > %s ORDER BY seal.position
"""
UNSEALED = """
SELECT id FROM audit_entry entry
WHERE id > %s AND NOT EXISTS (SELECT FROM audit_seal WHERE entry_id = entry.id) ORDER BY id LIMIT 1
"""
# From the end, by the primary key: a head kept lately is found after a few rows.
KEPT = "SELECT position, entry_id FROM audit_seal WHERE encode(hash, 'hex') = %s ORDER BY position DESC LIMIT 1"
LAST = "SELECT coalesce(max(position), 0) FROM audit_seal"
CUT_OFF = "the head you have kept is not in the chain; its end has been cut off or replaced."


class Broken(Exception):
    """The log has been tampered with; `position` is the first place where this shows."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(f"The log is broken at position {position}: {what}")
        self.position = position


@dataclass(frozen=True)
class Head:
    """The last seal, and how many were verified; a copy kept elsewhere shows later that nothing was cut off the end."""

    position: int
    hash: str
    verified: int = 0


@transaction.atomic(durable=True)
def verify(kept: str = "", *, whole: bool = False) -> Head:
    """Verify the chain and return its head. `kept` is the hash of an earlier head, which must still be in the chain.

    With `kept` only what follows it is verified, unless `whole`: a change before it does not show. Raises Broken.
    """
    with connection.cursor() as cursor:
        # One snapshot for all statements, because entries are written concurrently.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL timezone = 'UTC'")
        head, last_entry = _kept(cursor, kept) if kept and not whole else (Head(0, ""), 0)
        cursor.execute(UNSEALED, [last_entry])
        unsealed = cursor.fetchone()
    found = head.hash == kept
    for link in _links(head.position):
        head = _checked(head, link)
        found = found or head.hash == kept
    if unsealed:
        raise Broken(head.position + 1, f"entry {unsealed[0]} came in without a seal.")
    if kept and not found:
        raise Broken(head.position + 1, CUT_OFF)
    return head


def _kept(cursor: CursorWrapper, kept: str) -> tuple[Head, int]:
    """Return the head with this hash, with nothing verified, and the id of its entry. Raises Broken."""
    cursor.execute(KEPT, [kept])
    row = cursor.fetchone()
    if row is None:
        cursor.execute(LAST)
        raise Broken(cursor.fetchone()[0] + 1, CUT_OFF)
    return Head(row[0], kept), row[1]


def _links(after: int) -> Iterator[tuple[int, int, bytes, bytes, str | None]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(LINKS, [after])
        for position, entry, previous, own, content in cursor:
            yield position, entry, bytes(previous), bytes(own), content


def _checked(head: Head, link: tuple[int, int, bytes, bytes, str | None]) -> Head:
    """Return the seal as the new head. Raises Broken."""
    position, entry, previous, own, content = link
    if position != head.position + 1:
        raise Broken(head.position + 1, "a seal is missing.")
    if previous.hex() != head.hash:
        raise Broken(position, "it does not follow from the one before it.")
    if content is None:
        raise Broken(position, f"entry {entry} is gone.")
    if hashlib.sha256(previous + content.encode()).digest() != own:
        raise Broken(position, f"entry {entry} has been changed.")
    return Head(position, own.hex(), head.verified + 1)

"""Verifies the hash chain of the log, entry by entry, without using the database functions that created it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

# As in the trigger: every column that is not NULL, times in UTC. `ours` is NULL where the entry is missing.
LINKS = """
SELECT seal.position, seal.entry_id, seal.previous, seal.hash, jsonb_strip_nulls(to_jsonb(entry))::text AS content
FROM audit_seal seal LEFT JOIN audit_entry entry ON entry.id = seal.entry_id
ORDER BY seal.position
"""
UNSEALED = (
    "SELECT id FROM audit_entry entry WHERE NOT EXISTS (SELECT FROM audit_seal WHERE entry_id = entry.id) ORDER BY id"
)


class Broken(Exception):
    """The log has been tampered with; `position` is the first place where this shows."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(f"The log is broken at position {position}: {what}")
        self.position = position


@dataclass(frozen=True)
class Head:
    """The last seal; a copy kept elsewhere shows later that nothing was cut off the end."""

    position: int
    hash: str


@transaction.atomic(durable=True)
def verify(kept: str = "") -> Head:
    """Verify the whole chain; return its head. `kept` is the hash of an earlier head, which must still be in the chain.

    Raises Broken.
    """
    with connection.cursor() as cursor:
        # One snapshot for both statements, because entries are written concurrently.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute(UNSEALED)
        unsealed = [row[0] for row in cursor.fetchall()]
    head, found = Head(0, ""), not kept
    for link in _links():
        head = _checked(head, link)
        found = found or head.hash == kept
    if unsealed:
        raise Broken(head.position + 1, f"entry {unsealed[0]} came in without a seal.")
    if not found:
        raise Broken(
            head.position + 1, "the head you have kept is not in the chain; its end has been cut off or replaced."
        )
    return head


def _links() -> Iterator[tuple[int, int, bytes, bytes, str | None]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(LINKS)
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
    return Head(position, own.hex())

"""The only module that writes the log: entries are written in the caller's transaction and sealed by the database."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Protocol
from uuid import UUID

from django.db.models import Model

from audit import trail
from audit.kinds import Kind
from audit.models import Entry


class Person(Protocol):
    """A user with a key and a name."""

    pk: UUID
    name: str


def record(
    kind: Kind,
    *,
    subjects: Iterable[str] = (),
    references: Iterable[str] = (),
    states: Iterable[UUID] = (),
    detail: str = "",
    who: Person | None = None,
    as_whom: str = "",
) -> Entry:
    """Write one entry and return it; `who` and `as_whom` only where the circumstances do not give them.

    `subjects` are like ``need:<uuid>``, `references` what users call them, `states` the States concerned, whose users
    may read the entry. `detail` is a text of ours, never a text of a record or a secret.
    """
    made = entry(
        kind, subjects=subjects, references=references, states=states, detail=detail, who=who, as_whom=as_whom
    )  # fmt: skip
    made.save(force_insert=True)
    return made


def entry(
    kind: Kind,
    *,
    subjects: Iterable[str] = (),
    references: Iterable[str] = (),
    states: Iterable[UUID] = (),
    detail: str = "",
    who: Person | None = None,
    as_whom: str = "",
    rows: Iterable[tuple[str, UUID]] = (),
) -> Entry:
    """Return an unsaved entry with the present circumstances; `rows` are subjects kept without their references."""
    common = asdict(trail.now())
    common["appointments"] = list(common["appointments"])
    if who is not None:
        common |= {"who": who.pk, "who_name": who.name}
    if as_whom:
        common["as_whom"] = as_whom
    common["who_name"] = common["who_name"][:200]
    common["source"] = common["source"][:300]
    made = Entry(
        kind=kind,
        subjects=list(subjects),
        references=list(references),
        states=sorted(set(states)),
        detail=detail,
        **common,
    )
    made.set_rows(list(rows))
    return made


def write(entries: Sequence[Entry]) -> None:
    """Write entries in one statement."""
    if len(entries) == 1:  # without the transaction that bulk_create opens
        entries[0].save(force_insert=True)
    elif entries:
        Entry.objects.bulk_create(entries)


def read(rows: Iterable[Model]) -> None:
    """Record rows that a reader gets in another way than as fully loaded rows, such as values or a file."""
    for row in rows:
        trail.saw(row)

"""The only module that writes the log: entries are written in the caller's transaction and sealed by the database."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
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
    common = dict(vars(trail.now()))
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
    """Write entries in one statement; what the database sets of them, such as their keys, is not read back."""
    if len(entries) == 1:
        _insert(entries[0])
    elif entries:
        Entry.objects.bulk_create(entries)


def _insert(entry: Entry) -> None:
    """Insert an entry, as each request does, by a statement composed once: `save` takes as long as the database."""
    columns, sql = _insertion()
    with connection.cursor() as cursor:
        cursor.execute(sql, [column.get_db_prep_save(getattr(entry, column.attname), connection) for column in columns])


@cache
def _insertion() -> tuple[list[Any], str]:
    """Return the columns that are written, and the statement that inserts an entry."""
    quoted = connection.ops.quote_name
    columns: list[Any] = [one for one in Entry._meta.concrete_fields if not (one.primary_key or one.has_db_default())]
    names = ", ".join(quoted(one.column) for one in columns)
    places = ", ".join(f"%s::{one.db_type(connection)}" if isinstance(one, ArrayField) else "%s" for one in columns)
    table = quoted(Entry._meta.db_table)
    return columns, f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  # nosec B608 (names of ours)


def read(rows: Iterable[Model]) -> None:
    """Record rows that a reader gets in another way than as fully loaded rows, such as values or a file."""
    for row in rows:
        trail.saw(row)

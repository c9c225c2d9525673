"""Copies rows straight into the tables (COPY): a hundred thousand in seconds, without the functions that make one."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import connection
from django.db.models import Field, Model

CHUNK = 2_000  # rows written by one COPY
NULL = "\\N"  # an empty value is an empty text
Row = Mapping[str, Any]


def copy(model: type[Model], rows: Iterable[Row]) -> int:
    """Write these rows, column → value, into the table of a model; columns that are not named get their default.

    Returns their number. The triggers of the table run; `save` and signals do not.
    """
    columns = [field for field in model._meta.concrete_fields if not field.generated and not _counts_itself(field)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in columns)
    statement = (
        f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN (FORMAT csv, NULL '{NULL}')"
    )
    written, lines = 0, io.StringIO()
    writer = csv.writer(lines)
    with connection.cursor() as cursor:
        for row in rows:
            writer.writerow([_text(row[f.attname] if f.attname in row else f.get_default()) for f in columns])
            written += 1
            if written % CHUNK == 0:
                _send(cursor, statement, lines)
        _send(cursor, statement, lines)
    return written


def copy_pairs(relation: Any, pairs: Iterable[tuple[object, object]]) -> int:
    """Write the pairs of a many-to-many relation, such as `Consent.needs`; return their number."""
    through, field = relation.through, relation.field
    left, right = (
        through._meta.get_field(name).attname for name in (field.m2m_field_name(), field.m2m_reverse_field_name())
    )
    return copy(through, ({left: one, right: other} for one, other in pairs))


def _send(cursor: Any, statement: str, lines: io.StringIO) -> None:
    lines.seek(0)
    cursor.copy_expert(statement, lines)
    lines.seek(0)
    lines.truncate()


def _counts_itself(field: Field) -> bool:
    return bool(field.primary_key and field.get_internal_type().endswith("AutoField"))


def _text(value: Any) -> Any:
    """Return a value as COPY reads it in a file of comma-separated values."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    if isinstance(value, dict):
        return json.dumps(value)
    return value


def without_text_indexes(model: type[Model]) -> Any:
    """Return a context in which the GIN indexes of a table are dropped: made once at the end they take a tenth."""
    return _Without(model, [index for index in model._meta.indexes if isinstance(index, GinIndex)])


class _Without:
    def __init__(self, model: type[Model], indexes: list[GinIndex]) -> None:
        self.model, self.indexes = model, indexes

    def __enter__(self) -> None:
        with connection.schema_editor() as editor:
            for index in self.indexes:
                editor.remove_index(self.model, index)

    def __exit__(self, *failure: object) -> None:
        if failure[0] is None:
            connection.check_constraints()  # what is still to be checked at the end would forbid to change the table
            with connection.schema_editor() as editor:
                for index in self.indexes:
                    editor.add_index(self.model, index)

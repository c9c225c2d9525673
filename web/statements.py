"""Statements that Django composes once and PostgreSQL parses once on each connection.

For a list, composing takes as long as reading the rows and writing the answer; for a history, which names rows of every
kind, PostgreSQL plans ten times longer than it reads.
"""

import itertools
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, NotSupportedError, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ValuesListIterable, get_related_populators
from django.utils import timezone
from django.utils.translation import get_language

Build = Callable[..., QuerySet[Any]]


class Statements:
    """The statements of one place in the code, kept in this process by key and language."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, str | None], _Statement] = {}

    def rows(
        self, key: object, build: Build, values: Sequence[Any], others: Sequence[Any], limit: int | None = None
    ) -> list[Any]:
        """Return the rows of `build(*values)`, at most `limit`; a row read in any other way is the same.

        Those of `values_list` are tuples.

        Only `values`, and what is computed from the present moment, may differ from one call with this key to the next.
        `others` are values unlike any: with them it is found out that nothing else depends on the values. Raises
        ImproperlyConfigured where something does.
        """
        name = key, get_language()
        found = self._kept.get(name)
        if found is None:
            found = self._kept[name] = _composed(key, build, values, others)
        return found.rows(values, limit)


class _Moment:
    """The place of the present moment among the parameters."""


NOW = _Moment()


class _Place(int):
    """The place of one of the values, by its number."""


# The types of what differs from call to call, where PostgreSQL would not always find them out.
TYPES = {UUID: "uuid", datetime: "timestamptz", date: "date"}
MOST_PREPARED = 300  # on a connection: each takes some 180 kB of PostgreSQL's memory
NUMBERS = itertools.count()
PLANNED_FOR_VALUES = "SET LOCAL plan_cache_mode = force_custom_plan; "  # until the end of the message or transaction


def _composed(key: object, build: Build, values: Sequence[Any], others: Sequence[Any]) -> "_Statement":
    """Return the statement composed with the other values, where the values themselves may be alike."""
    if any(_same(one, other) for one, other in itertools.combinations(others, 2)):
        raise ImproperlyConfigured(f"Two of the other values of the statement {key} are the same.")
    kept = _Statement(build, others)
    begun, (_compiler, sql, parameters), ended = timezone.now(), _compiled(build(*values)), timezone.now()
    if sql != kept.sql or not all(map(partial(_stands_for, values, begun, ended), kept.parameters, parameters)):
        raise ImproperlyConfigured(f"The statement {key} depends on more than its values.")
    return kept


def _compiled(queryset: QuerySet[Any]) -> tuple[Any, str, Sequence[Any]]:
    """Return the compiler of a query, its SQL and its parameters."""
    compiler = queryset.query.get_compiler(queryset.db)
    return (compiler, *compiler.as_sql())


def _stands_for(values: Sequence[Any], begun: datetime, ended: datetime, kept: Any, parameter: Any) -> bool:
    """Return whether what is kept of a parameter gives this one: a value may be the present moment as well."""
    if kept is NOW:
        return isinstance(parameter, datetime) and begun <= parameter <= ended
    return bool(parameter == (values[kept] if isinstance(kept, _Place) else kept))


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


class _Statement:
    """The SQL of a query, the places of values in it, and how its rows become those of the model."""

    def __init__(self, build: Build, values: Sequence[Any]) -> None:
        begun = timezone.now()
        queryset = build(*values)
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise ImproperlyConfigured(f"What {queryset.model.__name__} prefetches is not read by a kept statement.")
        compiler, self.sql, parameters = _compiled(queryset)
        ended = timezone.now()
        self.parameters = [_placed(one, values, begun, ended) for one in parameters]
        self.used = list(dict.fromkeys(one for one in self.parameters if _differs(one)))
        types = [TYPES.get(type(values[one]) if isinstance(one, _Place) else datetime, "unknown") for one in self.used]
        self.types = f" ({', '.join(types)})" if types else ""
        self.database = queryset.db
        info, select = compiler.klass_info, compiler.select
        self.converters = compiler.get_converters([column[0] for column in select])
        self.compiler = compiler
        self.model: type[Model] | None = None if _is_of_values(queryset) else info["model"]
        if self.model is None:
            return
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        self.own = slice(start, end)
        self.names = [column[0].target.attname for column in select[start:end]]
        self.populators = get_related_populators(info, select, queryset.db)  # type: ignore[call-arg] # of a later Django
        self.annotations = list(compiler.annotation_col_map.items())

    def rows(self, values: Sequence[Any], limit: int | None) -> list[Any]:
        """Execute it with these values and return the rows."""
        connection = connections[self.database]
        with connection.cursor() as cursor:
            self._execute(connection, cursor, values, limit)
            found = cursor.fetchall()
        if self.converters:
            found = list(map(tuple, self.compiler.apply_converters(found, self.converters)))
        return found if self.model is None else [self._row(self.model, values) for values in found]

    def _execute(self, connection: Any, cursor: Any, values: Sequence[Any], limit: int | None) -> None:
        """Execute it as a prepared statement, prepared in the same message where the connection does not have it.

        A limited one is planned for its values: how best to read the first rows depends on how many a reader sees.
        """
        given: dict[Any, Any] = {NOW: timezone.now(), **{_Place(place): value for place, value in enumerate(values)}}
        names, own = _prepared_on(connection), (self, limit)
        if own in names or len(names) < MOST_PREPARED:
            before = "" if limit is None else PLANNED_FOR_VALUES
            if own not in names:
                names[own] = f"kept_{next(NUMBERS)}"
                before += f"PREPARE {names[own]}{self.types} AS {self._with_numbers(cursor, limit)}; "
            places = f" ({', '.join(['%s'] * len(self.used))})" if self.used else ""
            try:
                cursor.execute(f"{before}EXECUTE {names[own]}{places}", [given[one] for one in self.used])
            except DatabaseError as error:
                names.pop(own, None)  # whether it was prepared or not: the next call uses another name
                if connection.in_atomic_block or not isinstance(error, NotSupportedError):
                    raise  # else a column has changed its type since it was prepared
            else:
                return
        cursor.execute(self._limited(limit), [given[one] if _differs(one) else one for one in self.parameters])

    def _limited(self, limit: int | None) -> str:
        return self.sql if limit is None else f"{self.sql} LIMIT {limit:d}"

    def _with_numbers(self, cursor: Any, limit: int | None) -> str:
        """Return the SQL with numbers for what differs from call to call, and all else written into it."""
        written = (
            f"${self.used.index(one) + 1}" if _differs(one) else cursor.mogrify("%s", [one]).decode()
            for one in self.parameters
        )
        return (self._limited(limit) % tuple(written)).replace("%", "%%")

    def _row(self, model: type[Model], values: tuple[Any, ...]) -> Any:
        row = model.from_db(self.database, self.names, values[self.own])
        for populator in self.populators:
            populator.populate(values, row)
        for name, place in self.annotations:
            setattr(row, name, values[place])
        return row


def _differs(parameter: Any) -> bool:
    return parameter is NOW or isinstance(parameter, _Place)


def _is_of_values(queryset: Any) -> bool:
    """Return whether the rows are tuples. Raises ImproperlyConfigured for those whose columns are put in order later."""
    if queryset._fields is None:  # set by `values_list`
        return False
    if queryset._iterable_class is not ValuesListIterable:
        raise ImproperlyConfigured(f"Values of {queryset.model.__name__} are not read by a kept statement.")
    return True


def _prepared_on(connection: Any) -> dict[Any, str]:
    """Return the names of the statements that have been prepared on a connection since it was opened."""
    held = getattr(connection, "kept_statements", None)
    if held is None or held[0] is not connection.connection:
        held = connection.kept_statements = (connection.connection, {})
    return held[1]


def _placed(parameter: Any, values: Sequence[Any], begun: datetime, ended: datetime) -> Any:
    """Return what stands for a parameter: the place of a value or of the present moment, else the parameter itself."""
    for place, value in enumerate(values):
        if _same(parameter, value):
            return _Place(place)
    if isinstance(parameter, datetime) and begun <= parameter <= ended:
        return NOW
    if isinstance(parameter, date):
        raise ImproperlyConfigured(f"{parameter} is neither a value of the statement nor the present moment.")
    return parameter

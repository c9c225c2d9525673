"""Statements whose SQL Django composes once: for a list, that takes as long as reading the rows and writing the answer."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
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


def _composed(key: object, build: Build, values: Sequence[Any], others: Sequence[Any]) -> "_Statement":
    first, second = _Statement(build, values), _Statement(build, others)
    if (first.sql, first.parameters) != (second.sql, second.parameters):
        raise ImproperlyConfigured(f"The statement {key} depends on more than its values.")
    return first


class _Statement:
    """The SQL of a query, the places of values in it, and how its rows become those of the model."""

    def __init__(self, build: Build, values: Sequence[Any]) -> None:
        begun = timezone.now()
        queryset = build(*values)
        compiler = queryset.query.get_compiler(queryset.db)
        self.sql, parameters = compiler.as_sql()
        ended = timezone.now()
        self.parameters = [_placed(one, values, begun, ended) for one in parameters]
        self.database = queryset.db
        info, select = compiler.klass_info, compiler.select
        self.model: type[Model] = info["model"]
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        self.own = slice(start, end)
        self.names = [column[0].target.attname for column in select[start:end]]
        self.populators = get_related_populators(info, select, queryset.db)  # type: ignore[call-arg] # of a later Django
        self.annotations = list(compiler.annotation_col_map.items())
        self.converters = compiler.get_converters([column[0] for column in select])
        self.compiler = compiler

    def rows(self, values: Sequence[Any], limit: int | None) -> list[Any]:
        """Execute it with these values and return the rows."""
        now = timezone.now()
        parameters = [values[one] if isinstance(one, _Place) else now if one is NOW else one for one in self.parameters]
        with connections[self.database].cursor() as cursor:
            cursor.execute(self.sql if limit is None else f"{self.sql} LIMIT {limit:d}", parameters)
            found = cursor.fetchall()
        if self.converters:
            found = list(map(tuple, self.compiler.apply_converters(found, self.converters)))
        return [self._row(values) for values in found]

    def _row(self, values: tuple[Any, ...]) -> Any:
        row = self.model.from_db(self.database, self.names, values[self.own])
        for populator in self.populators:
            populator.populate(values, row)
        for name, place in self.annotations:
            setattr(row, name, values[place])
        return row


def _placed(parameter: Any, values: Sequence[Any], begun: datetime, ended: datetime) -> Any:
    """Return what stands for a parameter: the place of a value or of the present moment, else the parameter itself."""
    for place, value in enumerate(values):
        if type(parameter) is type(value) and parameter == value:
            return _Place(place)
    if isinstance(parameter, datetime) and begun <= parameter <= ended:
        return NOW
    if isinstance(parameter, date):
        raise ImproperlyConfigured(f"{parameter} is neither a value of the statement nor the present moment.")
    return parameter

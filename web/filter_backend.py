"""The filter backend of the API: each query parameter must have a valid value or be absent."""

from functools import cache, reduce
from operator import or_
from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

MOST_VALUES = 20  # of one filter: each is a condition of the query


class StrictFilterBackend(DjangoFilterBackend):
    """Refuses empty and invalid filter values, which an HTML filter form would ignore.

    A filter that is repeated keeps the rows to which one of its values applies.
    """

    def filter_queryset(self, request: Request, queryset: Any, view: APIView) -> Any:
        """Return the rows that pass the filters. Raises ValidationError naming each invalid parameter."""
        filters = self.get_filterset_class(view, queryset)
        if filters is None:
            return queryset
        names = tuple(name for name in filters.base_filters if name in request.query_params)
        if not names:
            return queryset
        given = self.get_filterset_kwargs(request, queryset, view)
        data = given.pop("data")
        filters = narrowed(filters, names)
        repeated = {
            name: list(dict.fromkeys(data.getlist(name)))
            for name, kind in filters.base_filters.items()
            if takes_several(kind) and len(data.getlist(name)) > 1
        }
        once = {name: data[name] for name in data if name not in repeated}
        rows = _passing(filters, {**given, "data": once})
        for name, values in repeated.items():
            each = [_passing(filters, {**given, "data": {name: value}}) for value in values]
            rows = rows.filter(reduce(or_, (Q(pk__in=found.order_by().values("pk")) for found in each)))
        return rows

    def plain(self, request: Request, rows: QuerySet[Any], view: APIView) -> list[tuple[Any, Any]] | None:
        """Return each filter given with its value, a row as its key, where all of them compare one column with it.

        A search has been looked up then. None where a filter does more, or is repeated. Raises ValidationError naming
        each invalid parameter.
        """
        filters = self.get_filterset_class(view, rows)
        names = tuple(name for name in filters.base_filters if name in request.query_params)
        kinds = [filters.base_filters[name] for name in names]
        if not all(_compares(kind) or _looks_up(kind) for kind in kinds) or any(
            len(request.query_params.getlist(name)) > 1 for name in names
        ):
            return None
        given = self.get_filterset_kwargs(request, rows, view)
        filterset = narrowed(filters, names)(**given)
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        values = [filterset.form.cleaned_data[name] for name in names]
        return [
            kind.looked_up(rows, value) if _looks_up(kind) else (kind, getattr(value, "pk", value))
            for kind, value in zip((filterset.filters[name] for name in names), values, strict=True)
        ]

    def get_filterset_kwargs(self, request: Request, queryset: Any, view: APIView) -> dict[str, Any]:
        """Return the arguments of the filterset. Raises ValidationError naming each invalid parameter."""
        filters = self.get_filterset_class(view, queryset).base_filters
        unclear = [name for name, kind in filters.items() if not _is_clear(kind, request.query_params.getlist(name))]
        if unclear:
            raise ValidationError(
                {name: [_("Enter a value of the described type, or omit the parameter.")] for name in unclear}
            )
        kwargs: dict[str, Any] = super().get_filterset_kwargs(request, queryset, view)
        return kwargs


@cache
def narrowed(filters: Any, names: tuple[str, ...]) -> Any:
    """Return the class of filters with these alone: making the fields of all of them takes longer than filtering."""
    narrow = type(filters.__name__, (filters,), {"__doc__": filters.__doc__})
    narrow.base_filters = {name: filters.base_filters[name] for name in names}  # type: ignore[attr-defined]
    return narrow


def takes_several(kind: Any) -> bool:
    """Return whether a filter can be repeated: it chooses from codes or ids, so that “one of these” has a meaning."""
    return isinstance(kind, (df.ChoiceFilter, df.ModelChoiceFilter, df.UUIDFilter))


def _compares(kind: Any) -> bool:
    """Return whether a filter keeps the rows whose column has the value, whatever value it is."""
    return (
        takes_several(kind)
        and kind.method is None
        and kind.lookup_expr == "exact"
        and not (kind.distinct or kind.exclude)
    )


def _looks_up(kind: Any) -> bool:
    """Return whether a filter finds the keys of its rows by a statement of its own, with the method `looked_up`."""
    return hasattr(kind, "looked_up")


def _passing(filters: Any, given: dict[str, Any]) -> QuerySet[Any]:
    filterset = filters(**given)
    if not filterset.is_valid():
        raise translate_validation(filterset.errors)
    rows: QuerySet[Any] = filterset.qs
    return rows


def _is_clear(kind: Any, values: list[str]) -> bool:
    """Return whether a parameter is absent or has only values of the kind its filter expects."""
    if isinstance(kind, df.CharFilter):
        return True
    if isinstance(kind, df.BooleanFilter):
        return all(value in ("true", "false") for value in values)
    if isinstance(kind, df.NumberFilter):
        return all(value.isascii() and value.isdecimal() for value in values)
    return all(values)

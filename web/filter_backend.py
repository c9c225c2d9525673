"""The filter backend of the API: each query parameter must have a valid value or be absent."""

from typing import Any

import django_filters as df
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView


class StrictFilterBackend(DjangoFilterBackend):
    """Refuses empty and invalid filter values, which an HTML filter form would ignore."""

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


def _is_clear(kind: Any, values: list[str]) -> bool:
    """Return whether a parameter is absent or has exactly one value of the kind its filter expects."""
    if isinstance(kind, df.CharFilter):
        return True
    if isinstance(kind, df.BooleanFilter):
        return all(value in ("true", "false") for value in values)
    if isinstance(kind, df.NumberFilter):
        return all(value.isascii() and value.isdecimal() for value in values)
    return all(values)

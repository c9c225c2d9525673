"""Filters of lists: pages and API take the same parameter names and codes in the address."""

from datetime import UTC
from typing import Any

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters.fields import IsoDateTimeField, ModelChoiceField

from assistance.pages.fields import ByPillar
from assistance.search import found, looked_up
from entities.models import Organisation, Region, Theme
from web.kept_select import KeptSelect


def states(request: object = None) -> QuerySet[Organisation]:
    """Return the States a list can be filtered by, sorted by name in the reader's language."""
    return Organisation.objects.states().by_name()


def regions(request: object = None) -> QuerySet[Region]:
    """Return the regions a list can be filtered by, sorted by name in the reader's language."""
    return Region.objects.by_name()


def inside(region: Region, *paths: str) -> Q:
    """Return the condition that one of these relations points at the region or inside it (three levels, as in M49)."""
    found = Q()
    for path in paths:
        for step in ("", "__parent", "__parent__parent"):
            found |= Q(**{f"{path}{step}": region})
    return found


class SearchFilter(df.CharFilter):
    """A search in all six languages: for words where the model has them stemmed, and for a substring of its texts."""

    is_kept = False  # its statement depends on the term

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return found(qs, value) if value else qs

    def looked_up(self, rows: QuerySet[Any], value: str) -> tuple[Any, Any]:
        """Return the filter that does the same, and its value, for rows read by a statement that is kept."""
        return looked_up(rows.model, value) if value else (self, value)


class CodeChoice(df.ModelChoiceFilter):
    """A choice from a vocabulary, given in the address by its code; an unknown code is an error."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", pgettext_lazy("filter", "All"))
        super().__init__(*args, **kwargs)


class VocabularyChoice(CodeChoice):
    """A choice from a whole reference list: its entries are the same for all readers, and rendered once for all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=KeptSelect, **kwargs)


class ThemeField(ModelChoiceField):
    """A theme, from a list in which each stands under its pillar."""

    iterator = ByPillar


class ThemeChoice(VocabularyChoice):
    """A choice of a theme by its code."""

    field_class = ThemeField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, queryset=Theme.objects.all(), **kwargs)


class Moment(IsoDateTimeField):
    """A moment with any UTC offset, converted to UTC: PostgreSQL refuses offsets of sixteen hours and more."""

    def clean(self, value: Any) -> Any:
        """Return the moment in UTC, or None. Raises ValidationError."""
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:  # close to the earliest or latest date Python can represent
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


CHANGED_SINCE = _("Updated since")


class Since(df.IsoDateTimeFilter):
    """Rows changed (or another date field set) at or after a moment: for API clients that poll, hidden on pages."""

    field_class = Moment

    def __init__(self, field_name: str = "modified_at", label: Any = CHANGED_SINCE) -> None:
        super().__init__(field_name=field_name, lookup_expr="gte", label=label, widget=forms.HiddenInput)


class ListFilter(df.FilterSet):
    """The base class of all list filters."""

    modified_since = Since()

"""Filters of the list of deadlines."""

from typing import Any
from uuid import UUID

import django_filters as df
from django import forms
from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import registry
from assistance.dues.models import CLOCKED, Due
from assistance.pages.filters import Since


class Whose(TextChoices):
    """The three lists of open deadlines."""

    MINE = "mine", pgettext_lazy("deadlines", "Due from me")
    OTHERS = "others", pgettext_lazy("deadlines", "Due from others")
    OVERDUE = "overdue", pgettext_lazy("deadline", "Overdue")


def kinds() -> list[tuple[str, Any]]:
    """Return the kinds of deadlines that the aggregates declare, each with what is owed."""
    return [(clock.kind, clock.label) for own in registry.aggregates() for clock in own.clocks]


KINDS = CallableChoiceIterator(kinds)  # asked when they are shown: other aggregates may be registered later


class DueFilter(df.FilterSet):
    modified_since = Since("starts_at", _("Owed since"))
    whose = df.ChoiceFilter(
        label=pgettext_lazy("deadlines", "Whose"), choices=Whose.choices, method="of", widget=forms.HiddenInput
    )
    kind = df.ChoiceFilter(
        label=pgettext_lazy("deadlines", "What is owed"), choices=KINDS, empty_label=pgettext_lazy("filter", "All")
    )

    vars().update(
        {name: df.UUIDFilter(field_name=f"{name}_id", label=name, widget=forms.HiddenInput) for name in CLOCKED}
    )
    need = df.UUIDFilter(method="of_need", label="need", widget=forms.HiddenInput)

    class Meta:
        model = Due
        fields: list[str] = []

    def of_need(self, queryset: Any, name: str, value: UUID) -> Any:
        """Return the deadlines of a need and of its matches."""
        return queryset.filter(Q(need=value) | Q(match__need=value))

    def of(self, queryset: Any, name: str, value: str) -> Any:
        """Return the open deadlines of organisations of the reader, of others, or those whose moment has passed."""
        mine = [one.pk for one in self.request.actor.organisations]
        still = queryset.filter(done_at=None)
        if value == Whose.OVERDUE:
            return still.filter(due_at__lte=timezone.now())
        return still.filter(owed_by__in=mine) if value == Whose.MINE else still.exclude(owed_by__in=mine)

"""Filters of the lists of needs and matches."""

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters.fields import ModelChoiceField

from assistance.needs.models import Match, Need
from assistance.needs.states import MatchStatus, NeedStatus, Priority
from assistance.offers.states import AssistanceType
from assistance.pages.filters import ListFilter, SearchFilter, ThemeChoice, VocabularyChoice, inside, regions, states
from entities.models import Instrument, Pillar, Region


class InstrumentField(ModelChoiceField):
    """Instruments, by symbol and subject."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.in_words)


class InstrumentFilter(VocabularyChoice):
    """A choice of an instrument, listed with its subject beside its symbol."""

    field_class = InstrumentField


class NeedFilter(ListFilter):
    q = SearchFilter(label=pgettext_lazy("label", "Search"), max_length=200)
    state = VocabularyChoice(label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3")
    region = VocabularyChoice(label=pgettext_lazy("label", "Region"), queryset=regions, method="in_region")
    pillar = VocabularyChoice(label=pgettext_lazy("label", "Pillar"), queryset=Pillar.objects.all())
    theme = ThemeChoice(label=pgettext_lazy("label", "Theme"))
    instrument = InstrumentFilter(
        label=pgettext_lazy("label", "Instrument"), queryset=Instrument.objects.all(), to_field_name="symbol"
    )
    priority = df.ChoiceFilter(
        label=pgettext_lazy("label", "Priority"), choices=Priority.choices, empty_label=pgettext_lazy("filter", "All")
    )
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"), choices=NeedStatus.choices, empty_label=pgettext_lazy("filter", "All")
    )
    assistance_type = df.ChoiceFilter(
        label=_("Type of assistance"), choices=AssistanceType.choices, empty_label=pgettext_lazy("filter", "All")
    )

    class Meta:
        model = Need
        fields: list[str] = []

    def in_region(self, queryset: QuerySet[Need], name: str, value: Region) -> QuerySet[Need]:
        return queryset.filter(inside(value, "state__region"))


class MatchFilter(ListFilter):
    whose = df.ChoiceFilter(
        label=pgettext_lazy("filter", "Show"),
        choices=[("mine", _("My organizations")), ("asked", _("Awaiting my response"))],
        empty_label=pgettext_lazy("filter", "All"),
        method="of_mine",
    )
    need = df.UUIDFilter(field_name="need_id", label=pgettext_lazy("label", "Need"), widget=forms.HiddenInput)
    state = VocabularyChoice(
        label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3", field_name="need__state"
    )
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"), choices=MatchStatus.choices, empty_label=pgettext_lazy("filter", "All")
    )

    class Meta:
        model = Match
        fields: list[str] = []

    def of_mine(self, queryset: QuerySet[Match], name: str, value: str) -> QuerySet[Match]:
        """Keep the matches of the reader's organisations, or those that wait for their answer."""
        actor = self.request.actor
        if value == "asked":
            mine = list(actor.acting_for)
            provider = Q(status=MatchStatus.SUGGESTED, provider__in=mine)
            return queryset.filter(provider | Q(status=MatchStatus.PROPOSED, need__state__in=mine))
        mine = [organisation.pk for organisation in actor.organisations]
        return queryset.filter(Q(provider__in=mine) | Q(need__state__in=mine))

"""Filters of the lists of visits and sections."""

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from assistance.pages.filters import ListFilter, VocabularyChoice, inside, regions, states
from assistance.visits.models import Section, Visit
from assistance.visits.states import VisitKind
from entities.models import Region


class VisitFilter(ListFilter):
    state = VocabularyChoice(label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3")
    region = VocabularyChoice(label=pgettext_lazy("label", "Region"), queryset=regions, method="in_region")
    kind = df.ChoiceFilter(
        label=pgettext_lazy("label", "Type"), choices=VisitKind.choices, empty_label=pgettext_lazy("filter", "All")
    )

    class Meta:
        model = Visit
        fields: list[str] = []

    def in_region(self, queryset: QuerySet[Visit], name: str, value: Region) -> QuerySet[Visit]:
        return queryset.filter(inside(value, "state__region"))


class SectionFilter(ListFilter):
    visit = df.UUIDFilter(field_name="visit_id", label=pgettext_lazy("label", "Visit"))
    state = VocabularyChoice(
        label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3", field_name="visit__state"
    )

    class Meta:
        model = Section
        fields: list[str] = []

"""Filters of the lists of assessments and of their lines."""

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.assessments.lines import counted
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.assessments.states import AssessmentKind, AssessmentStatus
from assistance.pages.filters import CodeChoice, ListFilter, SearchFilter, ThemeChoice, VocabularyChoice, states
from entities.models import Organisation

YEARS = (1, 9999)


def entities(request: Any = None) -> QuerySet[Organisation]:
    """Return the entities of lines the reader sees: a hidden assessment does not disclose its entity."""
    if request is None:
        return Organisation.objects.none()
    seen = policy.visible(request.actor, AssessmentLine).values("entity")
    return Organisation.objects.filter(pk__in=seen).by_name()


def entities_of_texts(request: Any = None) -> QuerySet[Organisation]:
    """Return the entities of assessments the reader sees."""
    if request is None:
        return Organisation.objects.none()
    seen = policy.visible(request.actor, Assessment).values("entity")
    return Organisation.objects.filter(pk__in=seen).by_name()


class LineFilter(ListFilter):
    state = VocabularyChoice(label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3")
    entity = CodeChoice(label=pgettext_lazy("label", "Entity"), queryset=entities, to_field_name="slug")
    theme = ThemeChoice(label=pgettext_lazy("label", "Theme"), field_name="themes")
    kind = df.ChoiceFilter(
        label=pgettext_lazy("label", "Type"), choices=AssessmentKind.choices, empty_label=pgettext_lazy("filter", "All")
    )
    year = df.NumberFilter(label=pgettext_lazy("label", "Year"), min_value=YEARS[0], max_value=YEARS[1])
    counted = df.ChoiceFilter(
        label=_("Same evaluation"),
        choices=[("once", _("Counted once"))],
        empty_label=pgettext_lazy("filter", "All"),
        method="once",
    )

    class Meta:
        model = AssessmentLine
        fields: list[str] = []

    def once(self, queryset: QuerySet[AssessmentLine], name: str, value: str) -> QuerySet[AssessmentLine]:
        return counted(queryset)


class AssessmentFilter(ListFilter):
    q = SearchFilter(label=pgettext_lazy("label", "Search"), max_length=200)
    state = VocabularyChoice(label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3")
    entity = CodeChoice(label=pgettext_lazy("label", "Entity"), queryset=entities_of_texts, to_field_name="slug")
    theme = ThemeChoice(label=pgettext_lazy("label", "Theme"), field_name="themes")
    kind = df.ChoiceFilter(
        label=pgettext_lazy("label", "Type"), choices=AssessmentKind.choices, empty_label=pgettext_lazy("filter", "All")
    )
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"),
        choices=AssessmentStatus.choices,
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = Assessment
        fields: list[str] = []

"""Filters of the list of projects."""

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.pages.filters import ListFilter, SearchFilter, ThemeChoice, VocabularyChoice, inside, regions, states
from assistance.projects.models import Project
from assistance.projects.states import ProjectStatus
from entities.models import Region


class ProjectFilter(ListFilter):
    q = SearchFilter(label=pgettext_lazy("label", "Search"), max_length=200)
    state = VocabularyChoice(
        label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3", field_name="states"
    )
    region = VocabularyChoice(label=pgettext_lazy("label", "Region"), queryset=regions, method="in_region")
    theme = ThemeChoice(label=pgettext_lazy("label", "Theme"), field_name="themes")
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"),
        choices=ProjectStatus.choices,
        empty_label=pgettext_lazy("filter", "All"),
    )
    origin = df.ChoiceFilter(
        label=pgettext_lazy("label", "Origin"),
        choices=[("here", _("Recorded in this portal")), ("imported", pgettext_lazy("project origin", "Imported"))],
        empty_label=pgettext_lazy("filter", "All"),
        method="of_origin",
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def in_region(self, queryset: QuerySet[Project], name: str, value: Region) -> QuerySet[Project]:
        found = Project.objects.filter(inside(value, "states__region", "regions"))
        return queryset.filter(pk__in=found.values("pk"))

    def of_origin(self, queryset: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return queryset.filter(origin="") if value == "here" else queryset.exclude(origin="")

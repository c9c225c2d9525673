"""Filters of the list of projects."""

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assistance.pages.filters import CodeChoice, ListFilter, TextFilter, inside, states
from assistance.projects.models import Project
from assistance.projects.states import ProjectStatus
from entities.models import Region, Theme


class ProjectFilter(ListFilter):
    q = TextFilter(label=_("Search"), max_length=200)
    state = CodeChoice(label=_("State"), queryset=states, to_field_name="iso3", field_name="states")
    region = CodeChoice(label=_("Region"), queryset=Region.objects.all(), method="in_region")
    theme = CodeChoice(label=_("Theme"), queryset=Theme.objects.all(), field_name="themes")
    status = df.ChoiceFilter(label=_("Status"), choices=ProjectStatus.choices, empty_label=_("All"))
    origin = df.ChoiceFilter(
        label=_("Origin"),
        choices=[("here", _("Kept here")), ("imported", _("Imported"))],
        empty_label=_("All"),
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

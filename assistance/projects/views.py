"""Pages of projects."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access import policy
from assistance.needs.models import Need
from assistance.pages.views import (
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    RecordListView,
)
from assistance.projects.filters import ProjectFilter
from assistance.projects.forms import ProjectForm
from assistance.projects.models import Project
from web.views import Column, Link


class ProjectList(RecordListView):
    model = Project
    filterset_class = ProjectFilter
    title = gettext_lazy("Projects")
    lead = gettext_lazy("Assistance requested, planned, ongoing and completed.")
    create_label = gettext_lazy("Record a project")
    create_text = gettext_lazy(
        "Record what your organisation plans, runs or has completed, so that others neither repeat it nor miss it."
    )
    empty_title = gettext_lazy("No projects yet")
    empty_text = gettext_lazy("Projects appear here when an entity or partner records them, or when they are imported.")
    columns = (
        Column(gettext_lazy("Reference"), "reference", "components/cells/code.html", sort="reference"),
        Column(gettext_lazy("Project"), "title", "components/cells/title.html"),
        Column(gettext_lazy("Lead"), "lead.short", "components/cells/name.html"),
        Column(gettext_lazy("Where"), template="assistance/projects/cells/where.html"),
        Column(gettext_lazy("Themes"), "themes.all", "components/cells/names.html"),
        Column(gettext_lazy("Status"), template="assistance/projects/cells/status.html"),
        Column(gettext_lazy("Origin"), "origin", "assistance/projects/cells/origin.html"),
        Column(gettext_lazy("Updated"), "modified_at", "components/cells/date.html", sort="modified"),
    )
    orders = {"modified": ("modified_at", "id"), "reference": ("reference", "id")}

    def get_queryset(self) -> QuerySet[Project]:
        return super().get_queryset().select_related("lead").prefetch_related("states", "regions", "themes")

    def get_links(self) -> list[Link]:
        return [*super().get_links(), Link(reverse("states-map"), _("By State"))]


class ProjectPage(RecordDetailView):
    model = Project
    template_name = "assistance/projects/project.html"
    related = ("lead",)
    edit_label = gettext_lazy("Edit the project")

    def get_queryset(self) -> QuerySet[Project]:
        return super().get_queryset().prefetch_related("states", "regions", "themes", "parties__organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        needs = policy.visible(self.actor, Need).filter(projects=self.object).select_related("state")
        own = {"needs": needs, "disagreement": disagreement(self.object)}
        return super().get_context_data(**{**own, **kwargs})


def disagreement(project: Project) -> str:
    """Return a text on how the declared status and the dates disagree; empty where they do not."""
    if not project.dates_disagree:
        return ""
    by_dates = project.status_by_dates
    declared = {"declared": project.get_status_display()}
    if by_dates is None or by_dates == project.status:
        return _("The planned end has passed, but the project is still declared as “%(declared)s”.") % declared
    return _("The declared status is “%(declared)s”, but by its dates the project is “%(dates)s”.") % {
        **declared,
        "dates": by_dates.label,
    }


class ProjectCreate(RecordCreateView):
    model = Project
    form_class = ProjectForm
    title = gettext_lazy("Record a project")


class ProjectEdit(RecordEditView):
    model = Project
    form_class = ProjectForm
    title = gettext_lazy("Edit the project")

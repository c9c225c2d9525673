"""Pages of projects, as list and for each State."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access import policy
from assistance.needs.models import Need
from assistance.pages.forms import ActorForm
from assistance.pages.views import (
    Column,
    CreatePage,
    EditPage,
    FormPage,
    ListPage,
    ObjectPage,
)
from assistance.projects.filters import ProjectFilter
from assistance.projects.forms import ProjectForm
from assistance.projects.models import Project
from assistance.workflow import editing


class ProjectList(ListPage):
    model = Project
    filters = ProjectFilter
    template = "assistance/projects/project_list.html"
    columns = (
        Column(gettext_lazy("Reference"), "reference"),
        Column(gettext_lazy("Project")),
        Column(gettext_lazy("Lead")),
        Column(gettext_lazy("Where")),
        Column(gettext_lazy("Themes")),
        Column(gettext_lazy("Status")),
        Column(gettext_lazy("Origin")),
        Column(gettext_lazy("Updated"), "modified"),
    )
    orders = {"modified": ("modified_at", "id"), "reference": ("reference", "id")}

    def rows(self) -> QuerySet[Project]:
        rows = policy.visible(self.actor, Project).select_related("lead")
        return rows.prefetch_related("states", "regions", "themes")


class ProjectPage(ObjectPage):
    model = Project
    template = "assistance/projects/project.html"
    related = ("lead",)

    def rows(self) -> QuerySet[Project]:
        return super().rows().prefetch_related("states", "regions", "themes", "parties__organisation")

    def extra(self, row: Project) -> dict[str, Any]:
        return {
            "needs": policy.visible(self.actor, Need).filter(projects=row).select_related("state"),
            "disagreement": disagreement(row),
            "history": self.history(row),
        }


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


class ProjectWrite(FormPage):
    """Shared by the pages that record and edit a project."""

    form_class = ProjectForm

    def context(self, row: Project | None, form: ActorForm) -> dict[str, Any]:
        return {
            "title": _("Edit the project") if row else _("Record a project"),
            "submit": _("Save"),
            "keep": f"project-{row.pk if row else 'new'}",
            "back_url": self.next(row) if row else reverse("projects"),
        }


class ProjectCreate(ProjectWrite, CreatePage):
    model = Project

    def perform(self, row: None, form: ActorForm) -> Project:
        return editing.create(actor=self.actor, model=Project, values=form.values)


class ProjectEdit(ProjectWrite, EditPage):
    model = Project

    def perform(self, row: Project, form: ActorForm) -> Project:
        version = form.cleaned_data["version"]
        return editing.edit(actor=self.actor, model=Project, pk=row.pk, values=form.values, version=version)

"""Pages of projects."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.access import policy
from assistance.needs.fitting import fitting_context
from assistance.needs.models import Match, Need
from assistance.pages.forms import ActorForm
from assistance.pages.views import (
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    RecordFormView,
    RecordListView,
    TransitionView,
)
from assistance.projects import comments, decisions, links
from assistance.projects.filters import ProjectFilter
from assistance.projects.forms import FORMS, ProjectForm
from assistance.projects.models import Project
from assistance.projects.part_forms import CommentForm
from assistance.projects.states import ProjectStatus
from audit import log
from entities.collation import by_short_name, by_text
from web import cells
from web.sorting import by_rank
from web.views import Column, Link


class ProjectList(RecordListView):
    model = Project
    filterset_class = ProjectFilter
    title = pgettext_lazy("page", "Projects")
    lead = gettext_lazy("Assistance requested, planned, ongoing and completed.")
    create_label = gettext_lazy("Record a project")
    create_text = gettext_lazy(
        "Record what your organization plans, carries out or has completed, so that others know "
        "about it and do not repeat it."
    )
    empty_title = gettext_lazy("No projects yet")
    empty_text = gettext_lazy("Projects appear here when an entity or partner records them, or when they are imported.")
    columns = (
        Column(
            pgettext_lazy("label", "Project"),
            "title",
            cells.title,
            sort="title",
            row_heading=True,
            width="wide",
            card="title",
        ),
        Column(pgettext_lazy("label", "Lead"), "lead.short", cells.name, sort="lead", card="line"),
        Column(
            pgettext_lazy("label", "Location"),
            template="assistance/projects/cells/where.html",
            width="short",
            card="line",
        ),
        Column(pgettext_lazy("label", "Themes"), "themes.all", "components/cells/names.html", width="short"),
        Column(
            pgettext_lazy("label", "Status"),
            template="assistance/projects/cells/status.html",
            sort="status",
            card="foot",
        ),
        Column(
            pgettext_lazy("label", "Origin"),
            "origin",
            "assistance/projects/cells/origin.html",
            sort="origin",
            width="short",
        ),
        Column(pgettext_lazy("label", "Updated"), "modified_at", cells.age, sort="modified", numeric=True),
    )
    orders = {
        "modified": ("modified_at", "id"),
        "title": ("title_key", "id"),
        "lead": ("lead_key", "id"),
        "status": ("status_key", "id"),
        "origin": ("origin", "id"),
    }
    sort_keys = {
        "title_key": by_text("title"),
        "lead_key": by_short_name("lead"),
        "status_key": by_rank("status", ProjectStatus),
    }

    def get_queryset(self) -> QuerySet[Project]:
        return super().get_queryset().select_related("lead").prefetch_related("states", "regions", "themes")

    def get_links(self) -> list[Link]:
        return [*super().get_links(), Link(reverse("states-map"), _("Assistance by State"))]


class ProjectPage(RecordDetailView):
    model = Project
    template_name = "assistance/projects/project.html"
    related = ("lead",)
    edit_label = gettext_lazy("Edit the project")

    def get_queryset(self) -> QuerySet[Project]:
        return super().get_queryset().prefetch_related("states", "regions", "themes", "parties__organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        needs = policy.visible(self.actor, Need).filter(projects=self.object).select_related("state")
        matches = (
            policy.visible(self.actor, Match).filter(project=self.object).select_related("need__state", "provider")
        )
        own = {
            "needs": needs,
            "matches": matches.order_by("-modified_at", "-id"),
            **decisions.about_project(self.actor, self.object),
            "may_record": self.may_edit(),
            "comments": comments.comments_on(self.actor, self.object),
            "may_comment": policy.acting_as(self.actor, "project_state", self.object) is not None,
            "disagreement": disagreement(self.object),
        }
        own |= links.around(self.actor, self.object)
        return super().get_context_data(**{**own, **fitting_context(self.actor, self.object), **kwargs})


def disagreement(project: Project) -> str:
    """Return a text on how the declared status and the dates disagree; empty where they do not."""
    if not project.dates_disagree:
        return ""
    by_dates = project.status_by_dates
    declared = {"declared": project.get_status_display()}
    if by_dates is None or by_dates == project.status:
        return (
            _("The planned end date has passed, but the declared status of the project is still “%(declared)s”.")
            % declared
        )
    return _("The declared status is “%(declared)s”, but the dates indicate “%(dates)s”.") % {
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


class CommentAdd(RecordFormView):
    """A form by which a State comments on a project, with what it has commented already above it."""

    model = Project
    form_class = CommentForm
    template_name = "assistance/projects/comment.html"
    title = gettext_lazy("Comment on the project")
    submit = pgettext_lazy("button", "Add comment")
    success_message = gettext_lazy("Your comment has been added. The lead and the partners have been told.")

    def get_object(self) -> Project:
        row: Project = policy.get(self.actor, Project, self.kwargs["pk"])
        policy.require(self.actor, "project_state", row)
        log.read([row])
        return row

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = comments.comments_on(self.actor, self.object)
        own = {"object": self.object, "comments": found, "keep": f"comment-{self.object.pk}"}
        return super().get_context_data(**{**own, **kwargs})

    def form_valid(self, form: ActorForm) -> HttpResponse:
        comments.add(actor=self.actor, project=self.object.pk, text=form.cleaned_data["text"])
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return f"{self.object.get_absolute_url()}#comments"


class ProjectTransition(TransitionView):
    model = Project
    forms = FORMS

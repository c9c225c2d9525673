"""Projects, over JSON."""

from assistance.api.base import WrittenRows, described
from assistance.filters import ProjectFilter
from assistance.projects.models import Project
from assistance.serializers.projects import ProjectBody, ProjectOut, ProjectPage


@described
class Projects(WrittenRows):
    """Activities, kept here or imported and then read-only."""

    scope = "projects"
    model, out, page, body = Project, ProjectOut, ProjectPage, ProjectBody
    filterset_class = ProjectFilter
    default_organisation = "lead"

"""Projects, over JSON."""

from assistance.projects.filters import ProjectFilter
from assistance.projects.models import Project
from assistance.projects.serializers import ProjectBody, ProjectOut, ProjectPage
from assistance.rest.viewsets import WrittenRows, described


@described
class Projects(WrittenRows):
    """Activities, kept here or imported and then read-only."""

    scope = "projects"
    model, out, page, body = Project, ProjectOut, ProjectPage, ProjectBody
    filterset_class = ProjectFilter
    default_organisation = "lead"

"""Pages of projects, as list and for each State."""

from assistance.filters import ProjectFilter
from assistance.models import Project
from assistance.views.generic import ListPage, ObjectPage


class ProjectList(ListPage):
    model = Project
    filters = ProjectFilter
    template = "assistance/project_list.html"


class ProjectPage(ObjectPage):
    model = Project
    template = "assistance/project.html"
    related = ("lead",)

"""Pages of visits and the sections of their reports."""

from assistance.filters import VisitFilter
from assistance.models import Section, Visit
from assistance.views.generic import ListPage, ObjectPage


class VisitList(ListPage):
    model = Visit
    filters = VisitFilter
    template = "assistance/visit_list.html"


class VisitPage(ObjectPage):
    model = Visit
    template = "assistance/visit.html"
    related = ("state",)


class SectionPage(ObjectPage):
    model = Section
    template = "assistance/section.html"
    related = ("visit__state",)

"""Pages on which parts of a project are edited: each is a change of the project."""

from django.utils.translation import gettext_lazy

from assistance.pages.parts import PartAdd, PartEdit
from assistance.pages.views import RecordEditView
from assistance.projects.editing import check_kept_here
from assistance.projects.models import Project
from assistance.projects.part_forms import HINT, IndicatorForm, PeriodForm, SessionForm, SharesForm
from assistance.projects.results import INDICATORS, PERIODS
from assistance.projects.sessions import SESSIONS
from web.exceptions import NotVisible


class SharesEdit(RecordEditView):
    """The percentages of the States of a project; there is no such page of a project without States."""

    model = Project
    form_class = SharesForm
    title = gettext_lazy("Percentages of the States")
    lead = HINT

    def check_state(self) -> None:
        check_kept_here(self.object)

    def get_object(self) -> Project:
        """Return the project. Raises NotVisible, also for one without States, Forbidden."""
        project: Project = super().get_object()
        if not project.states.exists():
            raise NotVisible
        return project


class IndicatorAdd(PartAdd):
    model, parts, form_class, title = Project, INDICATORS, IndicatorForm, gettext_lazy("Add an indicator")


class IndicatorEdit(PartEdit):
    model, parts, form_class, title = Project, INDICATORS, IndicatorForm, gettext_lazy("Edit the indicator")


class PeriodAdd(PartAdd):
    model, parts, form_class, title = Project, PERIODS, PeriodForm, gettext_lazy("Plan a period")


class PeriodEdit(PartEdit):
    model, parts, form_class, title = Project, PERIODS, PeriodForm, gettext_lazy("Edit the period")


class SessionAdd(PartAdd):
    model, parts, form_class, title = Project, SESSIONS, SessionForm, gettext_lazy("Add a session")


class SessionEdit(PartEdit):
    model, parts, form_class, title = Project, SESSIONS, SessionForm, gettext_lazy("Edit the session")

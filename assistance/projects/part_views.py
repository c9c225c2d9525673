"""Pages on which parts of a project are edited: each is a change of the project."""

from django.utils.translation import gettext_lazy

from assistance.pages.views import RecordEditView
from assistance.projects.editing import check_kept_here
from assistance.projects.models import Project
from assistance.projects.part_forms import HINT, SharesForm
from web.exceptions import NotVisible


class SharesEdit(RecordEditView):
    """The percentages of the States of a project; there is no such page of a project without States."""

    model = Project
    form_class = SharesForm
    title = gettext_lazy("Percentages of the States")
    lead = HINT

    def get_object(self) -> Project:
        """Return the project. Raises NotVisible, also for one without States, Forbidden."""
        project: Project = super().get_object()
        if not project.states.exists():
            raise NotVisible
        return project

    def check_state(self) -> None:
        check_kept_here(self.object)

"""Pages on which parts of a project are edited: each is a change of the project."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from assistance.access import policy
from assistance.pages.forms import ActorForm
from assistance.pages.views import RecordEditView, RecordFormView
from assistance.projects import parts
from assistance.projects.editing import check_kept_here
from assistance.projects.models import Project
from assistance.projects.part_forms import HINT, IndicatorForm, PeriodForm, SessionForm, SharesForm
from assistance.projects.parts import PartKind
from assistance.projects.results import INDICATORS, PERIODS
from assistance.projects.sessions import SESSIONS
from assistance.workflow import editing
from web.exceptions import Invalid, NotVisible


class PartOfProject(RecordEditView):
    """Shared by the pages of the parts of a project: an imported project has none that can be edited."""

    model = Project

    def check_state(self) -> None:
        check_kept_here(self.object)


class SharesEdit(PartOfProject):
    """The percentages of the States of a project; there is no such page of a project without States."""

    form_class = SharesForm
    title = gettext_lazy("Percentages of the States")
    lead = HINT

    def get_object(self) -> Project:
        """Return the project. Raises NotVisible, also for one without States, Forbidden."""
        project: Project = super().get_object()
        if not project.states.exists():
            raise NotVisible
        return project


# ── Rows of which a project has many ─────────────────────────────────────────
class PartAdd(PartOfProject):
    """A form that adds a row to a project."""

    kind: ClassVar[PartKind]
    part: Any = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "part": self.part}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = self.part.pk if self.part else f"new-{self.object.pk}"
        return super().get_context_data(**{"keep": f"{self.kind.name}-{key}", **kwargs})

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values, version = form.values_and_version()
        given = self.given(values)
        try:
            editing.edit(
                actor=self.actor, model=Project, pk=self.object.pk, values={self.kind.name: given}, version=version
            )
        except Invalid as error:
            raise Invalid({name.rsplit(".", 1)[-1]: texts for name, texts in error.errors.items()}) from None
        return RecordFormView.form_valid(self, form)

    def given(self, values: dict[str, Any]) -> list[parts.Given]:
        """Return all rows of this kind as they will be."""
        return [*self.kind.stored(self.object), values]

    def get_success_url(self) -> str:
        return f"{self.object.get_absolute_url()}#{self.kind.name}"


class PartEdit(PartAdd):
    """A form that changes or removes a row of a project; its address has the key of the row."""

    def get_object(self) -> Project:
        """Return the project of the row in the address. Raises NotVisible, Forbidden."""
        seen = policy.visible(self.actor, Project).values("pk")
        rows: Any = self.kind.model._default_manager.filter(**{f"{self.kind.path}__in": seen})
        found = rows.filter(pk=policy.key_of(self.kwargs["pk"])).values_list(self.kind.path, flat=True).first()
        if found is None:
            raise NotVisible
        self.part = rows.get(pk=self.kwargs["pk"])
        project = policy.get(self.actor, Project, found)
        policy.require(self.actor, "lead", project)
        return project

    def given(self, values: dict[str, Any]) -> list[parts.Given]:
        key, is_removed = self.part.pk, values.pop("remove", False)
        changed = [] if is_removed else [{**values, "id": key}]
        return [one for old in self.kind.stored(self.object) for one in (changed if old["id"] == key else [old])]


class IndicatorAdd(PartAdd):
    kind, form_class = INDICATORS, IndicatorForm
    title = gettext_lazy("Add an indicator")


class IndicatorEdit(PartEdit):
    kind, form_class = INDICATORS, IndicatorForm
    title = gettext_lazy("Edit the indicator")


class PeriodAdd(PartAdd):
    kind, form_class = PERIODS, PeriodForm
    title = gettext_lazy("Plan a period")


class PeriodEdit(PartEdit):
    kind, form_class = PERIODS, PeriodForm
    title = gettext_lazy("Edit the period")


class SessionAdd(PartAdd):
    kind, form_class = SESSIONS, SessionForm
    title = gettext_lazy("Add a session")


class SessionEdit(PartEdit):
    kind, form_class = SESSIONS, SessionForm
    title = gettext_lazy("Edit the session")

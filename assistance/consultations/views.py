"""Pages of consultations and rounds: lists, one row each, and what stands in a round."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.access import policy
from assistance.consents.queries import consents_of
from assistance.consents.summaries import Item
from assistance.consultations import decisions
from assistance.consultations.contents import FINDINGS, PARAMETERS
from assistance.consultations.editing import check_open
from assistance.consultations.filters import ConsultationFilter
from assistance.consultations.forms import (
    ROUND_FORMS,
    ConsultationForm,
    FindingForm,
    ParameterForm,
    RoundForm,
)
from assistance.consultations.models import Consultation, Round
from assistance.consultations.states import RoundStatus
from assistance.pages.forms import ActorForm
from assistance.pages.parts import PartAdd, PartEdit
from assistance.pages.views import (
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    RecordListView,
    ReleasedDetailView,
    TransitionView,
)
from assistance.workflow.engine import check_state
from entities.collation import by_name
from web import cells
from web.views import Column


class ConsultationList(RecordListView):
    model = Consultation
    filterset_class = ConsultationFilter
    title = gettext_lazy("Capacity consultations")
    lead = gettext_lazy(
        "Consultations of a programme with a State on what a requirement asks, held in rounds and led by CTED."
    )
    create_label = gettext_lazy("Record a consultation")
    create_text = gettext_lazy("Record a consultation, then open its first round.")
    empty_title = gettext_lazy("No consultations yet")
    empty_text = gettext_lazy("Consultations recorded by CTED appear here for the State, UNOCT and the programme.")
    columns = (
        Column(
            pgettext_lazy("label", "Consultation"), "title", cells.title, row_heading=True, width="wide", card="title"
        ),
        Column(pgettext_lazy("country", "State"), "state.name", cells.name, sort="state", card="line"),
        Column(pgettext_lazy("label", "Programme"), "programme.name", cells.name, card="line"),
        Column(pgettext_lazy("label", "Updated"), "modified_at", cells.age, sort="modified", numeric=True),
    )
    orders = {"state": ("state_key", "id"), "modified": ("modified_at", "id")}
    sort_keys = {"state_key": by_name("state__name")}
    default_order = "-modified"

    def get_queryset(self) -> QuerySet[Consultation]:
        return super().get_queryset().select_related("state", "programme")


class ConsultationPage(RecordDetailView):
    model = Consultation
    template_name = "assistance/consultations/consultation.html"
    related = ("state", "programme", "instrument")
    edit_label = gettext_lazy("Edit the consultation")

    def get_queryset(self) -> QuerySet[Consultation]:
        return super().get_queryset().prefetch_related("programme__parts__organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = decisions.about_consultation(self.actor, self.object)
        opens = self.may_edit() and all(one.status != RoundStatus.OPEN for one in own["rounds"])
        return super().get_context_data(**{**own, "may_open": opens, **kwargs})


class ConsultationCreate(RecordCreateView):
    model = Consultation
    form_class = ConsultationForm
    title = gettext_lazy("Record a consultation")
    lead = gettext_lazy("The State, UNOCT and the organizations with a part in the programme can see it.")


class ConsultationEdit(RecordEditView):
    model = Consultation
    form_class = ConsultationForm
    title = gettext_lazy("Edit the consultation")


# ── Rounds ───────────────────────────────────────────────────────────────────
class RoundPage(ReleasedDetailView):
    model = Round
    template_name = "assistance/consultations/round.html"
    related = ("state", "programme")
    edit_label = gettext_lazy("Edit dates and participants")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        own = {
            **decisions.about_round(self.actor, row),
            "item": Item(row),
            "own": policy.sees_consents(self.actor, row.state_id),
            "consents": consents_of(self.actor, row),
            "may_record": self.may_edit(),
        }
        return super().get_context_data(**{**own, **kwargs})


class RoundCreate(RecordCreateView):
    """The page that opens the next round of a consultation."""

    model = Round
    form_class = RoundForm
    title = pgettext_lazy("button", "Open a round")
    lead = gettext_lazy("The State and the team of the programme are told that a round of consultations begins.")

    def get_object(self) -> None:
        """Return None; the consultation is in the address. Raises NotVisible."""
        self.consultation = policy.get(self.actor, Consultation, self.kwargs["pk"])

    def get_values(self, form: ActorForm) -> dict[str, Any]:
        return {**super().get_values(form), "consultation": self.consultation}

    def get_back_url(self) -> str:
        return self.consultation.get_absolute_url()


class RoundEdit(RecordEditView):
    model = Round
    form_class = RoundForm
    title = gettext_lazy("Edit dates and participants")

    def check_state(self) -> None:
        check_open(self.object)


class RoundTransition(TransitionView):
    model = Round
    forms = ROUND_FORMS

    def check_state(self) -> None:
        check_state(self.actor, self.transition, self.object)


class FindingAdd(PartAdd):
    model, parts, form_class, title = Round, FINDINGS, FindingForm, gettext_lazy("Add a finding")


class FindingEdit(PartEdit):
    model, parts, form_class, title = Round, FINDINGS, FindingForm, gettext_lazy("Edit the finding")


class ParameterAdd(PartAdd):
    model, parts, form_class, title = Round, PARAMETERS, ParameterForm, gettext_lazy("Add a priority")


class ParameterEdit(PartEdit):
    model, parts, form_class, title = Round, PARAMETERS, ParameterForm, gettext_lazy("Edit the priority")

"""Pages of corrections of offers."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.access import policy
from assistance.offers import corrections
from assistance.offers.correction_forms import FORMS, CorrectForm
from assistance.offers.models import Correction, Offer
from assistance.offers.states import CorrectedField
from assistance.pages.forms import ActorForm
from assistance.pages.views import RecordDetailView, RecordFormView, TransitionView
from assistance.workflow.corrections import stale, text_of
from web.exceptions import Forbidden


class CorrectionPage(RecordDetailView):
    model = Correction
    template_name = "assistance/offers/correction.html"
    related = ("offer__provider", "proposed_as__organisation", "proposed_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"now": stale(self.object), **kwargs})


class CorrectionTransition(TransitionView):
    model = Correction
    forms = FORMS


class Correct(RecordFormView):
    """Propose a correction of an offer."""

    model = Offer
    form_class = CorrectForm
    template_name = "assistance/offers/correct.html"
    title = gettext_lazy("Propose a correction")
    lead = gettext_lazy("The provider decides. Nothing changes before, and nobody else reads your proposal.")
    submit = pgettext_lazy("button", "Submit proposal")

    def get_object(self) -> Offer:
        offer: Offer = policy.get(self.actor, Offer, self.kwargs["pk"])
        if corrections.proposing(self.actor, offer) is None:
            raise Forbidden(url=offer.get_absolute_url())
        return offer

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values, _version = form.values_and_version()
        corrections.propose(actor=self.actor, offer=self.object.pk, **values)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = [(field.label, text_of(self.object, field)) for field in CorrectedField]
        own = {"keep": f"correct-{self.object.pk}", "offer": self.object, "entries": entries}
        return super().get_context_data(**{**own, **kwargs})

    def get_success_message(self) -> str:
        return _("The correction has been sent to the provider.")

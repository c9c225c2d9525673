"""Pages of corrections of offers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assistance.offers import corrections
from assistance.offers.correction_forms import CorrectForm
from assistance.offers.models import Correction, Offer
from assistance.pages import corrections as pages
from assistance.pages.views import TransitionView


class CorrectionPage(pages.CorrectionPage):
    model = Correction
    template_name = "assistance/offers/correction.html"
    related = ("offer__provider", "proposed_as__organisation", "proposed_by")


class CorrectionTransition(TransitionView):
    model = Correction
    forms = pages.FORMS


class Correct(pages.Correct):
    """Propose a correction of an offer."""

    model = Offer
    kind = corrections.OF_OFFERS
    form_class = CorrectForm
    lead = _("The provider decides. Nothing changes before, and nobody else reads your proposal.")
    sent = _("The correction has been sent to the provider.")

    def propose(self, **values: Any) -> None:
        corrections.propose(actor=self.actor, offer=self.object.pk, **values)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"owner": self.object.provider.short, **kwargs})

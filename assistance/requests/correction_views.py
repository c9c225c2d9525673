"""Pages of corrections of requests."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assistance.pages import corrections as pages
from assistance.pages.views import TransitionView
from assistance.requests import corrections
from assistance.requests.correction_forms import CorrectForm
from assistance.requests.models import AssistanceRequest, RequestCorrection


class RequestCorrectionPage(pages.CorrectionPage):
    model = RequestCorrection
    template_name = "assistance/requests/correction.html"
    related = ("assistance_request__state", "proposed_as__organisation", "proposed_by")


class RequestCorrectionTransition(TransitionView):
    model = RequestCorrection
    forms = pages.FORMS


class CorrectRequest(pages.Correct):
    """Propose a correction of a request."""

    model = AssistanceRequest
    kind = corrections.OF_REQUESTS
    form_class = CorrectForm
    lead = _("The State decides. Nothing changes before. UNOCT reads your proposal too.")
    sent = _("The correction has been sent to the State.")

    def propose(self, **values: Any) -> None:
        corrections.propose(actor=self.actor, assistance_request=self.object.pk, **values)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"owner": self.object.state.name, **kwargs})

"""The two pages of impersonation: start, with a reason, and end."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from entities import impersonation
from entities.access import MemberRequest
from entities.forms import ViewAsForm
from entities.models import Appointment
from entities.views.designations import AppointmentFormView


class ViewAs(AppointmentFormView):
    """The page that explains the impersonation, asks for the reason, and starts it."""

    form_class = ViewAsForm
    title = gettext_lazy("View as %(name)s")
    submit = pgettext_lazy("button", "View as this person")

    def has_permission(self, row: Appointment) -> bool:
        return impersonation.may_view_as(self.actor, row)

    def form_valid(self, form: ViewAsForm) -> HttpResponse:
        reason, session = form.cleaned_data["reason"], self.request.session
        impersonation.start(actor=self.actor, appointment=self.object, reason=reason, session=session)
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return reverse("dashboard")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes = int(impersonation.LASTS.total_seconds() // 60)
        lead = ngettext(
            "For %(minutes)s minute, you see the pages as this person sees them, except what you cannot "
            "read yourself. You cannot change anything. The viewing is recorded, with your reason.",
            "For %(minutes)s minutes, you see the pages as this person sees them, except what you cannot "
            "read yourself. You cannot change anything. The viewing is recorded, with your reason.",
            minutes,
        )
        return super().get_context_data(**{"lead": lead % {"minutes": minutes}, **kwargs})


@require_POST
def view_as_end(request: MemberRequest) -> HttpResponse:
    """End the impersonation."""
    impersonation.end(request.viewing, request.session)
    messages.success(request, _("You are no longer viewing as another user."))
    return redirect("designations")

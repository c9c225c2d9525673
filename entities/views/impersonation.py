"""The two pages of impersonation: start, with a reason, and end."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from entities import impersonation
from entities.access import MemberRequest, appointment_required
from entities.forms import ViewAsForm, add_errors
from entities.reauthentication import require_recent_login
from entities.views.designations import entry, find
from web import field_errors
from web.exceptions import Forbidden, Invalid


@require_http_methods(["GET", "HEAD", "POST"])
@appointment_required
def view_as(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Explain the impersonation, ask for the reason, then start it."""
    row = find(request.actor, pk)
    if not impersonation.may_view_as(request.actor, row):
        raise Forbidden
    require_recent_login(request)
    form = ViewAsForm(request.POST or None)
    if form.is_valid():
        try:
            impersonation.start(
                actor=request.actor, appointment=row, reason=form.cleaned_data["reason"], session=request.session
            )
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            return redirect("dashboard")
    context = {
        "form": form,
        "entry": entry(request.actor, row),
        "minutes": int(impersonation.LASTS.total_seconds() // 60),
    }
    return render(request, "entities/view_as.html", context, status=field_errors.status_of(form))


@require_POST
def view_as_end(request: MemberRequest) -> HttpResponse:
    """End the impersonation."""
    impersonation.end(request.viewing, request.session)
    messages.success(request, _("You see your own pages again."))
    return redirect("designations")

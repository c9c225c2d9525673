"""The pages of renewals and handovers: confirm, extend, reinstate, decide, hand over."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from entities import appointments, pending_work
from entities.access import MemberRequest, appointment_required
from entities.appointments import progress
from entities.forms import ConfirmForm, DecisionForm, ExtendForm, SuccessorForm, add_conflict, add_errors
from entities.models import Appointment, Phase
from entities.reauthentication import require_recent_login
from entities.views.designations import allow, entry, find
from web import field_errors
from web.exceptions import Conflict, Forbidden, Invalid
from web.pagination import page_of

FORM_METHODS = ["GET", "HEAD", "POST"]
SOONEST = ("confirm_by", "id")


@require_http_methods(FORM_METHODS)
@appointment_required
def designations_confirm(request: MemberRequest) -> HttpResponse:
    """List all running appointments this user may confirm, the most urgent first, each with a checkbox."""
    actor = request.actor
    if not (appointments.is_coordinator(actor) or appointments.headed_by(actor)):
        raise Forbidden
    if request.method == "POST":
        require_recent_login(request)
    rows = appointments.to_confirm(actor)
    form = ConfirmForm(rows, request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = sum(_confirmed(request, row) for row in form.cleaned_data["chosen"])
        messages.success(
            request,
            ngettext("%(n)d appointment is confirmed.", "%(n)d appointments are confirmed.", done) % {"n": done},
        )
        return redirect("designations-confirm")
    page = page_of(rows, request, ordering=SOONEST)
    context = {"form": form, "page": page, "entries": [entry(actor, row) for row in page]}
    return render(request, "entities/designations_confirm.html", context, status=field_errors.status_of(form))


def _confirmed(request: MemberRequest, row: Appointment) -> bool:
    """Confirm one of several; one that ended or lapsed meanwhile does not prevent the others."""
    try:
        appointments.confirm(actor=request.actor, appointment=row)
    except Conflict as refusal:
        messages.warning(request, f"{row.user.name}: {refusal}")
        return False
    return True


@require_http_methods(FORM_METHODS)
@appointment_required
def designation_confirm(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Explain what confirming means, then confirm one."""
    row = find(request.actor, pk)
    allow(row, appointments.may_confirm(request.actor, row), Phase.RUNNING, Phase.COMING)
    require_recent_login(request)
    if request.method == "POST":
        appointments.confirm(actor=request.actor, appointment=row)
        messages.success(request, _("Confirmed for another half year."))
        return redirect("designation", pk)
    return render(request, "entities/designation_confirm.html", {"entry": entry(request.actor, row)})


@require_http_methods(FORM_METHODS)
@appointment_required
def designation_extend(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask UNOCT for a later last day."""
    row = find(request.actor, pk)
    allow(row, appointments.may_end(request.actor, row), Phase.RUNNING, Phase.COMING)
    require_recent_login(request)
    form = ExtendForm(request.POST or None)
    if form.is_valid():
        try:
            appointments.extend(actor=request.actor, appointment=row, until=form.cleaned_data["until"])
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, _("Asked. A coordinator of UNOCT who did not ask decides."))
            return redirect("designation", pk)
    context = {"form": form, "entry": entry(request.actor, row)}
    return render(request, "entities/designation_extend.html", context, status=field_errors.status_of(form))


@require_http_methods(FORM_METHODS)
@appointment_required
def designation_reinstate(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask UNOCT to reinstate an appointment that was not confirmed in time."""
    row = find(request.actor, pk)
    allow(row, appointments.may_end(request.actor, row), Phase.LAPSED)
    require_recent_login(request)
    if request.method == "POST":
        appointments.reinstate(actor=request.actor, appointment=row)
        messages.success(request, _("Asked. A coordinator of UNOCT who did not ask decides."))
        return redirect("designation", pk)
    return render(request, "entities/designation_reinstate.html", {"entry": entry(request.actor, row)})


@require_http_methods(FORM_METHODS)
@appointment_required
def designation_decide(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Grant or refuse the open request for an appointment."""
    row = find(request.actor, pk)
    if not appointments.is_coordinator(request.actor):
        raise Forbidden
    wish = row.renewals.select_related("asked_by").first()
    if wish is None or wish.decided_at:
        raise Conflict(_("Nothing waits for a decision here."), appointments.STEPS[row.phase])
    wish.appointment = row
    if not appointments.may_decide(request.actor, wish):
        raise Forbidden
    require_recent_login(request)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            if form.cleaned_data["decision"] == DecisionForm.GRANT:
                appointments.grant(actor=request.actor, renewal=wish)
            else:
                appointments.refuse(actor=request.actor, renewal=wish, reason=form.cleaned_data["reason"])
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, _("Decided. Who asked and the person are told."))
            return redirect("designation", pk)
    context = {"form": form, "entry": entry(request.actor, row), "renewal": wish}
    context["days"] = progress.days_since(wish.asked_at)
    return render(request, "entities/designation_decide.html", context, status=field_errors.status_of(form))


@require_http_methods(FORM_METHODS)
@appointment_required
def designation_hand_over(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Nominate a successor, with a list of the pending work that is handed over."""
    row = find(request.actor, pk)
    allow(row, appointments.may_end(request.actor, row), Phase.RUNNING, Phase.LAPSED)
    require_recent_login(request)
    form = SuccessorForm(request.actor, request.POST or None, request.FILES or None)
    conflicts = False
    if form.is_valid():
        try:
            made = appointments.hand_over(actor=request.actor, appointment=row, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        except Conflict as refusal:
            add_conflict(form, refusal)
            conflicts = True
        else:
            messages.success(request, _("The successor is nominated. With UNOCT's approval the post changes hands."))
            return redirect("designation", made.pk)
    context = {
        "form": form,
        "entry": entry(request.actor, row),
        "items": pending_work.open_items(row, request.actor),
    }
    status = 409 if conflicts else field_errors.status_of(form)
    return render(request, "entities/designation_hand_over.html", context, status=status)

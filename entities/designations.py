"""The pages of designations: who is appointed, by whom nominated, what awaits approval, and the three things to do."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entities import appointments
from entities.actors import Actor
from entities.errors import Conflict, Forbidden, Invalid, NotVisible
from entities.filters import AppointmentFilters, chips
from entities.forms import EndForm, NominationForm, add_errors
from entities.membership import MemberRequest, members_only
from entities.models import Appointment, Phase
from entities.paging import page_of
from entities.proof import require_fresh

NEWEST = ("-created_at", "-id")
TONES = {
    Phase.AWAITING: "warning",
    Phase.COMING: "info",
    Phase.RUNNING: "success",
    Phase.CLOSED: "neutral",
    Phase.OVER: "neutral",
    Phase.ENDED: "neutral",
}


@dataclass(frozen=True)
class Entry:
    """One row of the list: the appointment, and what this reader can do with it."""

    appointment: Appointment
    phase: Phase
    tone: str
    named: bool
    may_approve: bool
    may_end: bool
    may_invite: bool


def entry(actor: Actor, row: Appointment) -> Entry:
    """Return a row for this reader. Only UNOCT reads the name behind an address that another organisation nominated."""
    phase, may_end = row.phase, appointments.may_end(actor, row) and not row.ended_at
    return Entry(
        appointment=row,
        phase=phase,
        tone=TONES[phase],
        named=bool(row.approved_at) or appointments.is_coordinator(actor),
        may_approve=phase == Phase.AWAITING and appointments.may_approve(actor, row),
        may_end=may_end,
        may_invite=may_end and phase in (Phase.RUNNING, Phase.COMING) and not row.user.has_usable_password(),
    )


@require_safe
@members_only
def designations(request: MemberRequest) -> HttpResponse:
    """The appointments this person may read: all for a coordinator of UNOCT, else those of their organisations."""
    actor = request.actor
    coordinates = appointments.is_coordinator(actor)
    if not coordinates and not actor.acting_for:
        raise Forbidden
    filters = AppointmentFilters(request.GET, appointments.visible_appointments(actor), request=request)
    if not coordinates:
        del filters.form.fields["organisation"], filters.form.fields["q"]
    page = page_of(filters.qs, request, ordering=NEWEST)
    context = {
        "filters": filters,
        "chips": chips(filters, request),
        "page": page,
        "entries": [entry(actor, row) for row in page],
        "coordinates": coordinates,
        "may_nominate": coordinates or appointments.headed_by(actor),
        "waiting": appointments.awaiting(actor).count() if coordinates else 0,
    }
    return render(request, "entities/designations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def designation_add(request: MemberRequest) -> HttpResponse:
    """Nominate a person; approval is another's."""
    if not (appointments.is_coordinator(request.actor) or appointments.headed_by(request.actor)):
        raise Forbidden
    require_fresh(request)
    form = NominationForm(request.actor, request.POST or None)
    if form.is_valid():
        try:
            appointments.nominate(actor=request.actor, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        except Conflict as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("Nominated. A coordinator of UNOCT approves it, then the person is invited."))
            return redirect("designations")
    return render(request, "entities/designation_add.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def designation_approve(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say what approval opens, then approve."""
    row = _find(request.actor, pk)
    require_fresh(request)
    if request.method == "POST":
        appointments.approve(actor=request.actor, appointment=row)
        messages.success(request, _("Approved. The appointment gives its rights from its first day."))
        return redirect("designations")
    if not appointments.may_approve(request.actor, row):
        raise Forbidden
    if row.phase != Phase.AWAITING:
        raise Conflict(steps=appointments.STEPS[row.phase])
    context = {"appointment": row, "invites": not row.user.has_usable_password()}
    return render(request, "entities/designation_approve.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def designation_end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason, say what ends, then end it."""
    row = _find(request.actor, pk)
    if not appointments.may_end(request.actor, row):
        raise Forbidden
    if row.ended_at:
        raise Conflict(steps=appointments.STEPS[row.phase])
    require_fresh(request)
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            appointments.end(actor=request.actor, appointment=row, reason=form.cleaned_data["reason"])
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, _("Ended. From now on it gives no right."))
            return redirect("designations")
    context = {"form": form, "entry": entry(request.actor, row)}
    return render(request, "entities/designation_end.html", context, status=400 if form.errors else 200)


@require_POST
@members_only
def designation_invite(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send the invitation again."""
    row = _find(request.actor, pk)
    require_fresh(request)
    appointments.invite(actor=request.actor, appointment=row)
    messages.success(request, _("The invitation is sent again; the link in it works once."))
    return redirect("designations")


def _find(actor: Actor, pk: UUID) -> Appointment:
    row = appointments.visible_appointments(actor).filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row

"""The pages of designations: the list, one appointment, nomination, approval, end and invitation."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entities import appointments, impersonation
from entities.access import MemberRequest, appointment_required
from entities.actors import Actor
from entities.appointments import progress
from entities.filters import AppointmentFilters, chips
from entities.forms import EndForm, NominationForm, add_conflict, add_errors
from entities.models import Appointment, Phase, Renewal
from entities.reauthentication import require_recent_login
from files import serving
from web import field_errors
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible
from web.pagination import page_of

NEWEST, OLDEST = ("-created_at", "-id"), ("created_at", "id")
TONES = {
    Phase.AWAITING: "warning",
    Phase.COMING: "info",
    Phase.RUNNING: "success",
    Phase.LAPSED: "danger",
    Phase.CLOSED: "neutral",
    Phase.OVER: "neutral",
    Phase.ENDED: "neutral",
}


@dataclass(frozen=True)
class Button:
    """One action the reader may take on this page: URL, label and consequence."""

    url: str
    label: str | Promise
    consequence: str | Promise = ""
    tone: str = "secondary"


@dataclass(frozen=True)
class Entry:
    """One row of the list: the appointment, as this reader may see it, and the actions available."""

    appointment: Appointment
    phase: Phase
    tone: str
    name: str
    other_name: str
    days: int | None
    old: bool
    may_approve: bool
    may_confirm: bool
    may_end: bool
    may_invite: bool
    may_read_letter: bool


def entry(actor: Actor, row: Appointment) -> Entry:
    """Return a row for this reader; only UNOCT sees the existing user's name for an address nominated by others."""
    phase, may_end = row.phase, appointments.may_end(actor, row) and not row.ended_at
    coordinates, waits = appointments.is_coordinator(actor), phase == Phase.AWAITING
    return Entry(
        appointment=row,
        phase=phase,
        tone=TONES[phase],
        name=progress.name_for(row, coordinates=coordinates),
        other_name=progress.other_name(row, coordinates=coordinates),
        days=progress.days_since(row.created_at) if waits else None,
        old=waits and progress.is_old(row.created_at),
        may_approve=waits and appointments.may_approve(actor, row),
        may_confirm=phase in (Phase.RUNNING, Phase.COMING) and appointments.may_confirm(actor, row),
        may_end=may_end,
        may_invite=may_end and phase in (Phase.RUNNING, Phase.COMING) and not row.user.has_usable_password(),
        may_read_letter=row.letter_id is not None and appointments.may_end(actor, row),
    )


@require_safe
@appointment_required
def designations(request: MemberRequest) -> HttpResponse:
    """List the appointments this user may read: all for a coordinator of UNOCT, else those of their organisations.

    Those that await approval come oldest first, all others newest first.
    """
    actor = request.actor
    coordinates = appointments.is_coordinator(actor)
    if not coordinates and not actor.acting_for:
        raise Forbidden
    filters = AppointmentFilters(request.GET, appointments.visible_appointments(actor), request=request)
    if not coordinates:
        del filters.form.fields["organisation"], filters.form.fields["q"]
    order = OLDEST if request.GET.get("phase") == Phase.AWAITING else NEWEST
    page = page_of(filters.qs, request, ordering=order)
    context = {
        "filters": filters,
        "chips": chips(filters, request),
        "page": page,
        "entries": [entry(actor, row) for row in page],
        "may_nominate": coordinates or appointments.headed_by(actor),
        "waiting": appointments.awaiting(actor).count() if coordinates else 0,
        "renewals": [asked(one) for one in _undecided(actor)],
        "unconfirmed": appointments.to_confirm(actor).to_be_confirmed_soon().count(),
    }
    return render(request, "entities/designations.html", context, status=field_errors.status_of(filters))


def _undecided(actor: Actor) -> list[Renewal]:
    """Return the renewals that wait for this user's decision, the oldest first, at most one screen of them."""
    rows = appointments.undecided(actor).select_related("appointment__user", "appointment__organisation", "asked_by")
    return list(rows.order_by("asked_at", "id")[:50])


def asked(renewal: Renewal) -> dict[str, object]:
    """Return one renewal with how long it has waited."""
    days, old = progress.days_since(renewal.asked_at), progress.is_old(renewal.asked_at)
    return {"renewal": renewal, "appointment": renewal.appointment, "days": days, "old": old}


@require_safe
@appointment_required
def designation(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show one appointment: its progress, terms and dates, and what this reader may do with it."""
    row = find(request.actor, pk)
    open_wish = row.renewals.filter(decided_at__isnull=True).select_related("asked_by").first()
    if open_wish:
        open_wish.appointment = row
    context = {
        "entry": entry(request.actor, row),
        "steps": progress.road(row),
        "renewal": open_wish,
        "buttons": buttons(request.actor, row, open_wish),
    }
    return render(request, "entities/designation.html", context)


def buttons(actor: Actor, row: Appointment, open_wish: Renewal | None) -> list[Button]:
    """Return the actions this reader may take on an appointment now, each with its consequence."""
    words = {
        "approve": (_("Approve"), _("The right exists from the first day on."), "primary"),
        "decide": (_("Decide on what was asked"), _("Grant it, or refuse with a reason."), "primary"),
        "confirm": (_("Confirm"), _("It runs for another half year without question."), "primary"),
        "extend": (_("Extend"), _("UNOCT approves the new last day."), "secondary"),
        "reinstate": (_("Let it run again"), _("It was not confirmed in time; UNOCT decides."), "primary"),
        "hand-over": (
            _("Hand over to a successor"), _("You nominate the successor; what is open passes to them."), "secondary"
        ),
        "view-as": (
            _("View as"),
            _("See the pages as this person sees them, for a quarter of an hour; nothing can be changed."), "secondary",
        ),
        "end": (_("End") if row.approved_at else _("Refuse"), _("At once, with a reason."), "danger"),
    }  # fmt: skip
    legal = set(appointments.steps(actor, row, open_wish))
    if row.phase == Phase.RUNNING and impersonation.may_view_as(actor, row):
        legal.add("view-as")
    return [
        Button(reverse(f"designation-{name}", args=[row.pk]), *said) for name, said in words.items() if name in legal
    ]


@require_safe
@appointment_required
def designation_letter(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Download the letter of nomination, for UNOCT and the focal points of the organisation."""
    row = find(request.actor, pk)
    if row.letter is None or not appointments.may_end(request.actor, row):
        raise NotVisible
    return serving.response(row.letter)


@require_http_methods(["GET", "HEAD", "POST"])
@appointment_required
def designation_add(request: MemberRequest) -> HttpResponse:
    """Nominate a person; approval needs another user."""
    if not (appointments.is_coordinator(request.actor) or appointments.headed_by(request.actor)):
        raise Forbidden
    require_recent_login(request)
    form = NominationForm(request.actor, request.POST or None, request.FILES or None)
    conflicts = False
    if form.is_valid():
        try:
            row = appointments.nominate(actor=request.actor, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        except Conflict as refusal:
            add_conflict(form, refusal)
            conflicts = True
        else:
            messages.success(request, _("Nominated. A coordinator of UNOCT approves it, then the person is invited."))
            return redirect("designation", row.pk)
    status = 409 if conflicts else field_errors.status_of(form)
    return render(request, "entities/designation_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@appointment_required
def designation_approve(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show what approval will grant, then approve."""
    row = find(request.actor, pk)
    allow(row, appointments.may_approve(request.actor, row), Phase.AWAITING)
    require_recent_login(request)
    if request.method == "POST":
        appointments.approve(actor=request.actor, appointment=row)
        messages.success(request, _("Approved. The appointment gives its rights from its first day."))
        return redirect("designation", pk)
    context = {"entry": entry(request.actor, row), "invites": not row.user.has_usable_password()}
    return render(request, "entities/designation_approve.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@appointment_required
def designation_end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason, show what ends, then end the appointment."""
    row = find(request.actor, pk)
    if not appointments.may_end(request.actor, row):
        raise Forbidden
    if row.ended_at:
        raise Conflict(steps=appointments.STEPS[row.phase])
    require_recent_login(request)
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
    return render(request, "entities/designation_end.html", context, status=field_errors.status_of(form))


@require_POST
@appointment_required
def designation_invite(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send the invitation again."""
    row = find(request.actor, pk)
    allow(row, appointments.may_end(request.actor, row), Phase.RUNNING, Phase.COMING)
    if row.user.has_usable_password():
        raise Conflict(steps=appointments.STEPS[row.phase])
    require_recent_login(request)
    appointments.invite(actor=request.actor, appointment=row)
    messages.success(request, _("The invitation is sent again; the link in it works once."))
    return redirect("designations")


def allow(row: Appointment, may: bool, *phases: Phase) -> None:
    """Return if this transition is allowed. Raises Forbidden or Conflict; called before the proof of identity."""
    if not may:
        raise Forbidden
    if row.phase not in phases:
        raise appointments.wrong_phase(row)


def find(actor: Actor, pk: UUID) -> Appointment:
    """Return an appointment this user may read. Raises NotVisible."""
    row = appointments.visible_appointments(actor).filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row

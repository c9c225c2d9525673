"""The pages of one's own appointments: progress, deputy and absence."""

from datetime import date
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from entities.access import MemberRequest, appointment_required
from entities.actors import Actor
from entities.appointments import absence, progress, visible_appointments
from entities.forms import AwayForm, add_errors
from entities.models import Appointment, Phase
from entities.views.designations import TONES
from web import field_errors
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible


@require_safe
def my_appointments(request: MemberRequest) -> HttpResponse:
    """Show the reader's own appointments and nominations, without what others wrote about them."""
    person = request.actor.user
    rows = Appointment.objects.filter(user=person).with_deputy().select_related("user", "organisation")
    has_factor = is_mfa_enabled(person)
    entries = [
        {
            "appointment": row,
            "phase": row.phase,
            "tone": TONES[row.phase],
            "steps": progress.road(row, has_factor=has_factor),
            "days": progress.days_since(row.created_at) if row.phase == Phase.AWAITING else None,
            "runs": row.phase == Phase.RUNNING,
            "absence": absence.absence_of(row),
        }
        for row in rows.prefetch_related("absences").order_by("-created_at", "-id")
    ]
    return render(request, "entities/my_appointments.html", {"entries": entries})


@require_http_methods(["GET", "HEAD", "POST"])
@appointment_required
def appointment_away(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Name a deputy and a period of absence, for oneself or for somebody of one's organisation."""
    row = _find(request.actor, pk)
    if not absence.may_arrange(request.actor, row):
        raise Forbidden
    if row.phase != Phase.RUNNING:
        raise Conflict
    planned = absence.absence_of(row)
    people = User.objects.filter(pk__in=absence.deputies(row).values("user")).order_by("name", "pk")
    initial = {"deputy": row.deputy_id, **({"since": planned.since, "until": planned.until} if planned else {})}
    form = AwayForm(people, request.POST or None, initial=initial)
    if form.is_valid():
        try:
            _arrange(request.actor, row, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, _("Saved. While the absence runs, mail goes to the deputy."))
            return redirect("my-appointments" if row.user_id == request.actor.user.pk else "directory")
    context = {"form": form, "appointment": row, "absence": planned}
    return render(request, "entities/appointment_away.html", context, status=field_errors.status_of(form))


@transaction.atomic
def _arrange(actor: Actor, row: Appointment, *, deputy: User | None, since: date | None, until: date | None) -> None:
    absence.name_deputy(actor=actor, appointment=row, deputy=deputy)
    if since and until:
        absence.be_absent(actor=actor, appointment=row, since=since, until=until)


@require_POST
@appointment_required
def appointment_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """End the current absence, or delete the coming one."""
    row = _find(request.actor, pk)
    absence.come_back(actor=request.actor, appointment=row)
    messages.success(request, _("Welcome back. Mail comes to you again."))
    return redirect("my-appointments" if row.user_id == request.actor.user.pk else "directory")


def _find(actor: Actor, pk: UUID) -> Appointment:
    """Return one's own running appointment, or one this person may read. Raises NotVisible."""
    row = next((one for one in actor.appointments if one.pk == pk), None)
    row = row or visible_appointments(actor).filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row

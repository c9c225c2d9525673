"""The page of one's own appointments: where each stands and how old it is, also for who has none that runs."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from entities.appointments import standing
from entities.designations import TONES
from entities.membership import MemberRequest
from entities.models import Appointment, Phase


@require_safe
def my_appointments(request: MemberRequest) -> HttpResponse:
    """The reader's own appointments and nominations. What others wrote about them is not shown here."""
    rows = Appointment.objects.filter(user=request.actor.user).select_related("user", "organisation")
    entries = [
        {
            "appointment": row,
            "phase": row.phase,
            "tone": TONES[row.phase],
            "steps": standing.road(row),
            "days": standing.days_since(row.created_at) if row.phase == Phase.AWAITING else None,
        }
        for row in rows.order_by("-created_at", "-id")
    ]
    return render(request, "entities/my_appointments.html", {"entries": entries})

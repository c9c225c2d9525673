"""Pending work on appointments: nominations and renewals to decide, and confirmations to give."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from accounts.mail.messages import render_subject
from accounts.models import Delivery
from entities import pending_work
from entities.actors import Actor, actor_of
from entities.appointments.notifications import CONFIRM, DECIDE, NOMINATED, subject_of
from entities.appointments.progress import name_for
from entities.appointments.rules import awaiting, headed_by, is_coordinator, to_confirm, undecided, visible_appointments
from entities.models import Appointment, Role


def open_items(appointment: Appointment, reader: Actor) -> list[pending_work.OpenItem]:
    """Return what the holder of this appointment has to decide or confirm, as far as the reader may read it."""
    post = Actor(user=appointment.user, appointments=(appointment,))
    waiting: list[tuple[str, Appointment, datetime | None]] = [
        (NOMINATED, row, row.created_at) for row in awaiting(post).order_by("created_at", "id")
    ]
    wishes = undecided(post).select_related("appointment__organisation").order_by("asked_at", "id")
    waiting += [(DECIDE, wish.appointment, wish.asked_at) for wish in wishes]
    waiting += [(CONFIRM, row, None) for row in to_confirm(post).to_be_confirmed_soon().order_by("confirm_by", "id")]
    read = set(
        visible_appointments(reader).filter(pk__in=[row.pk for _m, row, _s in waiting]).values_list("pk", flat=True)
    )
    return [
        pending_work.OpenItem(
            render_subject(message, {}),
            name_for(row, coordinates=is_coordinator(reader)),
            row.organisation.short,
            since,
            reverse("designation", args=[row.pk]),
        )
        for message, row, since in waiting
        if row.pk in read
    ]


def asked_of(appointment: Appointment, notifications: Iterable[Delivery]) -> list[Delivery]:
    """Return the notifications that ask a coordinator to decide, or the holder of this appointment to confirm.

    A coordinator confirms where no focal point can; where the coordinator is also focal point of that organisation, the
    request belongs to that appointment.
    """
    rows = [row for row in notifications if row.message in (NOMINATED, DECIDE, CONFIRM)]
    about = {
        subject_of(one): one.organisation_id
        for one in Appointment.objects.filter(pk__in=[row.subject.partition(":")[2] for row in rows])
    }
    if is_coordinator(Actor(appointment.user, (appointment,))):
        elsewhere = headed_by(actor_of(appointment.user))
        return [row for row in rows if row.message != CONFIRM or about.get(row.subject) not in elsewhere]
    if appointment.role != Role.FOCAL_POINT:
        return []
    return [row for row in rows if row.message == CONFIRM and about.get(row.subject) == appointment.organisation_id]

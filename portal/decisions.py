"""Nominations and changes of appointments that wait for the reader's decision, as tasks like those over records."""

from datetime import datetime

from django.urls import reverse

from accounts.mail.messages import render_subject
from accounts.matters import Matter
from assistance.workflow.pending_work import MOST, Task
from assistance.workflow.transition import RESPOND
from entities.actors import Actor
from entities.appointments import awaiting, is_coordinator, undecided
from entities.appointments.notifications import DECIDE, NOMINATED, subject_of
from entities.appointments.progress import name_for
from entities.models import Appointment


def to_decide(actor: Actor) -> list[Task]:
    """Return the nominations and changes of appointments that this actor may decide on, in two queries."""
    nominated = awaiting(actor).order_by("created_at", "id")[:MOST]
    asked = undecided(actor).select_related("appointment__user", "appointment__organisation")
    return [
        *(_task(actor, row, NOMINATED, row.created_at) for row in nominated),
        *(_task(actor, one.appointment, DECIDE, one.asked_at) for one in asked.order_by("asked_at", "id")[:MOST]),
    ]


def _task(actor: Actor, row: Appointment, message: str, since: datetime) -> Task:
    name = name_for(row, coordinates=is_coordinator(actor))
    matter = Matter(name, facts=(row.get_role_display(), row.organisation.short))
    url = reverse("designation", args=[row.pk])
    return Task(subject_of(row), render_subject(message, {}), matter, since, None, url, RESPOND)

"""Date-driven reminders and handovers of appointments; rights do not depend on them, as they end by their dates.

Every reminder has an event id made from its subject, so a second run, or a second scheduler, queues nothing twice.
"""

import uuid
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts.mail import outbox
from accounts.models import Delivery
from entities.appointments.handover import pass_on_what_is_due
from entities.appointments.notifications import CONFIRM, SOURCE, WAITING, coordinators, focal_points, tell
from entities.appointments.progress import OLD
from entities.appointments.rules import parties
from entities.delegation import recipients
from entities.local_days import today_of
from entities.models import Appointment, Phase

NAMES = UUID("6f0bd4b6-6b0b-4a52-9d3f-0a4f2f1c7c11")
BEFORE = (timedelta(days=7), timedelta(days=30))  # the nearest threshold that has passed is the one that is sent


def run() -> int:
    """Send every reminder and do every handover that is due; return how many. Safe to run twice or concurrently."""
    return pass_on_what_is_due() + _ask_to_confirm() + _remind_of_nominations()


def _event(*about: object) -> UUID:
    return uuid.uuid5(NAMES, " ".join(map(str, about)))


def _new(events: dict[UUID, Appointment]) -> dict[UUID, Appointment]:
    """Return the events without a reminder yet."""
    told = set(Delivery.objects.filter(event__in=events).values_list("event", flat=True))
    return {event: row for event, row in events.items() if event not in told}


def _ask_to_confirm() -> int:
    soon = Appointment.objects.current().to_be_confirmed_soon()
    due: dict[UUID, Appointment] = {}
    for row in soon.with_cover().select_related("user", "organisation"):
        before = next(span for span in BEFORE if row.confirm_by - today_of(row.organisation) <= span)
        due[_event("confirm", row.pk, row.confirm_by, before.days)] = row
    new = _new(due)
    for event, row in new.items():
        _ask_one(event, row)
    return len(new)


def _ask_one(event: UUID, row: Appointment) -> None:
    """Ask the other focal points to confirm, or UNOCT if there are none, and notify the user."""
    who = list(focal_points(row.organisation).exclude(user=row.user_id))
    if not who:
        who = list(coordinators().exclude(user=row.user_id))
    tell(CONFIRM, row, recipients(who, asked=[one.pk for one in who]), event=event)
    tell(CONFIRM, row, recipients([row]), event=event, path=reverse("my-appointments"))


def _remind_of_nominations() -> int:
    """Remind the coordinators, once a week, of nominations that have waited for longer than a week."""
    old = Appointment.objects.in_phase(Phase.AWAITING).filter(created_at__lt=timezone.now() - OLD)
    waiting = list(old.select_related("predecessor"))
    if not waiting:
        return 0
    year, week, _day = timezone.now().date().isocalendar()
    event = _event("nominations", year, week)
    if Delivery.objects.filter(event=event).exists():
        return 0
    may = [one for one in coordinators() if any(one.user_id not in parties(row) for row in waiting)]
    outbox.enqueue(
        event=event, source=SOURCE, subject=WAITING, message="nominations_waiting", values={},
        path=f"{reverse('designations')}?phase=awaiting", recipients=recipients(may),
    )  # fmt: skip
    return 1

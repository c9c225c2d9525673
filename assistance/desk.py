"""What lies on a desk of the work: what waits for the holder of an appointment, and which asks pass to a successor."""

from collections.abc import Iterable

from accounts.models import Delivery
from assistance import dashboard
from assistance.notifications import RULES, SOURCE, SUBJECTS, may_be_told
from assistance.wall import lifted
from entities import desks
from entities.actors import Actor
from entities.models import TOLD_ROLES, Appointment

ASKS = {rule.message: rule.asks for rule in RULES.values() if rule.asks}


def open_items(appointment: Appointment, reader: Actor) -> list[desks.OpenItem]:
    """Return what waits for the holder in the name of this organisation, as far as the reader may know of it."""
    office = Actor(user=appointment.user, appointments=(appointment,), groups=reader.groups)
    tasks = dashboard.tasks(office)
    told = may_be_told(reader.user, {task.subject for task in tasks})
    return [desks.OpenItem(t.text, t.reference, t.since, t.url) for t in tasks if t.subject in told]


def asked_of(appointment: Appointment, notifications: Iterable[Delivery]) -> list[Delivery]:
    """Return those by which something is asked of this post's organisation, as the table of messages says."""
    if appointment.role not in TOLD_ROLES:
        return []
    wanted: dict[tuple[str, str], list[Delivery]] = {}
    for row in notifications:
        kind, _colon, pk = row.subject.partition(":")
        if kind in SUBJECTS and row.message in ASKS:
            wanted.setdefault((kind, pk), []).append(row)
    names = {appointment.organisation_id, appointment.organisation.slug}
    found: list[Delivery] = []
    for kind, model in SUBJECTS.items():
        keys = [pk for other, pk in wanted if other == kind]
        with lifted():  # whoever approves a successor need not see what the bell asks of the post
            for subject in model._default_manager.filter(pk__in=keys) if keys else ():
                found += [row for row in wanted[kind, str(subject.pk)] if names & ASKS[row.message](subject)]
    return found


desks.register(SOURCE, desks.Desk("assistance.desk.open_items", "assistance.desk.asked_of"))

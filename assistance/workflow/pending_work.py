"""Pending work: the tasks of all aggregates, and the requests that move on when an appointment changes hands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from accounts.matters import Matter
from accounts.models import Delivery
from assistance import registry
from assistance.access.row_security import bypass
from assistance.workflow.naming import matter_of
from assistance.workflow.notifications import SOURCE, Parts, may_be_told, subject_of
from assistance.workflow.transition import Transition
from entities import pending_work
from entities.actors import Actor
from entities.models import TOLD_ROLES, Appointment
from web.dates import days_since

MOST = 20  # most tasks of one kind


@dataclass(frozen=True)
class Task:
    """One task of the reader: what it is about, what is asked, since when, due when, and the page that answers it.

    `action` are the words on its button, `for_others` the text for those who do not have the task. `required_by` is the
    day on which the assistance is required, which says nothing on when the task is due.
    """

    subject: str
    text: str | Promise
    matter: Matter
    since: datetime | None
    due: date | None
    url: str
    action: str | Promise
    required_by: date | None = None
    for_others: str | Promise = ""

    @classmethod
    def of(
        cls,
        row: Any,
        text: str | Promise,
        step: Transition,
        *,
        since: datetime | None,
        due: date | None = None,
        required_by: date | None = None,
        for_others: str | Promise = "",
    ) -> "Task":
        """Return a task about a row that was loaded with its names (`naming.with_names`); `step` completes it."""
        url = reverse(row.url_name("decide"), args=[row.pk])
        said = for_others or text
        return cls(subject_of(row), text, matter_of(row), since, due, url, step.task_label, required_by, said)

    @property
    def reference(self) -> str:
        """The reference number of the row."""
        return self.matter.reference

    @property
    def days(self) -> int | None:
        """The number of days until it is due; negative when it is overdue, None without a date."""
        return None if self.due is None else (self.due - timezone.now().date()).days

    @property
    def overdue(self) -> int:
        """By how many days it is overdue; 0 if it is not."""
        return max(0, -(self.days or 0))

    @property
    def age(self) -> int | None:
        """For how many days it has waited, counted as lists do."""
        return None if self.since is None else days_since(self.since)


def tasks(actor: Actor) -> list[Task]:
    """Return the tasks of this actor, one for each matter: what is due first, then what has waited longest."""
    return in_order(task for aggregate in registry.aggregates() for task in aggregate.pending(actor))


def in_order(found: Iterable[Task]) -> list[Task]:
    """Return tasks, one for each matter: what is due first, then what has waited longest."""
    now = timezone.now()
    rows = sorted(found, key=lambda task: (task.due or date.max, task.since or now))
    return list({task.subject: task for task in reversed(rows)}.values())[::-1]


def open_items(appointment: Appointment, reader: Actor) -> list[pending_work.OpenItem]:
    """Return the tasks of the holder of this appointment, as far as `reader` may see their subjects."""
    office = Actor(appointment.user, (appointment,), reader.groups, version=reader.version)
    found = tasks(office)
    told = may_be_told(reader.user, {task.subject for task in found})
    return [
        pending_work.OpenItem(task.for_others, task.matter.title, task.reference, task.since, task.url)
        for task in found
        if task.subject in told
    ]


def asked_of(appointment: Appointment, notifications: Iterable[Delivery]) -> list[Delivery]:
    """Return those notifications that ask the organisation of this appointment to act, by the table of messages."""
    if appointment.role not in TOLD_ROLES:
        return []
    asks = _asking()
    wanted: dict[tuple[str, str], list[Delivery]] = {}
    for row in notifications:
        kind, _colon, pk = row.subject.partition(":")
        if row.message in asks:
            wanted.setdefault((kind, pk), []).append(row)
    names = {appointment.organisation_id, appointment.organisation.slug}
    found: list[Delivery] = []
    for aggregate in registry.aggregates():
        keys = [pk for kind, pk in wanted if kind == aggregate.name]
        with bypass():  # whoever approves a successor need not see the rows that the requests are about
            for subject in aggregate.model._default_manager.filter(pk__in=keys) if keys else ():
                own = wanted[aggregate.name, str(subject.pk)]
                found += [row for row in own if names & asks[row.message](subject)]
    return found


def _asking() -> dict[str, Parts]:
    """Return message name → the parties it asks to act, for the messages that ask for something."""
    rules = (rule for aggregate in registry.aggregates() for rule in aggregate.messages.values())
    return {rule.message.name: rule.asks for rule in rules if rule.asks}


pending_work.register(
    SOURCE,
    pending_work.Source("assistance.workflow.pending_work.open_items", "assistance.workflow.pending_work.asked_of"),
)

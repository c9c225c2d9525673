"""Sends the reminders of clocks and runs their ends, each once, whoever runs it and however often.

A deadline is locked after its row, as transitions lock them, and looked at again under the lock: two schedulers, a clock
that was set back and a second run find that it is done.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from assistance import registry
from assistance.access import row_security
from assistance.access.models import Restricted, text_columns
from assistance.workflow import dues, notifications
from assistance.workflow.clocks import Clock, moments, passed
from assistance.workflow.engine import record
from assistance.workflow.models import CLOCKED, DoneHow, Due, Event, Snooze

CHUNK = 500  # rows whose clocks are started in one transaction


def run(now: datetime) -> int:
    """Do everything that is due at `now`; return how many reminders were sent and clocks ended."""
    with row_security.bypass():
        start_missing(now)
        move_by_absences()
        waiting = Due.objects.filter(done_at=None, next_at__lte=now).order_by("next_at", "pk")
        count = sum(_run_one(pk, now) for pk in list(waiting.values_list("pk", flat=True)))
        asked = Snooze.objects.filter(asked_at=None, ends_at__lte=now, due__done_at=None).order_by("ends_at", "pk")
        return count + sum(_ask_again(pk, now) for pk in list(asked.values_list("pk", flat=True)))


# ── Deadlines that are missing, or have moved ────────────────────────────────
def start_missing(now: datetime) -> int:
    """Start the clocks of rows on which they should run and that never had one, such as imported ones; return how many."""
    return sum(_start_missing(own, clock, now) for own in registry.aggregates() for clock in own.clocks)


def _start_missing(own: registry.Aggregate, clock: Clock, now: datetime) -> int:
    if clock.running is None:
        return 0
    model: Any = own.model
    known = Due.objects.filter(**{own.name: OuterRef("pk")}, kind=clock.kind)
    keys = list(model._default_manager.filter(clock.is_running()).exclude(Exists(known)).values_list("pk", flat=True))
    return sum(_start_some(own, clock, keys[at : at + CHUNK], now) for at in range(0, len(keys), CHUNK))


@transaction.atomic
def _start_some(own: registry.Aggregate, clock: Clock, keys: list[UUID], now: datetime) -> int:
    model: Any = own.model
    began = Event.objects.filter(**{own.name: OuterRef("pk")}, name__in=clock.starts).order_by("-at").values("at")[:1]
    known = Due.objects.filter(**{own.name: OuterRef("pk")}, kind=clock.kind)
    rows = model._default_manager.filter(clock.is_running(), pk__in=keys).exclude(Exists(known)).order_by("pk")
    rows = rows.select_for_update(of=("self",)).annotate(began=Subquery(began)).defer(*text_columns(model))
    found = list(rows.select_related(*clock.reads) if clock.reads else rows)
    return len(dues.start(found, clock, lambda row: row.began or now)) if found else 0


def move_by_absences() -> int:
    """Set anew when deadlines are due whose organisations have recorded or ended absences; return how many moved."""
    running = list(Due.objects.filter(done_at=None, counts_from__isnull=False))
    away, count = dues.absences(running), 0
    for due in running:
        before = (due.due_at, due.next_at)
        dues.set_moments(due, away)
        if before != (due.due_at, due.next_at):
            same = Due.objects.filter(pk=due.pk, done_at=None, counts_from=due.counts_from, rung=due.rung)
            count += same.update(due_at=due.due_at, next_at=due.next_at)
    return count


# ── One deadline ─────────────────────────────────────────────────────────────
def locked(pk: UUID) -> tuple[Due, Restricted]:
    """Return a deadline and its row, both locked: the row first, and before it the one its aggregate locks first.

    Raises Due.DoesNotExist.
    """
    named = Due.objects.only("pk", *CLOCKED).get(pk=pk)
    row = _lock_row(CLOCKED[named.subject_name], getattr(named, f"{named.subject_name}_id"))
    due = Due.objects.select_for_update(of=("self",)).select_related("owed_by", "owed_to").get(pk=pk)
    setattr(due, due.subject_name, row)
    return due, row


def _lock_row(model: Any, key: object) -> Any:
    first = registry.of(model).locked_with
    other = None
    if first:
        other_key = model._default_manager.values_list(f"{first}_id", flat=True).get(pk=key)
        other = model._meta.get_field(first).related_model._default_manager.select_for_update().get(pk=other_key)
    row = model._default_manager.select_for_update(of=("self",)).get(pk=key)
    if other is not None:
        setattr(row, first, other)
    return row


@transaction.atomic
def _run_one(pk: UUID, now: datetime) -> bool:
    due, row = locked(pk)
    if due.done_at or not due.next_at or due.next_at > now or not due.due_at:
        return False
    clock, unasked = due.clock, due.clock.keeps_notice and not due.rung
    if clock.at_end and due.due_at <= now and not unasked:
        dues.close([due], DoneHow.LAPSED, now)
        clock.at_end(row)
        return True
    away = dues.absences([due])
    days = away.get(due.owed_by_id, [])
    due_moments = moments(clock, due.position, days)
    number = max((n for n, moment in enumerate(due_moments, 1) if moment <= now), default=due.rung)
    number = min(number, 1) if unasked else number
    sent = False
    if number > due.rung and not due.is_silent:
        event = clock.rungs[number - 1].event
        before = _sent_before(due, row, event)
        sent, due.reminded_at = not before, before or now
        if sent:
            _remind(due, row, event, now)
        if unasked:
            due.left += max(timedelta(), passed(due_moments[0], due.reminded_at, days))
    due.rung = max(due.rung, number)
    dues.set_moments(due, away)
    due.save(update_fields=["rung", "reminded_at", "left", "due_at", "next_at"])
    return sent


def _sent_before(due: Due, row: Restricted, event: str) -> datetime | None:
    """Return when the event of a reminder was recorded since the deadline began; None if it was not."""
    if not event:
        return None
    found = Event.objects.filter(**{due.subject_name: row}, name=event, at__gte=due.starts_at)
    return found.order_by("at").values_list("at", flat=True).first()


def _remind(due: Due, row: Restricted, event: str, now: datetime) -> None:
    """Record one reminder, which notifies all who did not ask to be left alone."""
    silent = set(Snooze.objects.filter(due=due, ends_at__gt=now).values_list("person", flat=True))
    if event:
        record(event, row, actor=None, without=silent)
        return
    subject: dict[str, Any] = {due.subject_name: row}
    record("due_reminder", due, actor=None, without=silent, **subject)


@transaction.atomic
def _ask_again(pk: UUID, now: datetime) -> bool:
    """Remind one person of a deadline on the day they chose."""
    snooze = Snooze.objects.select_for_update().filter(pk=pk, asked_at=None, ends_at__lte=now).first()
    if snooze is None:
        return False
    due = Due.objects.select_related("owed_by", "owed_to", *CLOCKED).get(pk=snooze.due_id)
    snooze.asked_at = now
    snooze.save(update_fields=["asked_at"])
    rule = registry.of(due).messages["due_reminder"]
    people = notifications.recipients_of(rule, due, None, only=snooze.person_id)
    notifications.enqueue_again(due, rule, people)
    return bool(people)

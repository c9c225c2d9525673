"""Starts, answers, pauses and resumes clocks with the events of their rows, in the transaction that records the event.

All is done by set: as many statements for the events of a thousand rows as for that of one. Events of which no clock
takes note cost nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from assistance import registry
from assistance.access import audiences, policy, row_security
from assistance.access.models import Restricted
from assistance.access.rules import known_offices
from assistance.workflow.clocks import Clock, due_at, next_at, passed, passed_over
from assistance.workflow.models import SHORT, DoneHow, Due, Event
from assistance.workflow.notifications import settle
from entities import working_days
from entities.actors import CTED, UNOCT, Actor
from entities.appointments.absence import days_without_anybody
from entities.models import Organisation

REMINDERS = ("due_reminder", "due_nudged")  # the messages about a deadline that ask for what is owed
Away = dict[UUID, list[date]]


def follow(events: Sequence[Event], rows: Sequence[Restricted]) -> None:
    """Let events of one name, about these rows of one kind, act on the clocks that take note of them."""
    name, model = events[0].name, type(rows[0])
    moments = {row.pk: event.at for event, row in zip(events, rows, strict=True)}
    for own, clock, relation in _listening(name, model):
        with row_security.bypass():
            if relation:
                dues = Due.objects.filter(**{f"{own.name}__{relation}__in": rows})
                _act_beside(clock, relation, name)(dues, clock, events[0].at)
            else:
                _act(own, clock, name, rows, moments)


def answer(rows: Sequence[Restricted], kind: str) -> None:
    """Close what is owed about these rows by the clock of this kind: it was answered otherwise than by its events."""
    if rows:
        with row_security.bypass():
            _close(_about(rows), registry.clock(kind), timezone.now())


def start(rows: Sequence[Any], clock: Clock, began: Callable[[Any], datetime]) -> list[Due]:
    """Start a clock on each of these rows of one kind that has the two parties and a length; return what is owed now."""
    with row_security.bypass():
        return _start(rows, clock, began)


def close(dues: Sequence[Due], how: DoneHow, at: datetime) -> None:
    """Record that these deadlines are done, and that the reminders of them ask for nothing any more."""
    reminded = [due for due in dues if due.reminded_at]
    Due.objects.filter(pk__in=[due.pk for due in dues]).update(done_at=at, done_how=how, next_at=None)
    if reminded:
        settle(reminded, REMINDERS)


def absences(dues: Iterable[Due]) -> Away:
    """Return the days on which nobody could act, by organisation, for those that owe these running deadlines."""
    counted = [due for due in dues if due.counts_from and due.clock.skips_absence]
    first = min((due.counts_from.date() for due in counted if due.counts_from), default=None)
    return days_without_anybody({due.owed_by_id for due in counted}, first) if first else {}


def set_moments(due: Due, away: Away) -> None:
    """Set when a running deadline is due and when to look at it, without saving it."""
    days = away.get(due.owed_by_id, []) if due.clock.skips_absence else []
    due.due_at = due_at(due.position.counts_from, due.left, days)
    due.next_at = next_at(due.clock, due.position, days)


def days_due(actor: Actor, rows: Sequence[Any], kind: str) -> dict[UUID, date]:
    """Return row → the day on which its open deadline of this kind is due, for those that this actor sees; one statement."""
    if not rows:
        return {}
    name = rows[0].record_name()
    found = policy.visible(actor, Due).filter(**{f"{name}__in": rows}, kind=kind, done_at=None, due_at__isnull=False)
    return {getattr(due, f"{name}_id"): due.due_on for due in found.select_related("owed_by") if due.due_on}


# ── What an event does ───────────────────────────────────────────────────────
def _listening(name: str, model: type[Restricted]) -> Iterator[tuple[registry.Aggregate, Clock, str]]:
    """Yield the clocks that take note of an event about such a row, each with the relation to it from their subject."""
    for own in registry.aggregates():
        for clock in own.clocks:
            if own.model is model and name in clock.events:
                yield own, clock, ""
            for on in (clock.answered_on, clock.paused_on, clock.resumed_on):
                for relation, names in on.items():
                    if name in names and own.model._meta.get_field(relation).related_model is model:
                        yield own, clock, relation


def _act_beside(clock: Clock, relation: str, name: str) -> Callable[[Any, Clock, datetime], None]:
    """Return what an event of a related row does to deadlines."""
    if name in clock.paused_on.get(relation, ()):
        return _pause
    return _resume if name in clock.resumed_on.get(relation, ()) else _close


def _act(own: registry.Aggregate, clock: Clock, name: str, rows: Sequence[Any], moments: dict[Any, datetime]) -> None:
    at = next(iter(moments.values()))
    if name in clock.paused_by:
        _pause(_about(rows), clock, at)
    elif name in clock.resumed_by:
        _resume(_about(rows), clock, at)
    elif name in clock.starts:
        _restart(rows, clock, lambda row: moments[row.pk])
    else:
        _close(_about(rows), clock, at)


def _about(rows: Sequence[Restricted]) -> Any:
    return Due.objects.filter(**{f"{rows[0].record_name()}__in": rows})


def _open(dues: Any, clock: Clock) -> list[Due]:
    return list(dues.filter(kind=clock.kind, done_at=None).select_related("owed_by"))


def _close(dues: Any, clock: Clock, at: datetime) -> None:
    if found := _open(dues, clock):
        close(found, DoneHow.EVENT, at)


def _pause(dues: Any, clock: Clock, at: datetime) -> None:
    running = [due for due in _open(dues, clock) if due.counts_from]
    away = absences(running)
    for due in running:
        days = away.get(due.owed_by_id, []) if clock.skips_absence else []
        due.left -= passed(due.position.counts_from, at, days)
        due.counts_from = due.due_at = due.next_at = None
    Due.objects.bulk_update(running, ["counts_from", "left", "due_at", "next_at"])


def _resume(dues: Any, clock: Clock, at: datetime) -> None:
    paused = [due for due in _open(dues, clock) if not due.counts_from]
    for due in paused:
        due.counts_from = at
    away = absences(paused)
    for due in paused:
        set_moments(due, away)
    Due.objects.bulk_update(paused, ["counts_from", "due_at", "next_at"])


def _restart(rows: Sequence[Any], clock: Clock, began: Callable[[Any], datetime]) -> None:
    """Start the clock of these rows; what was owed until now is answered.

    A date of its own that is the same as before starts nothing: an edit of other fields sends no reminder again.
    """
    name = rows[0].record_name()
    before = {getattr(due, f"{name}_id"): due for due in _open(_about(rows), clock)}
    if clock.own_date and before:
        parties = _Parties(rows, clock)
        rows = [row for row in rows if row.pk not in before or not _is_same(before[row.pk], row, clock, parties)]
    if over := [before[row.pk] for row in rows if row.pk in before]:
        close(over, DoneHow.EVENT, max(began(row) for row in rows))
    if rows:
        _start(rows, clock, began)


def _is_same(due: Due, row: Any, clock: Clock, parties: "_Parties") -> bool:
    """Return whether the date of the row is the one that counts already; a paused clock keeps its date."""
    owing = parties.owed_by(row)
    if owing is None or due.owed_by != owing:
        return False
    return due.counts_from is None or clock.length(row, due.counts_from, owing, ()) == due.left


def _start(rows: Sequence[Any], clock: Clock, began: Callable[[Any], datetime]) -> list[Due]:
    name, parties = rows[0].record_name(), _Parties(rows, clock)
    moments = {row.pk: clock.since(row) if clock.since else began(row) for row in rows}
    holidays = working_days.holidays_from(min(moments.values()).date() - working_days.DAY) if clock.working_days else ()
    last = dict(_about(rows).filter(kind=clock.kind).order_by("starts_at").values_list(f"{name}_id", "starts_at"))
    silent = clock.refusers(rows) if clock.refusers else ()
    dues = []
    for row in rows:
        owing, owed, since = parties.owed_by(row), parties.owed_to(row), moments[row.pk]
        length = clock.length(row, since, owing, holidays) if owing and owed else None
        if length is None:
            continue
        starts_at = max(since, last[row.pk] + SHORT) if row.pk in last else since
        dues.append(
            Due(
                kind=clock.kind, owed_by=owing, owed_to=owed, starts_at=starts_at, counts_from=since, left=length,
                is_silent=row.pk in silent, **{name: row},
            )
        )  # fmt: skip
    if dues:
        away = absences(dues)
        for due in dues:
            due.rung = passed_over(clock, due.position, away.get(due.owed_by_id, []) if clock.skips_absence else [])
            set_moments(due, away)
        with known_offices(parties.offices):
            audiences.assign_audiences(dues, fetched=True)
        Due.objects.bulk_create(dues)
    return dues


class _Parties:
    """Who owes and is owed about some rows: their organisations, and the two offices, in one statement."""

    def __init__(self, rows: Sequence[Any], clock: Clock) -> None:
        self.clock = clock
        named = {party(row) for row in rows for party in (clock.owed_by, clock.owed_to)}
        keys = {one for one in named if isinstance(one, UUID)}
        slugs = {CTED, UNOCT, *(one for one in named if isinstance(one, str))}
        found = list(Organisation.objects.filter(Q(pk__in=keys) | Q(slug__in=slugs)).order_by())
        self.known: dict[UUID | str | None, Organisation] = {one.pk: one for one in found}
        self.known |= {one.slug: one for one in found}
        self.offices = {one.slug: one.group_id for one in found if one.slug in (CTED, UNOCT)}

    def owed_by(self, row: Any) -> Organisation | None:
        """Return the organisation that owes, or None."""
        return self.known.get(self.clock.owed_by(row))

    def owed_to(self, row: Any) -> Organisation | None:
        """Return the organisation that is owed, or None."""
        return self.known.get(self.clock.owed_to(row))

"""The transition engine: lock the row; ask policy; check table and guards; write row and event; queue messages."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance import registry
from assistance.access import audiences, audit_subjects, policy, row_security
from assistance.access.models import Restricted
from assistance.workflow import dues, notifications
from assistance.workflow.models import Batch, Event
from assistance.workflow.transition import Transition
from audit import log
from audit.kinds import Kind
from audit.models import Entry
from entities.actors import Actor, post_in_words
from entities.models import Appointment
from web.exceptions import Conflict, Invalid, NotVisible, StaleSave
from web.lists import enumerated
from web.phrases import sentences


@dataclass
class TransitionContext:
    """A transition in progress: the locked row, the actor with their appointment, and what will be recorded.

    Where a date has passed, nobody acts: actor and appointment are None.
    """

    row: Any
    actor: Actor | None
    appointment: Any
    event: str
    before: str
    reason: str = ""
    also: dict[str, Any] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)

    def set(self, **values: Any) -> None:
        """Change fields of the row; only fields set here are saved."""
        for name, value in values.items():
            setattr(self.row, name, value)
        self.changed += values


def run_transition(name: str, model: type[Restricted], pk: object, *, actor: Actor, **values: Any) -> Any:
    """Call the function of a transition and return the row.

    Raises NotVisible for an unknown name, and whatever the function raises.
    """
    function = registry.of(model).functions.get(name)
    if function is None:
        raise NotVisible
    return function(actor=actor, **{model.record_name(): pk}, **values)


def available_transitions(actor: Actor, row: Restricted) -> list[Transition]:
    """Return the transitions this actor may run on this row now: the buttons of pages and ``transitions`` of the API."""
    table = registry.of(row).transitions.values()
    return [t for t in table if _is_source(t, row) and policy.may(actor, t, row) and _allows(t, row)]


class AvailableTransitions:
    """What `available_transitions` returns, for many rows of one kind: what they have in common is computed once.

    Rows of one class have the same status, and the same of the reader's organisations in the columns that say who may
    act. Of what is left to them, only transitions with guards or with a party of the aggregate's own ask the row.
    """

    def __init__(self, actor: Actor, model: type[Restricted]) -> None:
        self.actor, self.own, self.acting = actor, registry.of(model), actor.acting_for
        self.table = list(self.own.transitions.values())
        parties = {t.who for t in self.table if not self._is_own(t)}
        self.columns = sorted({policy.WHO_COLUMNS[who] for who in parties} - {""})
        self.classes: dict[tuple[Any, ...], list[tuple[Transition, bool]]] = {}

    def of(self, row: Any) -> list[Transition]:
        """Return the transitions this reader may run on this row now."""
        return [t for t, settled in self._left(row) if settled or (policy.may(self.actor, t, row) and _allows(t, row))]

    def undecided(self, rows: Iterable[Any]) -> list[Any]:
        """Return the rows that are asked, by guards or by a party of the aggregate's own."""
        return [row for row in rows if not all(settled for _t, settled in self._left(row))]

    def _left(self, row: Any) -> list[tuple[Transition, bool]]:
        """Return the transitions that the class of the row leaves, each with whether nothing else decides on it."""
        keys = [getattr(row, column) for column in self.columns]
        found = (getattr(row, "status", ""), *[key if key in self.acting else None for key in keys])
        if found not in self.classes:
            self.classes[found] = [(t, not self._is_own(t) and not t.guards) for t in self.table if self._fits(t, row)]
        return self.classes[found]

    def _fits(self, transition: Transition, row: Any) -> bool:
        if not _is_source(transition, row) or self.actor.viewer is not None or not self.acting:
            return False
        return self._is_own(transition) or policy.may(self.actor, transition, row)

    def _is_own(self, transition: Transition) -> bool:
        return transition.who in self.own.who


def _is_source(transition: Transition, row: Any) -> bool:
    return not transition.sources or row.status in transition.sources


def _allows(transition: Transition, row: Any) -> bool:
    try:
        _check_guards(transition, row)
    except Conflict:
        return False
    return True


def check_state(actor: Actor, transition: Transition, row: Any) -> None:
    """Raise Conflict unless table and guards allow the transition; name the present state and what is available."""
    if transition.sources and row.status not in transition.sources:
        possible = [transition.label for transition in available_transitions(actor, row)]
        message = _("“%(step)s” is not possible. Current status: “%(state)s”.") % {
            "step": transition.label,
            "state": row.get_status_display(),
        }
        if possible:
            message = sentences(message, _("Available actions: %(steps)s.") % {"steps": enumerated(possible)})
        raise Conflict(message, possible, url=row.get_absolute_url())
    _check_guards(transition, row)


def _check_guards(transition: Transition, row: Any) -> None:
    guards = registry.of(row).guards
    for name in transition.guards:
        try:
            guards[name](row)
        except Conflict as error:
            error.url = error.url or row.get_absolute_url()
            raise


def check_version(row: Any, version: int | None, yours: dict[str, Any] | None = None) -> None:
    """Raise StaleSave when the row has changed since the caller read it. None skips the check."""
    if version is not None and version != row.version:
        yours = yours or {}
        raise StaleSave(theirs={name: getattr(row, name, "") for name in yours}, yours=yours)


def locked(actor: Actor, model: type[Any], pk: object) -> Any:
    """Return the visible row, locked after the row named by `Aggregate.locked_with`: one order avoids deadlocks.

    Raises NotVisible.
    """
    first = registry.of(model).locked_with
    if not first:
        return policy.get(actor, model, pk, lock=True)
    other_model: type[Any] = model._meta.get_field(first).related_model
    key = getattr(policy.get(actor, model, pk), f"{first}_id")
    other = policy.get(actor, other_model, key, lock=True)
    row = policy.get(actor, model, pk, lock=True)
    setattr(row, first, other)
    return row


@contextmanager
def transition(
    actor: Actor, model: type, pk: object, name: str, *, version: int | None = None
) -> Iterator[TransitionContext]:
    """Run a transition inside one transaction; the body of the `with` only sets what changes.

    Raises NotVisible, Forbidden, Conflict (wrong state, or a guard), StaleSave.
    """
    with transaction.atomic():
        row = locked(actor, model, pk)
        with row_security.bypass():
            transition = registry.of(model).transitions[name]
            appointment = policy.require(actor, transition.who, row)
            check_version(row, version)
            check_state(actor, transition, row)
            for own in registry.aggregates():
                if (model, name) in own.forbids:
                    own.forbids[model, name](row)
            context = TransitionContext(row, actor, appointment, transition.event, getattr(row, "status", ""))
            yield context
            finish(context)


def finish(context: TransitionContext) -> Event:
    """Save what the transition changed as the aggregate declares, assign the audience, record the event; return it."""
    row = context.row
    own = registry.of(row).save
    if own is None:
        save(row, context.changed)
    else:
        own([context])
    return record(
        context.event, row, actor=context.actor, appointment=context.appointment,
        before=context.before, reason=context.reason, **context.also,
    )  # fmt: skip


def finish_all(contexts: Sequence[TransitionContext], batch: Batch) -> list[Event]:
    """Do what `finish` does for the same transition of several rows of one kind, by set; return the events.

    All changed the same fields. The events are told together with the others of the batch.
    """
    own = registry.of(contexts[0].row).save
    if own is None:
        save_all([context.row for context in contexts], contexts[0].changed)
    else:
        own(contexts)
    return record_all(contexts, batch)


def save(row: Any, changed: list[str], *, quiet: bool = False) -> None:
    """Assign the row's audience and save only what changed, with its next version.

    A quiet save leaves version and date unchanged, because readers may not know what led to it.
    """
    fields = list(changed)
    if _gets_version(row) and not quiet:
        row.version += 1
        fields += ["version", "modified_at"]
    audiences.save_with_audience(row, fields)
    _recompute([row])


def save_all(rows: Sequence[Any], changed: list[str], *, fetched: bool = False) -> None:
    """Do what `save` does for rows of one model, by set; `fetched` is that of `audiences.assign_audiences`."""
    fields = list(changed)
    if _gets_version(rows[0]):
        now = timezone.now()
        for row in rows:
            row.version, row.modified_at = row.version + 1, now
        fields += ["version", "modified_at"]
    audiences.save_with_audiences(rows, fields, fetched=fetched)
    _recompute(rows)


def _recompute(rows: Sequence[Any]) -> None:
    """Let every aggregate compute again what depends on these rows of one kind, which have been saved."""
    for own in registry.aggregates():
        if rows and type(rows[0]) in own.recomputes:
            own.recomputes[type(rows[0])](rows)


def _gets_version(row: Any) -> bool:
    return hasattr(row, "version") and not registry.of(row).keeps_version


def record(
    name: str,
    row: Restricted,
    *,
    actor: Actor | None,
    appointment: Appointment | None = None,
    before: str = "",
    reason: str = "",
    tell: bool = True,
    without: Collection[UUID] = (),
    **also: Restricted,
) -> Event:
    """Append an event about the row in the caller's transaction; with `tell`, queue its messages. Returns the event.

    Clocks that take note of the event start or stop with it. `without` are people who get no message.
    """
    event = _event(name, row, actor, appointment, before=before, reason=reason, also=also)
    event.save(force_insert=True)
    log.write(_decisions([(event, row, also)]))
    dues.follow([event], [row])
    if tell:
        notifications.announce(event, row, without)
    return event


def record_all(contexts: Sequence[TransitionContext], batch: Batch | None = None) -> list[Event]:
    """Do what `record` does for several rows of one kind, by set; return the events, told together with their batch.

    Without a batch the event must be one of which nobody is told.
    """
    events = []
    for context in contexts:
        event = _event(
            context.event, context.row, context.actor, context.appointment,
            before=context.before, reason=context.reason, also=context.also,
        )  # fmt: skip
        event.batch = batch
        events.append(event)
    Event.objects.bulk_create(events)
    rows = [(event, context.row, context.also) for event, context in zip(events, contexts, strict=True)]
    log.write(_decisions(rows))
    dues.follow(events, [context.row for context in contexts])
    notifications.announce_all(events, [context.row for context in contexts])
    return events


def record_imported(name: str, rows: Iterable[tuple[Restricted, str]]) -> None:
    """Append an event about each of these rows, with its status before, in one statement.

    For what a command does: it has no actor, notifies nobody and is no decision over a release.
    """
    Event.objects.bulk_create(_event(name, row, None, None, before=before) for row, before in rows)


def _event(
    name: str,
    row: Restricted,
    actor: Actor | None,
    appointment: Appointment | None,
    *,
    before: str,
    reason: str = "",
    also: Mapping[str, Restricted] = MappingProxyType({}),
) -> Event:
    own = registry.of(row)
    subject: dict[str, Any] = {own.name: row, **also, **{name: getattr(row, name) for name in own.event_also}}
    return Event(
        name=name,
        at=timezone.now(),
        actor=actor.user if actor else None,
        acting_as=appointment,
        before=before,
        after=getattr(row, "status", ""),
        reason=reason,
        **subject,
    )


def _decisions(recorded: Iterable[tuple[Event, Restricted, Mapping[str, Restricted]]]) -> list[Entry]:
    """Return an entry of the audit log for each event that is a decision over a release, for its transaction."""
    entries = []
    for event, row, also in recorded:
        own = registry.of(row)
        if event.name in own.logged_events or any(registry.of(other).logs_events for other in also.values()):
            subjects = audit_subjects.subjects_of([row, *also.values()])
            entries.append(
                log.entry(
                    Kind.CONSENT,
                    subjects=[subject.key for subject in subjects],
                    references=[subject.reference for subject in subjects],
                    states={subject.state for subject in subjects if subject.state},
                    detail=event.name,
                    who=event.actor,
                    as_whom=post_in_words(event.acting_as) if event.acting_as else "",
                )
            )
    return entries


def require_text(**texts: str) -> None:
    """Raise Invalid for every text that is empty."""
    missing = {name: [_("Enter a reason.")] for name, text in texts.items() if not (text or "").strip()}
    if missing:
        raise Invalid(missing)

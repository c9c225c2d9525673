"""The transition engine: lock the row; ask policy; check table and guards; write row and event; queue messages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance import registry
from assistance.access import audiences, audit_subjects, policy, row_security
from assistance.access.models import Restricted
from assistance.workflow import notifications
from assistance.workflow.models import Event
from assistance.workflow.transition import Transition
from audit import log
from audit.kinds import Kind
from entities.actors import Actor, post_in_words
from entities.models import Appointment
from web.exceptions import Conflict, Invalid, NotVisible, StaleSave
from web.lists import enumerated
from web.phrases import sentences


@dataclass
class TransitionContext:
    """A transition in progress: the locked row, the actor with their appointment, and what will be recorded."""

    row: Any
    actor: Actor
    appointment: Appointment
    event: str
    before: str
    reason: str = ""
    tell: bool = True  # whether the event queues its messages
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


def reads_of(actor: Actor, model: type[Restricted]) -> tuple[str, ...]:
    """Return the relations that guards read for this actor: a list fetches them once for all its rows."""
    return registry.of(model).reads(actor)


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
        own(context)
    return record(
        context.event, row, actor=context.actor, appointment=context.appointment,
        before=context.before, reason=context.reason, tell=context.tell, **context.also,
    )  # fmt: skip


def save(row: Any, changed: list[str], *, quiet: bool = False) -> None:
    """Assign the row's audience and save only what changed, with its next version.

    A quiet save leaves version and date unchanged, because readers may not know what led to it.
    """
    fields = list(changed)
    if hasattr(row, "version") and not quiet and not registry.of(row).keeps_version:
        row.version += 1
        fields += ["version", "modified_at"]
    audiences.save_with_audience(row, fields)


def record(
    name: str,
    row: Restricted,
    *,
    actor: Actor | None,
    appointment: Appointment | None = None,
    before: str = "",
    reason: str = "",
    tell: bool = True,
    **also: Restricted,
) -> Event:
    """Append an event about the row in the caller's transaction; with `tell`, queue its messages. Returns the event."""
    own = registry.of(row)
    subject: dict[str, Any] = {own.name: row, **also, **{name: getattr(row, name) for name in own.event_also}}
    event = Event.objects.create(
        name=name,
        at=timezone.now(),
        actor=actor.user if actor else None,
        acting_as=appointment,
        before=before,
        after=getattr(row, "status", ""),
        reason=reason,
        **subject,
    )
    if name in own.logged_events or any(registry.of(other).logs_events for other in also.values()):
        _audit_decision(event, [row, *also.values()])
    if tell:
        notifications.announce(event, row)
    return event


def _audit_decision(event: Event, rows: list[Any]) -> None:
    """Write the decision over a release to the audit log, in the transaction of the event."""
    subjects = audit_subjects.subjects_of(rows)
    log.record(
        Kind.CONSENT,
        subjects=[subject.key for subject in subjects],
        references=[subject.reference for subject in subjects],
        states={subject.state for subject in subjects if subject.state},
        detail=event.name,
        who=event.actor,
        as_whom=post_in_words(event.acting_as) if event.acting_as else "",
    )


def require_text(**texts: str) -> None:
    """Raise Invalid for every text that is empty."""
    missing = {name: [_("Enter a reason.")] for name, text in texts.items() if not (text or "").strip()}
    if missing:
        raise Invalid(missing)

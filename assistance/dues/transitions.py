"""Transitions of deadlines by people: a reminder, the waiver of what is owed, and a person's own day to be asked again."""

from datetime import date, datetime, time

from django.db import transaction as db
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.mail import outbox
from accounts.mail.schedule import zone_of
from assistance import registry
from assistance.access import policy, row_security
from assistance.dues.models import DoneHow, Due, Snooze
from assistance.dues.rules import is_open
from assistance.dues.states import LONGEST_SNOOZE
from assistance.workflow import due_runs
from assistance.workflow.dues import REMINDERS
from assistance.workflow.engine import require_text, transition
from assistance.workflow.notifications import SOURCE, subject_of
from entities.actors import Actor
from web.exceptions import Invalid


@db.atomic
def nudge(*, actor: Actor, due: object, version: int | None = None) -> Due:
    """Remind the organisation that owes it, in the name of the actor; once in 7 days.

    Returns the deadline; raises NotVisible, Forbidden (also for the one who owes), Conflict.
    """
    _lock(actor, due)
    with transition(actor, Due, due, "nudge") as context:
        now = timezone.now()
        context.set(nudged_at=now, reminded_at=now)
        context.also[context.row.subject_name] = context.row.subject
    return context.row


@db.atomic
def waive(*, actor: Actor, due: object, reason: str, version: int | None = None) -> Due:
    """End a deadline for the organisation that is owed, with a reason, which the history of the row shows.

    Returns the deadline; raises NotVisible, Forbidden (also for the one who owes), Conflict, Invalid without a reason.
    """
    require_text(reason=reason)
    _lock(actor, due)
    with transition(actor, Due, due, "waive") as context:
        context.set(done_at=timezone.now(), done_how=DoneHow.WAIVED, next_at=None)
        context.reason = reason
        context.also[context.row.subject_name] = context.row.subject
    return context.row


@db.atomic
def snooze(*, actor: Actor, due: object, until: date) -> Due:
    """Send this person no reminder of a deadline before a day of theirs, and ask them again then; others are reminded.

    The day may be after the one on which it is due. Reminders that wait to be mailed to this person are not sent.
    Returns the deadline; raises NotVisible, Forbidden, Conflict (ended), Invalid (until) for today, a past or a far day.
    """
    row = policy.get(actor, Due, due)
    policy.require(actor, "party", row)
    is_open(row)
    zone = zone_of(actor.user)
    today = timezone.now().astimezone(zone).date()
    if until <= today:
        raise Invalid({"until": [_("Enter a later date than today.")]})
    if until - today > LONGEST_SNOOZE:
        raise Invalid({"until": [_("Enter a date within a year.")]})
    ends_at = datetime.combine(until, time.min, zone)
    values = {"until": until, "ends_at": ends_at, "asked_at": None}
    with row_security.bypass():
        Snooze.objects.update_or_create(due=row, person=actor.user, defaults=values)
        own = registry.of(row.subject).messages
        of_subject = [own[rung.event].message.name for rung in row.clock.rungs if rung.event]
    for subject, messages in ((row, REMINDERS), (row.subject, of_subject)):
        outbox.withhold(source=SOURCE, subject=subject_of(subject), messages=messages, recipient=actor.user)
    return row


def _lock(actor: Actor, due: object) -> None:
    """Lock the row that a deadline is about, and then the deadline, in the order of all transitions. Raises NotVisible."""
    row = policy.get(actor, Due, due)
    with row_security.bypass():
        due_runs.locked(row.pk)

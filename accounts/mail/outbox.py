"""The outbox: the only module that queues notifications and mails, and decides which of them may still be shown."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from accounts.mail.broker import notify_workers
from accounts.mail.choices import chosen
from accounts.mail.messages import get_message
from accounts.mail.schedule import COLLECTED, in_digest, next_due
from accounts.mail.visibility import ACCOUNT, may_be_told, register
from accounts.models import Channel, Delivery, Means, User

__all__ = [
    "Recipient",
    "dead_letters",
    "enqueue",
    "hand_on",
    "oldest_waiting",
    "register",
    "reschedule",
    "settle",
    "visible",
    "withhold",
]

RELAY = "accounts.tasks.relay"
BOTH = (Channel.PORTAL, Channel.MAIL)


@dataclass(frozen=True)
class Recipient:
    """A user to notify, whether an action is requested, and whether to send mail too (not while a deputy gets it).

    `reminded` is the key of whoever is reminded through this user: one mail a day with reminders for each. `because` is
    the name of a reason of their own (`messages.register_reason`), empty where the message itself says why.
    """

    user: User
    needs_action: bool = False
    by_mail: bool = True
    reminded: str = ""
    because: str = ""


def enqueue(
    *,
    event: UUID,
    source: str,
    subject: str,
    message: str,
    values: Mapping[str, object],
    path: str,
    recipients: Iterable[Recipient],
    channels: Iterable[Channel] = BOTH,
    in_silence: bool = False,
) -> None:
    """Queue this event's message for each recipient, once per event, user and channel, however often it is called.

    Those who chose not to be told of this message, or not by email, are left out; what asks them to act stays in the portal.

    Call it inside the transaction that records the event. `in_silence` does not notify the workers: the next relay
    sends it seconds later. Raises ValueError for a path outside the portal and UnknownMessage for an unregistered
    message.
    """
    declared = get_message(message)
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("A message leads to a path of this portal.")
    now = timezone.now()
    owed = partial(Delivery, event=event, source=source, subject=subject, message=message, path=path)
    people = _each_once(recipients)
    wanted = chosen(declared, [one.user.pk for one in people])
    rows = [
        owed(
            recipient=r.user,
            needs_action=r.needs_action,
            channel=channel,
            values={**values, "because": r.because} if r.because else dict(values),
            **_timing(source, r, channel, now),
        )
        for r in people
        for channel in channels
        if _is_wanted(r, channel, wanted.get(r.user.pk, Means.BOTH))
    ]
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        if not in_silence:
            transaction.on_commit(partial(notify_workers, RELAY))


def _is_wanted(recipient: Recipient, channel: Channel, means: Means) -> bool:
    """Return whether a recipient gets a message by this channel: what asks them to act always by the portal."""
    if channel == Channel.MAIL:
        return recipient.by_mail and means == Means.BOTH
    return recipient.needs_action or means != Means.NONE


def owe_letter(user: User, message: str, path: str = "/") -> None:
    """Queue one mail about a user's own account, due at once and not in the inbox; its secrets are made on sending.

    Workers are not notified: a broker that is down takes a second to fail, and an unknown address would not wait for
    it.
    """
    enqueue(
        event=uuid4(),
        source=ACCOUNT,
        subject=f"user:{user.pk}",
        message=message,
        values={},
        path=path,
        recipients=[Recipient(user)],
        channels=[Channel.MAIL],
        in_silence=True,
    )


def _each_once(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Return one recipient per active user, merged from all their entries."""
    people: dict[UUID, Recipient] = {}
    for one in recipients:
        if one.user.is_active:
            known = people.get(one.user.pk, Recipient(one.user, by_mail=False, because=one.because))
            asked, by_mail = known.needs_action or one.needs_action, known.by_mail or one.by_mail
            because = known.because and one.because
            people[one.user.pk] = Recipient(one.user, asked, by_mail, known.reminded or one.reminded, because)
    return list(people.values())


def _timing(source: str, recipient: Recipient, channel: Channel, now: dt.datetime) -> dict[str, object]:
    """Return when a row is due; mail about the account itself, such as a password reset, never waits for a digest.

    A reminder always does: those of one day come together.
    """
    if channel == Channel.PORTAL or source == ACCOUNT:
        return {"due_at": now, "in_digest": False}
    due_at, together = next_due(recipient.user, now), in_digest(recipient.user)
    if recipient.reminded and not together:
        due_at, together = now + COLLECTED, True
    return {"due_at": due_at, "in_digest": together, "once_a_day": recipient.reminded}


def settle(*, source: str, subjects: Iterable[str], messages: Iterable[str] | None = None) -> None:
    """Mark the open actions about these subjects as done; those of all messages unless some are named."""
    asked = Delivery.objects.filter(source=source, subject__in=list(subjects), needs_action=True, done_at=None)
    if messages is not None:
        asked = asked.filter(message__in=list(messages))
    now = timezone.now()
    asked.filter(channel=Channel.PORTAL).update(done_at=now)
    _not_in_hand(asked.filter(channel=Channel.MAIL, sent_at=None), done_at=now)


@transaction.atomic
def hand_on(rows: Iterable[Delivery], *, to: User, keep: Collection[UUID] = ()) -> None:
    """Move open action requests to another recipient.

    The previous recipients keep the action only in those notifications whose ids are in `keep`.
    """
    asked = [row for row in rows if row.needs_action and row.done_at is None and row.recipient_id != to.pk]
    now = timezone.now()
    copies = [
        Delivery(
            event=row.event, source=row.source, subject=row.subject, message=row.message, values=row.values,
            path=row.path, recipient=to, channel=Channel.PORTAL, needs_action=True, due_at=now,
        )
        for row in asked
    ]  # fmt: skip
    Delivery.objects.bulk_create(copies, ignore_conflicts=True)
    told = Delivery.objects.filter(event__in={row.event for row in asked}, recipient=to, channel=Channel.PORTAL)
    told.filter(done_at=None).update(needs_action=True)
    Delivery.objects.filter(pk__in=[row.pk for row in asked if row.pk not in keep]).update(done_at=now)


@transaction.atomic
def reschedule(user: User) -> None:
    """Recompute when the user's waiting mail is due, after their mail frequency has been saved."""
    waiting = Delivery.objects.waiting().filter(recipient=user, channel=Channel.MAIL, digest=None)
    due_at = next_due(user, timezone.now())
    mails = waiting.exclude(source=ACCOUNT)
    if not in_digest(user):
        _not_in_hand(mails.exclude(once_a_day=""), due_at=due_at + COLLECTED, in_digest=True)
        mails = mails.filter(once_a_day="")
    _not_in_hand(mails, due_at=due_at, in_digest=in_digest(user))
    transaction.on_commit(partial(notify_workers, RELAY))


@transaction.atomic
def _not_in_hand(rows: QuerySet[Delivery], **values: object) -> None:
    """Update rows, except those a worker is sending now: it keeps them locked as long as the mail server takes."""
    free = list(rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    if free:
        Delivery.objects.filter(pk__in=free).update(**values)


def withhold(
    *, source: str, subject: str = "", messages: Iterable[str] | None = None, recipient: User | None = None
) -> None:
    """Cancel the waiting mail of this source; portal notifications stay. For imports of past events.

    Where they are given, only that about a subject, of these messages, and to one recipient.
    """
    waiting = Delivery.objects.waiting().filter(source=source, channel=Channel.MAIL)
    if subject:
        waiting = waiting.filter(subject=subject)
    if messages is not None:
        waiting = waiting.filter(message__in=list(messages))
    if recipient is not None:
        waiting = waiting.filter(recipient=recipient)
    with transaction.atomic():
        _not_in_hand(waiting, suppressed_at=timezone.now())


def visible(user: User, deliveries: Iterable[Delivery], actor: Any = None) -> list[Delivery]:
    """Return, in order, the deliveries this user may still see; each source is asked once, an unknown one denies.

    `actor` is passed to `visibility.may_be_told`.
    """
    rows = list(deliveries)
    subjects: dict[str, set[str]] = {}
    for row in rows:
        subjects.setdefault(row.source, set()).add(row.subject)
    allowed = {source: may_be_told(source, user, asked, actor) for source, asked in subjects.items()}
    return [row for row in rows if row.subject in allowed[row.source]]


def oldest_waiting(now: dt.datetime | None = None) -> float:
    """Return for how many seconds the oldest due mail has been waiting; 0 when none is."""
    now = now or timezone.now()
    due = Delivery.objects.waiting().filter(channel=Channel.MAIL, due_at__lte=now).aggregate(oldest=Min("due_at"))
    return (now - due["oldest"]).total_seconds() if due["oldest"] else 0.0


def dead_letters() -> int:
    """Return how many mails were given up and wait for an administrator to take note or send them again."""
    return Delivery.objects.filter(channel=Channel.MAIL, dead_at__isnull=False, acknowledged_at=None).count()

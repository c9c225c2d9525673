"""Dispatch: leases due mail from the outbox, passes it to workers, and ensures each is sent or reported as failed.

A worker may be killed at any line. What was not marked as sent is taken again after its lease, with the same
Message-ID; the worst case is a second copy, which a mailbox shows once.
"""

import datetime as dt
import logging
import smtplib
import time
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.mail import breaker, hold
from accounts.mail.broker import notify_workers
from accounts.mail.outbox import visible
from accounts.mail.rendering import digest_letter, letter
from accounts.mail.schedule import in_digest
from accounts.mail.server import MailServer
from accounts.models import Channel, Delivery, Digest, OutgoingQuerySet

log = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=120)  # longer than the task limit plus the broker's visibility timeout
BATCH = 25  # the mails of one task, sent over one connection
BATCH_SECONDS = 10  # after them a task begins no other mail, so that it ends within the task limit
IN_HAND = 2000  # the mails that may be with the broker at once: one worker sends them within a lease
RIGHT_SECONDS = 1.0  # for so long after it was asked, what a reader may be told holds for their next mail in a batch
MOST_ATTEMPTS = 12
FIRST_REST = dt.timedelta(minutes=1)
LONGEST_REST = dt.timedelta(hours=6)  # twelve tries are spread over about a day
UNFINISHED = "The worker was lost before this try ended."  # replaced by what becomes of it
MALFORMED = "The address of the recipient is malformed: no mail can be sent to it."
# Answers to RCPT that no waiting changes (RFC 5321, RFC 3463): syntax, no such name, an address of the wrong form.
ADDRESS_IS_WRONG = (501, 510, 511, 553)

Mail = Delivery | Digest
Model = type[Delivery] | type[Digest]

SEND_DELIVERY = "accounts.tasks.send_delivery"
SEND_DIGEST = "accounts.tasks.send_digest"


def relay(now: dt.datetime | None = None) -> int:
    """Pass due mail to the workers, in batches, until none is left or enough is in hand; the next run passes the rest.

    Returns how many mails the broker accepted.
    """
    now = now or timezone.now()
    hold.held_since()
    single = Delivery.objects.filter(channel=Channel.MAIL, in_digest=False, digest=None)
    handed = _hand_out(single, SEND_DELIVERY, now, breaker.allowed(_room(single, now)))
    digests = Digest.objects.all()
    return handed + _hand_out(digests, SEND_DIGEST, now, breaker.allowed(_room(digests, now) + handed) - handed)


def _room(mails: OutgoingQuerySet, now: dt.datetime) -> int:
    """Return how many more mails may be handed out; those that failed before, few of all, are not counted."""
    fresh = mails.waiting().filter(leased_until__gt=now, leased_until__lte=now + LEASE, last_error__in=("", UNFINISHED))
    return max(IN_HAND - fresh.count(), 0)


def _hand_out(mails: OutgoingQuerySet, task: str, now: dt.datetime, most: int) -> int:
    """Send the ids of free mails to the broker, one task for each batch; return how many it accepted."""
    handed = 0
    while ids := _lease(mails, now, min(BATCH, most - handed)):
        if not notify_workers(task, *map(str, ids)):
            mails.waiting().filter(pk__in=ids, leased_until=now + LEASE).update(leased_until=None)
            break
        handed += len(ids)
    return handed


@transaction.atomic
def _lease(mails: OutgoingQuerySet, now: dt.datetime, most: int) -> list[UUID]:
    """Lease the mails that have been due for longest and return their ids; those that another relay leases are left."""
    if most <= 0:
        return []
    free = hold.may_go(mails.free(now)).select_for_update(skip_locked=True, of=("self",))
    ids = list(free.order_by("due_at").values_list("pk", flat=True)[:most])
    mails.filter(pk__in=ids).update(leased_until=now + LEASE)
    return ids


def send(*delivery_ids: str) -> None:
    """Send the mails of these deliveries over one connection, but those sent, withdrawn or in the hands of a worker."""
    _send_batch(Delivery, delivery_ids)


def send_digest(*digest_ids: str) -> None:
    """Send these digests over one connection, each with those of its messages that its reader may still see."""
    _send_batch(Digest, digest_ids)


def _send_batch(model: Model, pks: Sequence[str]) -> None:
    """Send the mails one after another, those of one reader together.

    A fault of ours in one of them is raised when the others have been sent.
    """
    waiting: OutgoingQuerySet = model.objects.waiting().filter(pk__in=pks)
    if hold.held_since():
        _free(waiting.exclude(pk__in=hold.may_go(waiting)))
        waiting = hold.may_go(waiting)
    mails = cast(list[Mail], list(waiting.order_by("recipient", "due_at")))
    ends, fault = time.monotonic() + BATCH_SECONDS, None
    rights = Rights(mails)
    with MailServer() as server:
        for place, mail in enumerate(mails):
            if breaker.is_open() or (place and time.monotonic() > ends):
                _free(model.objects.waiting().filter(pk__in=[mail.pk for mail in mails[place:]]))
                break
            try:
                _send(mail, server, rights)
            except DatabaseFault:  # the others would fail too; they are free again when their leases end
                raise
            except Exception as error:  # noqa: BLE001 (whatever it is, it is noted with its mail and raised below)
                fault = fault or error
    if fault:
        raise fault


@transaction.atomic
def _free(mails: OutgoingQuerySet) -> None:
    """End the leases of these mails for a later relay, but of those that a worker is sending."""
    ids = list(mails.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    mails.model.objects.filter(pk__in=ids).update(leased_until=None)


def _send(mail: Mail, server: MailServer, rights: "Rights") -> None:
    """Count the attempt in its own transaction, so that a mail that kills its worker is given up in the end."""
    model, pk = type(mail), mail.pk
    if mail.attempts >= MOST_ATTEMPTS:
        _give_up_untried(model, pk)
    elif _begin(model, pk):
        try:
            _attempt(model, pk, server, rights)
        except Exception as error:  # a fault of ours: its name is kept with the mail before it propagates
            _note_error(model, pk, error)
            raise


@transaction.atomic
def _give_up_untried(model: Model, pk: UUID) -> None:
    row = _lock(model, pk)
    if row is not None:
        _give_up(row, row.last_error)


@transaction.atomic
def _attempt(model: Model, pk: UUID, server: MailServer, rights: "Rights") -> None:
    row = _lock(model, pk)
    if row is None:
        return
    told, withheld = rights.told_and_withheld(row)
    mail = _compose(row, told)
    if mail and not _is_addressable(row):
        _give_up(row, MALFORMED)
        return
    try:
        if mail:
            server.send(mail)
    except OSError as error:  # from smtplib or the network; any other exception is a bug and propagates
        _rest_or_give_up(row, error)
    else:
        _close(row, told, withheld)


@transaction.atomic
def _begin(model: Model, pk: UUID) -> bool:
    """Count an attempt and return whether it may begin: not while sending is held or another worker has the mail.

    The count has to outlive a worker, not a crash of the database: its commit does not wait for the disk.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    free = hold.may_go(model.objects.waiting().filter(pk=pk)).select_for_update(skip_locked=True)
    begun = {"attempts": F("attempts") + 1, "leased_until": timezone.now() + LEASE, "last_error": UNFINISHED}
    return bool(model.objects.filter(pk__in=free.values("pk")).update(**begun))


def _note_error(model: Model, pk: UUID, error: Exception) -> None:
    row = model.objects.waiting().select_related("recipient").filter(pk=pk).first()
    if row is not None:
        model.objects.filter(pk=pk).update(last_error=_reason(row, error))


def _reason(row: Mail, error: Exception) -> str:
    """Return what an error says, without the address of the recipient."""
    return f"{type(error).__name__}: {error}".replace(row.recipient.email, "…")[:300]


def _is_addressable(row: Mail) -> bool:
    """Return whether the address of the recipient has the form of one, by the rule of our own forms."""
    try:
        validate_email(row.recipient.email)
    except ValidationError:
        return False
    return True


def _is_final(error: OSError) -> bool:
    """Return whether the mail server says that the address itself is wrong, so that no later try can succeed."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in ADDRESS_IS_WRONG for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPNotSupportedError)


def _lock(model: Model, pk: UUID) -> Mail | None:
    """Return the row, locked until the transaction ends; None if it is finished or another worker has locked it."""
    rows = model.objects.waiting().filter(pk=pk).select_related("recipient")
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


class Rights:
    """What the readers of a batch may be told: asked for each reader, shortly before their mails are sent."""

    def __init__(self, mails: Sequence[Mail]) -> None:
        self._of: dict[UUID, list[Delivery]] = {}
        for mail in mails:
            if isinstance(mail, Delivery):
                self._of.setdefault(mail.recipient_id, []).append(mail)
        self._reader: UUID | None = None
        self._asked_at = 0.0
        self._told: set[UUID] = set()

    def told_and_withheld(self, row: Mail) -> tuple[list[Delivery], list[Delivery]]:
        """Return the messages of a mail that its reader may see at this moment, and those they may not."""
        if isinstance(row, Digest):
            messages = list(_inside(row).select_related("recipient"))
            told = [one for one in visible(row.recipient, messages) if not (one.once_a_day and one.done_at)]
            return told, [m for m in messages if m not in told]
        if self._reader != row.recipient_id or time.monotonic() - self._asked_at > RIGHT_SECONDS:
            self._reader, self._asked_at = row.recipient_id, time.monotonic()
            self._told = {mail.pk for mail in visible(row.recipient, self._of[row.recipient_id])}
        return ([row], []) if row.pk in self._told else ([], [row])


def _inside(digest: Digest) -> QuerySet[Delivery]:
    return Delivery.objects.waiting().filter(digest=digest.pk).order_by("created_at", "id")


def _compose(row: Mail, told: list[Delivery]) -> EmailMessage | None:
    if not told:
        return None
    alone = len(told) == 1 and not in_digest(row.recipient)  # a reminder that came alone is a mail as any other
    return digest_letter(row, told) if isinstance(row, Digest) and not alone else letter(told[0])


def _close(row: Mail, told: list[Delivery], withheld: list[Delivery]) -> None:
    """Mark each message, and the digest that contains them, as sent or withheld."""
    now = timezone.now()
    Delivery.objects.filter(pk__in=[d.pk for d in told]).update(sent_at=now, last_error="")
    Delivery.objects.filter(pk__in=[d.pk for d in withheld]).update(suppressed_at=now)
    if isinstance(row, Digest):
        Digest.objects.filter(pk=row.pk).update(**{"sent_at" if told else "suppressed_at": now})


def _rest_or_give_up(row: Mail, error: OSError) -> None:
    """Schedule a retry, doubling the delay each time, or give up; `due_at` stays, as health is computed from it."""
    reason = _reason(row, error)
    if row.attempts >= MOST_ATTEMPTS or _is_final(error):
        _give_up(row, reason)
        return
    rest = min(FIRST_REST * 2 ** (row.attempts - 1), LONGEST_REST)
    type(row).objects.filter(pk=row.pk).update(leased_until=timezone.now() + rest, last_error=reason)
    log.warning("Mail %s failed at try %d and rests %s: %s", row.pk, row.attempts, rest, type(error).__name__)


def _give_up(row: Mail, reason: str) -> None:
    """Mark the row as a dead letter and log an error; an administrator can send it again."""
    ended = {"dead_at": timezone.now(), "last_error": reason}
    if isinstance(row, Digest):
        _inside(row).update(**ended)
    type(row).objects.filter(pk=row.pk).update(**ended)
    log.error("Mail %s is a dead letter after %d tries; see Deliveries in the administration.", row.pk, row.attempts)


@transaction.atomic
def revive(deliveries: QuerySet[Delivery]) -> int:
    """Put dead letters back into the outbox, each on its own even if it was in a digest; return how many."""
    dead = deliveries.filter(channel=Channel.MAIL, dead_at__isnull=False)
    anew = {"dead_at": None, "acknowledged_at": None, "attempts": 0, "leased_until": None, "due_at": timezone.now()}
    return dead.update(**anew, in_digest=False, digest=None)


def acknowledge(deliveries: QuerySet[Delivery]) -> int:
    """Note that an administrator knows of these dead letters, which then raise no alarm; return how many."""
    dead = deliveries.filter(channel=Channel.MAIL, dead_at__isnull=False, acknowledged_at=None)
    return dead.update(acknowledged_at=timezone.now())

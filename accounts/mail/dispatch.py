"""Dispatch: leases due mail from the outbox, passes it to workers, and ensures each is sent or reported as failed.

A worker may be killed at any line. What was not marked as sent is taken again after its lease, with the same
Message-ID; the worst case is a second copy, which a mailbox shows once.
"""

import datetime as dt
import logging
import smtplib

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.mail import breaker, hold
from accounts.mail.broker import notify_workers
from accounts.mail.outbox import visible
from accounts.mail.rendering import digest_letter, letter
from accounts.mail.schedule import next_due, period
from accounts.models import Channel, Delivery, Digest, OutgoingQuerySet, User

log = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=120)  # longer than the task limit plus the broker's visibility timeout
BATCH = 100
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
    """Pass due mail to the workers and return how many the broker accepted; the rest stays for the next run."""
    now, held_at = now or timezone.now(), hold.held_since()
    single = Delivery.objects.free(now).filter(channel=Channel.MAIL, in_digest=False, digest=None)
    handed = _hand_out(hold.may_go(single, held_at), SEND_DELIVERY, now, breaker.allowed(BATCH))
    digests = hold.may_go(Digest.objects.free(now), held_at)
    return handed + _hand_out(digests, SEND_DIGEST, now, breaker.allowed(BATCH + handed) - handed)


def _hand_out(free: OutgoingQuerySet, task: str, now: dt.datetime, most: int) -> int:
    """Lease a batch and send its ids to the broker; release the lease of those the broker refused."""
    model = free.model
    if most <= 0:
        return 0
    with transaction.atomic():
        locked = free.select_for_update(skip_locked=True, of=("self",)).order_by("due_at")
        ids = list(locked.values_list("pk", flat=True)[:most])
        model.objects.filter(pk__in=ids).update(leased_until=now + LEASE)
    for count, pk in enumerate(ids):
        if not notify_workers(task, str(pk)):
            model.objects.waiting().filter(pk__in=ids[count:], leased_until=now + LEASE).update(leased_until=None)
            return count
    return len(ids)


def open_digests(now: dt.datetime | None = None) -> int:
    """Collect what is due to each reader of digests in one digest for the period; return how many were created."""
    now = now or timezone.now()
    due = Delivery.objects.waiting().filter(channel=Channel.MAIL, in_digest=True, digest=None, due_at__lte=now)
    readers = User.objects.filter(pk__in=due.order_by().values("recipient"))
    return sum(_open_digest(reader, now) for reader in readers.order_by("pk"))


@transaction.atomic
def _open_digest(reader: User, now: dt.datetime) -> bool:
    """Fill the digest of this reader's period once; what arises after it was closed goes into the next.

    Of two schedulers at the unique (recipient, period), one creates the digest and the other finds nothing left to do.
    """
    digest, opened = Digest.objects.get_or_create(
        recipient=reader, period=period(reader, now), defaults={"due_at": now}
    )
    due = Delivery.objects.waiting().filter(
        recipient=reader, channel=Channel.MAIL, in_digest=True, digest=None, due_at__lte=now
    )
    if opened:
        due.update(digest=digest)
    else:
        due.update(due_at=next_due(reader, now))
    return opened


def send(delivery_id: str) -> None:
    """Send the mail of one delivery, unless it is sent, withdrawn or leased by another worker."""
    _send(Delivery, delivery_id)


def send_digest(digest_id: str) -> None:
    """Send one digest with those of its messages that its reader may still see."""
    _send(Digest, digest_id)


def _send(model: Model, pk: str) -> None:
    """Count the attempt in its own transaction, so that a mail that kills its worker is given up in the end."""
    if not _begin(model, pk):
        return
    try:
        _attempt(model, pk)
    except Exception as error:  # a fault of ours: its name is kept with the mail before it propagates
        _note_error(model, pk, error)
        raise


@transaction.atomic
def _attempt(model: Model, pk: str) -> None:
    row = _lock(model, pk)
    if row is None:
        return
    told, withheld = _told_and_withheld(row)
    mail = _compose(row, told)
    if mail and not _is_addressable(row):
        _give_up(row, MALFORMED)
        return
    try:
        if mail:
            mail.send()
    except OSError as error:  # from smtplib or the network; any other exception is a bug and propagates
        breaker.note_failure(error)
        _rest_or_give_up(row, error)
    else:
        if mail:
            breaker.note_answer()
        _close(row, told, withheld)


@transaction.atomic
def _begin(model: Model, pk: str) -> bool:
    """Return whether an attempt may begin; after too many attempts, give the row up.

    None begins while sending is held, or the mail server is left alone: the mail is free for a later relay.
    """
    row = _lock(model, pk)
    if row is None:
        return False
    same = model.objects.filter(pk=pk)
    if breaker.is_open() or not hold.may_go(same, hold.held_since()).exists():
        same.update(leased_until=None)
        return False
    if row.attempts >= MOST_ATTEMPTS:
        _give_up(row, row.last_error)
        return False
    same.update(attempts=F("attempts") + 1, leased_until=timezone.now() + LEASE, last_error=UNFINISHED)
    return True


def _note_error(model: Model, pk: str, error: Exception) -> None:
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


def _lock(model: Model, pk: str) -> Mail | None:
    """Return the row, locked until the transaction ends; None if it is finished or another worker has locked it."""
    rows = model.objects.waiting().filter(pk=pk).select_related("recipient")
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


def _told_and_withheld(row: Mail) -> tuple[list[Delivery], list[Delivery]]:
    """Return the messages the reader may see at this moment, and those they may not."""
    messages = [row] if isinstance(row, Delivery) else list(_inside(row).select_related("recipient"))
    told = visible(row.recipient, messages)
    return told, [m for m in messages if m not in told]


def _inside(digest: Digest) -> QuerySet[Delivery]:
    return Delivery.objects.waiting().filter(digest=digest.pk).order_by("created_at", "id")


def _compose(row: Mail, told: list[Delivery]) -> EmailMessage | None:
    if not told:
        return None
    return digest_letter(row, told) if isinstance(row, Digest) else letter(told[0])


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

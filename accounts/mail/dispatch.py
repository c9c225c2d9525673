"""Dispatch: leases due mail from the outbox, passes it to workers, and ensures each is sent or reported as failed.

A worker may be killed at any line. What was not marked as sent is taken again after its lease, with the same
Message-ID; the worst case is a second copy, which a mailbox shows once.
"""

import datetime as dt
import logging

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

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

Mail = Delivery | Digest
Model = type[Delivery] | type[Digest]

SEND_DELIVERY = "accounts.tasks.send_delivery"
SEND_DIGEST = "accounts.tasks.send_digest"


def relay(now: dt.datetime | None = None) -> int:
    """Pass due mail to the workers and return how many the broker accepted; the rest stays for the next run."""
    now = now or timezone.now()
    single = Delivery.objects.free(now).filter(channel=Channel.MAIL, in_digest=False, digest=None)
    return _hand_out(single, SEND_DELIVERY, now) + _hand_out(Digest.objects.free(now), SEND_DIGEST, now)


def _hand_out(free: OutgoingQuerySet, task: str, now: dt.datetime) -> int:
    """Lease a batch and send its ids to the broker; release the lease of those the broker refused."""
    model = free.model
    with transaction.atomic():
        locked = free.select_for_update(skip_locked=True, of=("self",)).order_by("due_at")
        ids = list(locked.values_list("pk", flat=True)[:BATCH])
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
    with transaction.atomic():
        row = _lock(model, pk)
        if row is None:
            return
        told, withheld = _told_and_withheld(row)
        mail = _compose(row, told)
        try:
            if mail:
                mail.send()
        except OSError as error:  # from smtplib or the network; any other exception is a bug and propagates
            _rest_or_give_up(row, error)
        else:
            _close(row, told, withheld)


@transaction.atomic
def _begin(model: Model, pk: str) -> bool:
    """Return whether an attempt may begin; after too many attempts, give the row up."""
    row = _lock(model, pk)
    if row is None:
        return False
    if row.attempts >= MOST_ATTEMPTS:
        _give_up(row, row.last_error or "The worker did not survive it.")
        return False
    model.objects.filter(pk=pk).update(attempts=F("attempts") + 1, leased_until=timezone.now() + LEASE)
    return True


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
    reason = f"{type(error).__name__}: {error}".replace(row.recipient.email, "…")[:300]
    if row.attempts >= MOST_ATTEMPTS:
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
    return dead.update(dead_at=None, attempts=0, leased_until=None, in_digest=False, digest=None, due_at=timezone.now())

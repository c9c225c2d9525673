"""Opens digests: what is due to each reader of digests becomes one mail a day or week, and reminders one mail a day.

Everybody gets reminders so, also those who get their other mail at once: what is asked again is never urgent, and many
mails a day are not read. A reminder belongs to an organization, too (`Delivery.once_a_day`): if another of its people has
got its mail of today, it waits for the mail of tomorrow. It stands in the portal all the time.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.mail.schedule import in_digest, next_day, next_due, period
from accounts.models import Channel, Delivery, Digest, ReminderDay, User

NOTED = dt.timedelta(days=30)


def open_digests(now: dt.datetime | None = None) -> int:
    """Collect what is due to each reader in one digest for the period; return how many were created."""
    now = now or timezone.now()
    readers = User.objects.filter(pk__in=_waiting().filter(due_at__lte=now).order_by().values("recipient"))
    return sum(_open_digest(reader, now) for reader in readers.order_by("pk"))


def _waiting() -> QuerySet[Delivery]:
    """Return the mails that wait for a digest."""
    return Delivery.objects.waiting().filter(channel=Channel.MAIL, in_digest=True, digest=None)


@transaction.atomic
def _open_digest(reader: User, now: dt.datetime) -> bool:
    """Fill the digest of this reader's period once; what arises after it was closed goes into the next.

    Of two schedulers at the unique (recipient, period), one creates the digest and the other finds nothing left to do.
    """
    own = _waiting().filter(recipient=reader)
    own.exclude(once_a_day="").filter(done_at__isnull=False).update(suppressed_at=now)
    # Who gets mail at once has only reminders here: those that arose since the first of them was due come with it.
    due = own.filter(due_at__lte=now) if in_digest(reader) else own
    later = next_due(reader, now) if in_digest(reader) else next_day(reader, now)
    others = _of_others(reader, set(due.values_list("once_a_day", flat=True)) - {""}, now)
    due.filter(once_a_day__in=others).update(due_at=later)
    due = due.exclude(once_a_day__in=others)
    if not due.exists():
        return False
    digest, opened = Digest.objects.get_or_create(
        recipient=reader, period=period(reader, now), defaults={"due_at": now}
    )
    if opened:
        due.update(digest=digest)
    else:
        due.update(due_at=later)
    return opened


def _of_others(reader: User, keys: Iterable[str], now: dt.datetime) -> set[str]:
    """Return those of these keys whose mail of this day another user has; the reader gets that of all the others."""
    taken = set()
    for key in sorted(keys):  # in one order, so that two schedulers do not block each other
        mail, _made = ReminderDay.objects.get_or_create(
            key=key, day=now.astimezone(dt.UTC).date(), defaults={"recipient": reader}
        )
        if mail.recipient_id != reader.pk:
            taken.add(key)
    return taken


def tidy() -> int:
    """Delete what was noted of the reminders of earlier days; return how many rows."""
    gone, _each = ReminderDay.objects.filter(day__lt=timezone.now().date() - NOTED).delete()
    return gone

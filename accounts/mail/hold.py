"""Holds mail after a restore: what waits in a restored database may have been sent before, by the one it replaces.

PostgreSQL says which database this is: its cluster, its number there, and the timeline, which every recovery to a
point in time and every promotion of a standby begins anew. When that differs from the last time, sending is held
until a person releases it (`./manage.py release_sending`).
"""

import datetime as dt
import logging

from django.db import connection, transaction
from django.db.models import Exists, Q, Subquery
from django.utils import timezone

from accounts.mail.visibility import ACCOUNT
from accounts.models import Channel, Delivery, Digest, OutgoingQuerySet, Sending

log = logging.getLogger(__name__)

RESTORED = "This database is another one than that which sent the last mail: it was restored, moved or promoted."
IDENTITY = """
SELECT concat_ws('/',
    (SELECT system_identifier FROM pg_control_system()),
    (SELECT oid FROM pg_database WHERE datname = current_database()),
    left(pg_walfile_name(pg_current_wal_lsn()), 8))
"""


def held_since() -> dt.datetime | None:
    """Return since when sending is held, None when it is not; hold it now if this is another database than before."""
    identity = _identity()
    row, _created = Sending.objects.get_or_create(pk=1, defaults={"database": identity})
    if row.held_at is None and row.database != identity:
        return hold(RESTORED)
    return row.held_at


def state() -> Sending | None:
    """Return the row about sending as it is stored; None before the first mail."""
    return Sending.objects.filter(pk=1).first()


def may_go(rows: OutgoingQuerySet) -> OutgoingQuerySet:
    """Return the rows that may be sent: while sending is held, letters about an account that were asked for since."""
    held = Sending.objects.filter(held_at__isnull=False)
    may_go = Q(~Exists(held))
    if rows.model is not Digest:
        may_go |= Q(source=ACCOUNT, created_at__gt=Subquery(held.values("held_at")))
    return rows.filter(may_go)


@transaction.atomic
def hold(reason: str) -> dt.datetime:
    """Hold sending, from now on if it is not held yet; return since when."""
    now = timezone.now()
    Sending.objects.get_or_create(pk=1, defaults={"database": _identity()})
    row = Sending.objects.select_for_update().get(pk=1)
    if row.held_at is None:
        row.held_at, row.reason = now, reason[:200]
        row.save(update_fields=["held_at", "reason"])
        log.error("Sending is held: %s See ./manage.py release_sending --help.", reason)
    return row.held_at


def waiting_mail() -> int:
    """Return how many mails wait, whenever they are due."""
    return Delivery.objects.waiting().filter(channel=Channel.MAIL).count()


@transaction.atomic
def release(*, withhold: bool) -> int:
    """Let mail be sent again; with `withhold`, the mail that waited when sending was held is never sent.

    Returns how many mails were withheld.
    """
    row = Sending.objects.select_for_update().filter(pk=1).first()
    held_at = row.held_at if row else None
    withheld = 0
    if withhold and held_at:
        now = timezone.now()
        waited = Delivery.objects.waiting().filter(channel=Channel.MAIL, created_at__lte=held_at, due_at__lte=held_at)
        withheld = waited.update(suppressed_at=now)
        Digest.objects.waiting().filter(due_at__lte=held_at).update(suppressed_at=now)
    Sending.objects.update_or_create(pk=1, defaults={"database": _identity(), "held_at": None, "reason": ""})
    return withheld


def _identity() -> str:
    with connection.cursor() as cursor:
        cursor.execute(IDENTITY)
        return str(cursor.fetchone()[0])

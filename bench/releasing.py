"""A step: a State releases needs to the Compact and withdraws them again, as a web process would.

It measures the call that the page makes, then how long it takes until the worker has told everybody.
"""

import json
import time
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.mail import outbox
from accounts.models import Channel, Delivery, User
from assistance.access import policy, row_security
from assistance.consents import plans
from assistance.consents import transitions as consents
from assistance.needs.models import Need
from assistance.workflow import announcements
from assistance.workflow.notifications import SOURCE
from entities.actors import actor_of

LOOK_EVERY, QUIET = 0.2, 1.5  # seconds; for so long nothing may be left before all counts as told


class Statements:
    """Counts the statements of a block."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.number += 1
        return execute(*arguments)


def timed(act: Any) -> dict[str, Any]:
    """Return the seconds and statements of a call."""
    counted, begun = Statements(), time.perf_counter()
    with connection.execute_wrapper(counted):
        act()
    return {"seconds": round(time.perf_counter() - begun, 3), "statements": counted.number}


def told(since: Any, patience: float) -> dict[str, Any]:
    """Return how long it took until all mail was sent; where `patience` was too short, as computed from its rate."""
    begun, quiet = time.monotonic(), 0.0
    while quiet < QUIET and time.monotonic() - begun < patience:
        time.sleep(LOOK_EVERY)
        quiet = 0.0 if announcements.oldest_waiting() or due(since).exists() else quiet + LOOK_EVERY
    left, owed = due(since).count(), Delivery.objects.filter(channel=Channel.MAIL, created_at__gte=since)
    sent = owed.filter(sent_at__isnull=False)
    number, last = sent.count(), sent.order_by("-sent_at").values_list("sent_at", flat=True).first()
    seconds = (last - since).total_seconds() if last else 0.0
    rate = number / seconds if seconds else 0.0
    outbox.withhold(source=SOURCE)
    return {
        "told_seconds": round((number + left) / rate, 1) if rate else None,
        "mails": number + left,
        "people": owed.values("recipient").distinct().count(),
        "mails_per_second": round(rate, 1),
        "is_computed": left > 0,
    }


def due(since: Any) -> Any:
    """Return the mails queued since a moment that are still to be sent now."""
    return Delivery.objects.waiting().filter(channel=Channel.MAIL, created_at__gte=since, due_at__lte=timezone.now())


def main(path: str, first: str, number: str, patience: str) -> None:
    """Release so many needs and withdraw them; write the figures."""
    given = json.loads(Path(path).read_text())
    keys = given["needs"][int(first) : int(first) + int(number)]
    actor = actor_of(User.objects.get(pk=given["user"]))
    row_security.set_groups(actor.groups)

    def rows() -> list[Need]:
        return list(policy.visible(actor, Need).filter(pk__in=keys))

    since, chosen = timezone.now(), rows()
    released = timed(lambda: plans.submit(actor=actor, rows=chosen, audience="compact"))
    with row_security.bypass():
        released |= told(since, float(patience))
    chosen, since = rows(), timezone.now()
    withdrawn = timed(lambda: consents.withdraw(actor=actor, rows=chosen, reason="Measured."))
    with row_security.bypass():
        outbox.withhold(source=SOURCE)
    Path(path).with_suffix(".done").write_text(
        json.dumps({"needs": len(keys), "release": released, "withdrawal": withdrawn})
    )

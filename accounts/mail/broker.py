"""Notifies the workers through the broker that work is due; if this fails, the next periodic relay finds the work."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

# After a failure, skip the broker for a moment, so that a request with ten messages waits for it only once.
PAUSE = 5.0


class BrokerBackoff:
    """Until when this process does not contact the broker, on the clock of time.monotonic()."""

    until = 0.0


def notify_workers(task: str, *args: str) -> bool:
    """Send a task name and ids to the broker, once, and return whether it accepted them; never raises or retries."""
    if time.monotonic() < BrokerBackoff.until:
        return False
    try:
        current_app.send_task(task, args=args, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        BrokerBackoff.until = time.monotonic() + PAUSE
        log.warning("The broker does not answer; the outbox waits for the next relay (%s).", type(error).__name__)
        return False
    return True


@contextmanager
def suspended() -> Iterator[None]:
    """Suspend notifications in the body, for bulk writes of which nothing is due."""
    before, BrokerBackoff.until = BrokerBackoff.until, float("inf")
    try:
        yield
    finally:
        BrokerBackoff.until = before

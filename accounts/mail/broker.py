"""The doorbell: tells the workers that something waits. If nobody hears it, nothing is lost; the next relay finds it."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

# After a failed ring the broker is left alone for a moment: a request with ten messages waits for it once.
PAUSE = 5.0


class BrokerBackoff:
    """Until when this process leaves the broker alone, on the clock of time.monotonic()."""

    until = 0.0


def notify_workers(task: str, *args: str) -> bool:
    """Hand a task name and ids to the broker, once, and return whether it took them. Never raises, never retries."""
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
    """Ring for nothing inside the body, as when much is written of which nothing is due."""
    before, BrokerBackoff.until = BrokerBackoff.until, float("inf")
    try:
        yield
    finally:
        BrokerBackoff.until = before

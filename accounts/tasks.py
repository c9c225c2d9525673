"""Celery tasks of the app: each takes ids, never content, and calls one function."""

from celery import shared_task

from accounts import sending
from accounts.mail import digests, dispatch


@shared_task(name="accounts.tasks.relay")
def relay() -> None:
    """Run every few seconds, and whenever a row is added to the outbox."""
    dispatch.relay()


@shared_task(name=dispatch.SEND_DELIVERY)
def send_delivery(*delivery_ids: str) -> None:
    """Send a batch of mails."""
    dispatch.send(*delivery_ids)


@shared_task(name=dispatch.SEND_DIGEST)
def send_digest(*digest_ids: str) -> None:
    """Send a batch of digests."""
    dispatch.send_digest(*digest_ids)


@shared_task(name="accounts.tasks.send_digests")
def send_digests() -> None:
    """Every quarter of an hour: collect what is due to readers of digests, and reminders; pass it to the workers."""
    digests.open_digests()
    dispatch.relay()


@shared_task(name="accounts.tasks.tidy")
def tidy() -> int:
    """Once an hour: delete what was kept of forms and reminders for longer than it may be. Returns how many rows."""
    return sending.tidy() + digests.tidy()

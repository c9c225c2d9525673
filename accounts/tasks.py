"""Shells for the worker: each takes ids, never content, and calls one function."""

from celery import shared_task

from accounts.mail import dispatch


@shared_task(name="accounts.tasks.relay")
def relay() -> None:
    """Every few seconds, and whenever something was written into the outbox."""
    dispatch.relay()


@shared_task(name=dispatch.SEND_DELIVERY)
def send_delivery(delivery_id: str) -> None:
    """Send one mail."""
    dispatch.send(delivery_id)


@shared_task(name=dispatch.SEND_DIGEST)
def send_digest(digest_id: str) -> None:
    """Send one digest."""
    dispatch.send_digest(digest_id)


@shared_task(name="accounts.tasks.send_digests")
def send_digests() -> None:
    """Every quarter of an hour: gather what is due to readers of digests, and hand it out."""
    dispatch.open_digests()
    dispatch.relay()

"""Shells for the worker: each takes ids, never content, and calls one function."""

from celery import shared_task

from accounts import sending


@shared_task(name="accounts.tasks.relay")
def relay() -> None:
    """Every few seconds, and whenever something was written into the outbox."""
    sending.relay()


@shared_task(name=sending.SEND_DELIVERY)
def send_delivery(delivery_id: str) -> None:
    """Send one mail."""
    sending.send(delivery_id)


@shared_task(name=sending.SEND_DIGEST)
def send_digest(digest_id: str) -> None:
    """Send one digest."""
    sending.send_digest(digest_id)


@shared_task(name="accounts.tasks.send_digests")
def send_digests() -> None:
    """Every quarter of an hour: gather what is due to readers of digests, and hand it out."""
    sending.open_digests()
    sending.relay()

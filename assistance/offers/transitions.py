"""Transitions of an offer."""

from django.utils import timezone

from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from assistance.workflow.engine import transition
from entities.actors import Actor


def publish(*, actor: Actor, offer: object, version: int | None = None) -> Offer:
    """Publish the offer to every member, or to the States it names. Returns the offer."""
    with transition(actor, Offer, offer, "publish", version=version) as context:
        context.set(status=OfferStatus.PUBLISHED, confirmed_at=timezone.now(), pause_reason="")
    return context.row


def confirm(*, actor: Actor, offer: object, version: int | None = None) -> Offer:
    """Record that its provider says the offer is still right. Returns the offer."""
    with transition(actor, Offer, offer, "confirm", version=version) as context:
        context.set(confirmed_at=timezone.now())
    return context.row


def pause(*, actor: Actor, offer: object, version: int | None = None) -> Offer:
    """Pause the offer: it is hidden from others until it is published again. Returns the offer."""
    return _move(actor, offer, "pause", OfferStatus.PAUSED, version)


def withdraw(*, actor: Actor, offer: object, version: int | None = None, reason: str = "") -> Offer:
    """End the offer; existing matches continue. Returns the offer."""
    return _move(actor, offer, "withdraw", OfferStatus.WITHDRAWN, version, reason)


def _move(actor: Actor, offer: object, name: str, status: str, version: int | None, reason: str = "") -> Offer:
    with transition(actor, Offer, offer, name, version=version) as context:
        context.set(status=status)
        context.reason = reason
    return context.row

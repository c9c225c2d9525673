"""Transitions of an offer."""

from django.utils import timezone

from assistance.offers.models import Offer
from assistance.offers.rules import check_merge
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
    with transition(actor, Offer, offer, "pause", version=version) as context:
        context.set(status=OfferStatus.PAUSED, merge_proposed=None)
    return context.row


def propose_merge(*, actor: Actor, offer: object, into: Offer, version: int | None = None, note: str = "") -> Offer:
    """Ask the provider whether to merge the offer into another of its own. Returns the offer.

    Raises Invalid for the same offer or one of another provider, Conflict for one that is not published.
    """
    with transition(actor, Offer, offer, "propose-merge", version=version) as context:
        check_merge(context.row, into)
        context.set(merge_proposed=into)
        context.reason = note
    return context.row


def keep_apart(*, actor: Actor, offer: object, version: int | None = None, note: str = "") -> Offer:
    """Decline a proposal to merge the offer into another. Returns the offer."""
    with transition(actor, Offer, offer, "keep-apart", version=version) as context:
        context.set(merge_proposed=None)
        context.reason = note
    return context.row

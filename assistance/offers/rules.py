"""Access rules of offers, and guards of their transitions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assistance.access.rules import AccessReason, ReasonKind, office
from assistance.offers.messages import OF_PROVIDER
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from entities.actors import CTED, UNOCT, Actor
from entities.appointments import is_coordinator
from entities.groups import MEMBERS
from web.exceptions import Conflict, Invalid

PUBLISHED, NAMED_STATE = "published", "named_state"  # its own kinds of access reasons


def access_reasons(offer: Offer) -> Iterator[AccessReason]:
    """Yield the access reasons of an offer: its provider; once published everybody, or named States, CTED and UNOCT.

    Once merged it has the same readers, whom its page leads on to the other offer.
    """
    yield AccessReason(offer.provider.group_id, ReasonKind.PROVIDER)
    if offer.status not in (OfferStatus.PUBLISHED, OfferStatus.MERGED):
        return
    if not offer.visible_to_named_only:
        yield AccessReason(MEMBERS, PUBLISHED, owner=False)
        return
    for state in offer.for_states.all():
        yield AccessReason(state.group_id, NAMED_STATE, owner=False)
    yield AccessReason(office(CTED), ReasonKind.CTED, owner=False)
    yield AccessReason(office(UNOCT), ReasonKind.UNOCT, owner=False)


REASON_TEXTS: dict[str, Callable[[Offer, Sequence[AccessReason]], str]] = {
    PUBLISHED: lambda offer, reasons: _("Published offers are open to all users"),
    NAMED_STATE: lambda offer, reasons: _("The offer is for this State"),
}


def may_create(actor: Actor) -> bool:
    """Return whether this actor records offers: providers do."""
    return bool(actor.providers())


def window_is_open(offer: Offer) -> None:
    """Raise Conflict when the offer's window has passed."""
    if offer.is_expired:
        raise Conflict(_("The availability of the offer has ended. Set a later end first."))


# ── Merging ──────────────────────────────────────────────────────────────────
def coordinator(actor: Actor, offer: Offer) -> Iterable[UUID | None]:
    """Return UNOCT for its coordinators; nobody for an offer of UNOCT itself, which merges it without a proposal."""
    if not is_coordinator(actor) or actor.stands_for(offer.provider_id):
        return []
    return [one.pk for one in actor.organisations if one.slug == UNOCT]


def merge_is_proposed(offer: Offer) -> None:
    """Raise Conflict when nobody has proposed to merge the offer, or the proposal has been answered."""
    if offer.merge_proposed_id is None:
        raise Conflict(_("No merging is proposed for this offer."))


def check_merge(offer: Offer, into: Offer) -> None:
    """Raise Invalid for another offer that is the same or of another provider, Conflict for one that is not published."""
    if into.pk == offer.pk:
        raise Invalid({"into": [_("An offer cannot be merged into itself. Select another offer.")]})
    if into.provider_id != offer.provider_id:
        raise Invalid({"into": [_("Only offers of the same provider can be merged.")]})
    if into.status != OfferStatus.PUBLISHED or into.is_expired:
        raise Conflict(
            _("The offer %(reference)s is not published, or its availability has ended.")
            % {"reference": into.reference},
            url=offer.get_absolute_url(),
        )


def knows_proposals(actor: Actor, offer: Offer) -> bool:
    """Return whether this actor is told that merging was proposed: the provider and UNOCT are."""
    own = any(one.pk == offer.provider_id or one.slug == UNOCT for one in actor.organisations)
    return own and (actor.viewer is None or knows_proposals(actor.viewer, offer))


def history(actor: Actor, offer: Offer, events: QuerySet[Any]) -> QuerySet[Any]:
    """Return the events of an offer that this actor may know of: proposals are for the provider and UNOCT."""
    return events if knows_proposals(actor, offer) else events.exclude(name__in=OF_PROVIDER)

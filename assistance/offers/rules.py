"""Access rules of offers, and guards of their transitions."""

from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext as _

from assistance.access.rules import AccessReason, ReasonKind, office
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from entities.actors import CTED, UNOCT, Actor
from entities.groups import MEMBERS
from web.exceptions import Conflict

PUBLISHED, NAMED_STATE = "published", "named_state"  # its own kinds of access reasons


def access_reasons(offer: Offer) -> Iterator[AccessReason]:
    """Yield the access reasons of an offer: its provider; once published everybody, or named States, CTED and UNOCT."""
    yield AccessReason(offer.provider.group_id, ReasonKind.PROVIDER)
    if offer.status != OfferStatus.PUBLISHED:
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

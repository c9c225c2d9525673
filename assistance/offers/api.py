"""Offers and matches, over JSON."""

from assistance.offers.filters import OfferFilter
from assistance.offers.models import Offer
from assistance.offers.serializers import OfferBody, OfferOut, OfferPage
from assistance.offers.states import OFFER
from assistance.rest.bodies import MaybeReasonBody, PlainBody
from assistance.rest.viewsets import WrittenRows, described, step


@described
class Offers(WrittenRows):
    """What providers can do."""

    scope = "offers"
    model, out, page, body = Offer, OfferOut, OfferPage, OfferBody
    filterset_class = OfferFilter
    default_organisation = "provider"

    publish = step(OFFER["publish"], OfferPage, PlainBody)
    pause = step(OFFER["pause"], OfferPage, PlainBody)
    withdraw = step(OFFER["withdraw"], OfferPage, MaybeReasonBody)

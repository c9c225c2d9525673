"""Offers and matches, over JSON."""

from rest_framework.request import Request
from rest_framework.response import Response

from assistance import policy
from assistance.api.base import Rows, WrittenRows, described, step
from assistance.filters import MatchFilter, OfferFilter
from assistance.needs.models import Match
from assistance.needs.states import MATCH
from assistance.offers.models import Offer
from assistance.offers.states import OFFER
from assistance.serializers.matches import MatchBody, MatchOut, MatchPage
from assistance.serializers.offers import OfferBody, OfferOut, OfferPage
from assistance.serializers.steps import AcceptBody, DeliverBody, MaybeReasonBody, NoteBody, PlainBody, ReasonBody
from assistance.transitions import matches
from entities.errors import Forbidden


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


@described
class Matches(Rows):
    """One need and one provider, each side answering for itself."""

    scope = "matches"
    model, out, page, body = Match, MatchOut, MatchPage, MatchBody
    filterset_class = MatchFilter

    accept = step(MATCH["accept"], MatchPage, AcceptBody)
    decline = step(MATCH["decline"], MatchPage, ReasonBody)
    start = step(MATCH["start"], MatchPage, NoteBody)
    deliver = step(MATCH["deliver"], MatchPage, DeliverBody)
    retract = step(MATCH["retract"], MatchPage, ReasonBody)

    def create(self, request: Request) -> Response:
        """Propose help for a need; CTED suggests a provider."""
        if not policy.may_create(self.actor, Match):
            raise Forbidden
        values = self.read(MatchBody)
        need, offer = values.pop("need"), values.pop("offer", None)
        match = matches.propose(actor=self.actor, need=need.pk, offer=offer and offer.pk, **values)
        return self.answer(match.pk, 201)

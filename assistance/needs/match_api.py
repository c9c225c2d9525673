"""Matches, over JSON."""

from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.needs import match_transitions as matches
from assistance.needs.filters import MatchFilter
from assistance.needs.match_serializers import MatchBody, MatchOut, MatchPage
from assistance.needs.models import Match
from assistance.needs.states import MATCH
from assistance.rest.bodies import AcceptBody, DeliverBody, NoteBody, ReasonBody
from assistance.rest.viewsets import Rows, described, step
from web.exceptions import Forbidden


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

"""The API of matches."""

from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.needs import match_transitions as matches
from assistance.needs.filters import MatchFilter
from assistance.needs.match_serializers import (
    AnswerWriteSerializer,
    MatchDetailSerializer,
    MatchSerializer,
    MatchWriteSerializer,
)
from assistance.needs.models import Match
from assistance.needs.states import MATCH
from assistance.rest.bodies import AcceptWriteSerializer, NoteWriteSerializer
from assistance.rest.viewsets import ReadOnlyViewSet, document_schema, transition_action
from web.exceptions import Forbidden


@document_schema
class Matches(ReadOnlyViewSet):
    """A need and a provider; each side answers for itself."""

    scope = "matches"
    model = Match
    list_serializer_class = MatchSerializer
    detail_serializer_class = MatchDetailSerializer
    write_serializer_class = MatchWriteSerializer
    filterset_class = MatchFilter

    accept = transition_action(MATCH["accept"], MatchDetailSerializer, AcceptWriteSerializer)
    decline = transition_action(MATCH["decline"], MatchDetailSerializer, AnswerWriteSerializer)
    start = transition_action(MATCH["start"], MatchDetailSerializer, NoteWriteSerializer)
    retract = transition_action(MATCH["retract"], MatchDetailSerializer, AnswerWriteSerializer)

    carry_on = transition_action(MATCH["carry-on"], MatchDetailSerializer, NoteWriteSerializer)

    def create(self, request: Request) -> Response:
        """Propose help for a need; CTED suggests a provider."""
        if not policy.may_create(self.actor, Match):
            raise Forbidden
        values = self.validated_data(MatchWriteSerializer)
        keys = {name: row and row.pk for name in ("need", "offer", "project") for row in (values.pop(name, None),)}
        match = matches.propose(actor=self.actor, **{**values, **keys})
        return self.detail_response(match.pk, 201)

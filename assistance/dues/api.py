"""The API of deadlines."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.dues.filters import DueFilter
from assistance.dues.models import Due
from assistance.dues.serializers import DueDetailSerializer, DueSerializer, SnoozeWriteSerializer
from assistance.dues.states import DUE
from assistance.dues.transitions import snooze
from assistance.rest.bodies import PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import ReadOnlyViewSet, document_schema, transition_action


@document_schema
class Dues(ReadOnlyViewSet):
    """What organisations owe one another, with those that are done; `whose` asks for open ones only."""

    scope = "dues"
    model = Due
    list_serializer_class = DueSerializer
    detail_serializer_class = DueDetailSerializer
    filterset_class = DueFilter
    paging_order = ("-starts_at", "-id")

    nudge = transition_action(DUE["nudge"], DueDetailSerializer, PlainWriteSerializer)
    waive = transition_action(DUE["waive"], DueDetailSerializer, ReasonWriteSerializer)

    @extend_schema(request=SnoozeWriteSerializer, responses={200: DueDetailSerializer})
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: str) -> Response:
        """Get no reminder of this before a day, and be asked again then; others are reminded all the same."""
        policy.require(self.actor, "party", policy.get(self.actor, Due, pk))
        snooze(actor=self.actor, due=pk, **self.validated_data(SnoozeWriteSerializer))
        return self.detail_response(pk)

"""The API of needs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.consents.released import Released, ShareWriteSerializer, WithdrawWriteSerializer
from assistance.needs.bodies import (
    CloseWriteSerializer,
    ReopenWriteSerializer,
    SustainedWriteSerializer,
    VerifyWriteSerializer,
)
from assistance.needs.cycle_serializers import CyclesSerializer, cycles_of
from assistance.needs.filters import NeedFilter
from assistance.needs.models import Need
from assistance.needs.serializers import (
    NeedDetailSerializer,
    NeedSerializer,
    NeedWriteSerializer,
    RankedOffersSerializer,
    ranked,
)
from assistance.needs.states import NEED, NeedSource
from assistance.rest.bodies import NoteWriteSerializer, PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import EditableViewSet, describes_transition, document_schema, transition_action


@document_schema
class Needs(Released, EditableViewSet):
    """Needs, from the draft to the result of the verification."""

    scope = "needs"
    model = Need
    list_serializer_class = NeedSerializer
    detail_serializer_class = NeedDetailSerializer
    write_serializer_class = NeedWriteSerializer
    filterset_class = NeedFilter

    put_to_state = transition_action(NEED["put-to-state"], NeedDetailSerializer, PlainWriteSerializer)
    agree = transition_action(NEED["agree"], NeedDetailSerializer, NoteWriteSerializer)
    verify = transition_action(NEED["verify"], NeedDetailSerializer, VerifyWriteSerializer)
    close = transition_action(NEED["close"], NeedDetailSerializer, CloseWriteSerializer)

    report_after_year = transition_action(NEED["report-after-year"], NeedDetailSerializer, SustainedWriteSerializer)
    take_note = transition_action(NEED["take-note"], NeedDetailSerializer, ReasonWriteSerializer)
    reopen = transition_action(NEED["reopen"], NeedDetailSerializer, ReopenWriteSerializer)

    @describes_transition(NEED["share"], NeedDetailSerializer, ShareWriteSerializer)
    def share(self, request: Request, pk: str) -> Response:
        """Release this need."""
        return self.release(pk)

    @describes_transition(NEED["withdraw"], NeedDetailSerializer, WithdrawWriteSerializer)
    def withdraw(self, request: Request, pk: str) -> Response:
        """Withdraw the release of this need."""
        return self.take_back(pk)

    def completed(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of a new need; the default source without a visit is a desk survey."""
        values.setdefault("source", NeedSource.VISIT if values.get("visit") else NeedSource.DESK_SURVEY)
        return super().completed(values)

    @extend_schema(responses=CyclesSerializer, operation_id="needs_cycles")
    @action(detail=True, methods=["get"])
    def cycles(self, request: Request, pk: str) -> Response:
        """Return the cycles of this need, the running one first, each with its coverage by provider; in one page."""
        need = policy.get(self.actor, Need, pk)
        return Response({"next": None, "previous": None, "results": cycles_of(self.actor, need)})

    @extend_schema(responses=RankedOffersSerializer, operation_id="needs_offers")
    @action(detail=True, methods=["get"])
    def offers(self, request: Request, pk: str) -> Response:
        """Return the offers that fit this need, best first, each with its reasons; at most 20, in one page."""
        need = policy.get(self.actor, Need, pk)
        return Response({"next": None, "previous": None, "results": ranked(self.actor, need)})

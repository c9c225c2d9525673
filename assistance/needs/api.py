"""The API of needs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.consents.released import Released, release_action, withdraw_action
from assistance.needs import dismissals
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
from assistance.needs.suggestion_serializers import (
    CandidateWriteSerializer,
    DismissWriteSerializer,
    SuggestionsSerializer,
    keys_of,
    suggestions,
)
from assistance.rest.bodies import NoteWriteSerializer, PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import EditableViewSet, document_schema, transition_action
from web.exceptions import Forbidden


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

    share = release_action(NEED["share"], NeedDetailSerializer)
    withdraw = withdraw_action(NEED["withdraw"], NeedDetailSerializer)

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

    @extend_schema(responses=SuggestionsSerializer, operation_id="needs_suggestions")
    @action(detail=True, methods=["get"])
    def suggestions(self, request: Request, pk: str) -> Response:
        """Return the offers and projects that fit this need, best first, each with its points; at most 20, in one page.

        `nobody_because` counts why others do not fit, over all published offers and all planned or ongoing projects that
        you see. `dismissed` is what your organization has set aside.
        """
        need = policy.get(self.actor, Need, pk)
        return Response(suggestions(self.actor, need))

    @extend_schema(request=DismissWriteSerializer, responses=SuggestionsSerializer, operation_id="needs_dismiss")
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Set an offer or a project aside for this need, for your organization only. Returns the suggestions left."""
        need = self.suggested_for(pk)
        values = self.validated_data(DismissWriteSerializer)
        given = {"reason_code": values["reason_code"], "text": values["text"], **keys_of(values)}
        dismissals.dismiss(actor=self.actor, need=need.pk, **given)
        return Response(suggestions(self.actor, need))

    @extend_schema(
        request=CandidateWriteSerializer, responses=SuggestionsSerializer, operation_id="needs_undo_dismissal"
    )
    @action(detail=True, methods=["post"], url_path="undo-dismissal")
    def undo_dismissal(self, request: Request, pk: str) -> Response:
        """Let an offer or a project be suggested again that your organization has set aside. Returns the suggestions."""
        need = self.suggested_for(pk)
        dismissals.undo(actor=self.actor, need=need.pk, **keys_of(self.validated_data(CandidateWriteSerializer)))
        return Response(suggestions(self.actor, need))

    def suggested_for(self, pk: str) -> Need:
        """Return the need. Raises NotVisible, Forbidden for whoever neither suggests providers nor proposes help."""
        need = policy.get(self.actor, Need, pk)
        if not dismissals.may_dismiss(self.actor, need):
            raise Forbidden(url=need.get_absolute_url())
        return need

    @extend_schema(responses=RankedOffersSerializer, operation_id="needs_offers")
    @action(detail=True, methods=["get"])
    def offers(self, request: Request, pk: str) -> Response:
        """Return the offers that fit this need, best first, each with its reasons; at most 20, in one page."""
        need = policy.get(self.actor, Need, pk)
        return Response({"next": None, "previous": None, "results": ranked(self.actor, need)})

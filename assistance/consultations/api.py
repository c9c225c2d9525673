"""The API of consultations and their rounds."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.consents.released import Released, release_action, withdraw_action
from assistance.consultations.filters import ConsultationFilter, RoundFilter
from assistance.consultations.models import Consultation, Round
from assistance.consultations.serializers import (
    ConsultationDetailSerializer,
    ConsultationSerializer,
    ConsultationWriteSerializer,
    NeedOfRoundWriteSerializer,
    RoundCommentWriteSerializer,
    RoundDetailSerializer,
    RoundSerializer,
    RoundWriteSerializer,
)
from assistance.consultations.states import ROUND
from assistance.rest.bodies import PlainWriteSerializer
from assistance.rest.serializers import page_of
from assistance.rest.viewsets import EditableViewSet, document_schema, transition_action

RoundPage = page_of(RoundSerializer)


@document_schema
class Consultations(EditableViewSet):
    """Consultations of programmes with States, led by CTED."""

    scope = "consultations"
    model = Consultation
    list_serializer_class = ConsultationSerializer
    detail_serializer_class = ConsultationDetailSerializer
    write_serializer_class = ConsultationWriteSerializer
    filterset_class = ConsultationFilter

    @extend_schema(operation_id="consultations_rounds_list", responses=RoundPage)
    @action(detail=True, methods=["get"])
    def rounds(self, request: Request, pk: str) -> Response:
        """Return the rounds of a consultation that you see, the latest first; all in one page."""
        row = policy.get(self.actor, Consultation, pk)
        rows = RoundSerializer.load(self.actor).filter(consultation=row).order_by("-number")
        return Response({"next": None, "previous": None, "results": RoundSerializer.show(self.actor, rows)})


@document_schema
class Rounds(Released, EditableViewSet):
    """Rounds of consultations: recorded and edited by CTED while they are open."""

    scope = "rounds"
    model = Round
    list_serializer_class = RoundSerializer
    detail_serializer_class = RoundDetailSerializer
    write_serializer_class = RoundWriteSerializer
    filterset_class = RoundFilter

    close = transition_action(ROUND["close"], RoundDetailSerializer, PlainWriteSerializer)
    comment = transition_action(ROUND["comment"], RoundDetailSerializer, RoundCommentWriteSerializer)
    propose_need = transition_action(ROUND["propose-need"], RoundDetailSerializer, NeedOfRoundWriteSerializer)

    share = release_action(ROUND["share"], RoundDetailSerializer)
    withdraw = withdraw_action(ROUND["withdraw"], RoundDetailSerializer)

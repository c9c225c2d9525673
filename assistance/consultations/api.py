"""The API of consultations and their rounds."""

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
from assistance.rest.viewsets import EditableViewSet, document_schema, transition_action


@document_schema
class Consultations(EditableViewSet):
    """Consultations of programmes with States, led by CTED."""

    scope = "consultations"
    model = Consultation
    list_serializer_class = ConsultationSerializer
    detail_serializer_class = ConsultationDetailSerializer
    write_serializer_class = ConsultationWriteSerializer
    filterset_class = ConsultationFilter


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

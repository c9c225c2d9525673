"""The API of corrections of requests."""

from assistance.requests.correction_serializers import RequestCorrectionDetailSerializer, RequestCorrectionSerializer
from assistance.requests.filters import RequestCorrectionFilter
from assistance.requests.models import RequestCorrection
from assistance.requests.states import REQUEST_CORRECTION
from assistance.rest.bodies import NoteWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import ReadOnlyViewSet, document_schema, transition_action


@document_schema
class RequestCorrections(ReadOnlyViewSet):
    """Corrections of requests that CTED proposes, for the State, UNOCT and CTED."""

    scope = "request-corrections"
    model = RequestCorrection
    list_serializer_class = RequestCorrectionSerializer
    detail_serializer_class = RequestCorrectionDetailSerializer
    filterset_class = RequestCorrectionFilter

    accept = transition_action(REQUEST_CORRECTION["accept"], RequestCorrectionDetailSerializer, NoteWriteSerializer)
    refuse = transition_action(REQUEST_CORRECTION["refuse"], RequestCorrectionDetailSerializer, ReasonWriteSerializer)

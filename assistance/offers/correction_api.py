"""The API of corrections of offers."""

from assistance.offers.correction_serializers import CorrectionDetailSerializer, CorrectionSerializer
from assistance.offers.filters import CorrectionFilter
from assistance.offers.models import Correction
from assistance.offers.states import CORRECTION
from assistance.rest.bodies import NoteWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import ReadOnlyViewSet, document_schema, transition_action


@document_schema
class Corrections(ReadOnlyViewSet):
    """Corrections of offers, for the provider and for whoever proposed them."""

    scope = "corrections"
    model = Correction
    list_serializer_class = CorrectionSerializer
    detail_serializer_class = CorrectionDetailSerializer
    filterset_class = CorrectionFilter

    accept = transition_action(CORRECTION["accept"], CorrectionDetailSerializer, NoteWriteSerializer)
    refuse = transition_action(CORRECTION["refuse"], CorrectionDetailSerializer, ReasonWriteSerializer)

"""The API of offers."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.offers.bodies import MergeWriteSerializer, ProposeMergeWriteSerializer
from assistance.offers.correction_serializers import (
    CorrectionDetailSerializer,
    CorrectionSerializer,
    CorrectionWriteSerializer,
)
from assistance.offers.corrections import propose
from assistance.offers.filters import OfferFilter
from assistance.offers.models import Correction, Offer
from assistance.offers.serializers import OfferDetailSerializer, OfferSerializer, OfferWriteSerializer
from assistance.offers.states import OFFER
from assistance.rest.bodies import MaybeReasonWriteSerializer, NoteWriteSerializer, PlainWriteSerializer
from assistance.rest.viewsets import EditableViewSet, document_schema, transition_action


@document_schema
class Offers(EditableViewSet):
    """What providers can do."""

    scope = "offers"
    model = Offer
    list_serializer_class = OfferSerializer
    detail_serializer_class = OfferDetailSerializer
    write_serializer_class = OfferWriteSerializer
    filterset_class = OfferFilter
    default_organisation = "provider"

    publish = transition_action(OFFER["publish"], OfferDetailSerializer, PlainWriteSerializer)
    confirm = transition_action(OFFER["confirm"], OfferDetailSerializer, PlainWriteSerializer)
    pause = transition_action(OFFER["pause"], OfferDetailSerializer, PlainWriteSerializer)
    merge = transition_action(OFFER["merge"], OfferDetailSerializer, MergeWriteSerializer)
    propose_merge = transition_action(OFFER["propose-merge"], OfferDetailSerializer, ProposeMergeWriteSerializer)
    keep_apart = transition_action(OFFER["keep-apart"], OfferDetailSerializer, NoteWriteSerializer)

    @extend_schema(responses=CorrectionSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def corrections(self, request: Request, pk: str) -> Response:
        """Return the corrections of this offer that you see, newest change first, in one page."""
        offer = policy.get(self.actor, Offer, pk)
        rows = CorrectionSerializer.load(self.actor, policy.visible(self.actor, Correction).filter(offer=offer))
        return Response(CorrectionSerializer.show(self.actor, rows.order_by("-modified_at", "-id")))

    @extend_schema(
        request=CorrectionWriteSerializer, responses={201: CorrectionDetailSerializer}, operation_id="offers_correct"
    )
    @corrections.mapping.post
    def correct(self, request: Request, pk: str) -> Response:
        """Propose a correction of this offer to its provider."""
        offer = policy.get(self.actor, Offer, pk)
        values = self.validated_data(CorrectionWriteSerializer)
        made = propose(actor=self.actor, offer=offer.pk, **values)
        rows = CorrectionDetailSerializer.load(self.actor, policy.visible(self.actor, Correction).filter(pk=made.pk))
        return Response(CorrectionDetailSerializer.show(self.actor, rows)[0], status=201)

    withdraw = transition_action(OFFER["withdraw"], OfferDetailSerializer, MaybeReasonWriteSerializer)

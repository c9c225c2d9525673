"""The API of offers."""

from assistance.offers.bodies import MergeWriteSerializer, ProposeMergeWriteSerializer
from assistance.offers.filters import OfferFilter
from assistance.offers.models import Offer
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
    withdraw = transition_action(OFFER["withdraw"], OfferDetailSerializer, MaybeReasonWriteSerializer)

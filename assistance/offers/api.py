"""The API of offers."""

from assistance.offers.filters import OfferFilter
from assistance.offers.models import Offer
from assistance.offers.serializers import OfferDetailSerializer, OfferSerializer, OfferWriteSerializer
from assistance.offers.states import OFFER
from assistance.rest.bodies import MaybeReasonWriteSerializer, PlainWriteSerializer
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
    withdraw = transition_action(OFFER["withdraw"], OfferDetailSerializer, MaybeReasonWriteSerializer)

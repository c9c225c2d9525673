"""Serializers of offers."""

from rest_framework import serializers

from accounts.serializers import LanguageField
from assistance.offers.models import Offer
from assistance.offers.states import AssistanceType, OfferStatus
from assistance.rest.derived import STATES, body_of
from assistance.rest.fields import (
    VersionedWriteSerializer,
)
from assistance.rest.serializers import PageSerializer, Shown, TitledSerializer, money, texts
from web.languages import to_wire

MOST_PLACES = 1_000_000


def codes(help_text: str = "Codes.") -> serializers.ListField:
    """Return the schema field for a list of codes."""
    return serializers.ListField(child=serializers.CharField(), help_text=help_text)


class OfferSerializer(TitledSerializer):
    """What a provider can do, for whom and until when."""

    model = Offer
    joins = ("provider",)
    fetch = ("themes", "for_states", "for_regions")

    status = serializers.ChoiceField(OfferStatus.choices)
    is_expired = serializers.BooleanField(help_text="Whether its window has passed.")
    provider = serializers.CharField(help_text="Slug.")
    themes = codes()
    assistance_types = serializers.ListField(child=serializers.ChoiceField(AssistanceType.choices))
    for_states = codes("ISO 3166 alpha-3 codes; with no State and no region: for all States.")
    for_regions = codes("M49 codes.")
    visible_to_named_only = serializers.BooleanField()
    places = serializers.IntegerField(allow_null=True)
    expert_days = serializers.IntegerField(allow_null=True)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    working_languages = serializers.ListField(child=LanguageField())
    opens_on = serializers.DateField(allow_null=True)
    closes_on = serializers.DateField(allow_null=True)

    def to_representation(self, offer: Offer) -> Shown:
        """Return the offer as this reader sees it."""
        return {
            **self.head(offer),
            "status": offer.status,
            "is_expired": offer.is_expired,
            "provider": offer.provider.slug,
            **texts(offer),
            "themes": sorted(theme.pk for theme in offer.themes.all()),
            "assistance_types": offer.assistance_types,
            "for_states": sorted(state.iso3 for state in offer.for_states.all()),
            "for_regions": sorted(region.pk for region in offer.for_regions.all()),
            "visible_to_named_only": offer.visible_to_named_only,
            "places": offer.places,
            "expert_days": offer.expert_days,
            "amount": money(offer.amount),
            "currency": offer.currency,
            "working_languages": [to_wire(code) for code in offer.working_languages],
            "opens_on": offer.opens_on,
            "closes_on": offer.closes_on,
        }


class OfferDetailSerializer(OfferSerializer, PageSerializer):
    """One offer, with who can see it and its history."""

    def to_representation(self, offer: Offer) -> Shown:
        """Return the offer as its page shows it."""
        return {**super().to_representation(offer), **self.page(offer)}


class OfferWriteSerializer(VersionedWriteSerializer):
    """The body that records an offer; texts are in `language`, by default the writer's own."""

    vars().update(
        body_of(
            Offer,
            provider={"required": False, "help_text": "Slug; by default the only organisation you can offer for."},
            for_states=STATES,
        )
    )

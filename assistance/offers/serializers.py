"""Serializers of offers."""

from rest_framework import serializers

from assistance.offers.models import Offer
from assistance.rest.derived import STATES, body_of, shown_of
from assistance.rest.fields import (
    VersionedWriteSerializer,
)
from assistance.rest.serializers import PageSerializer, Shown, WorkSerializer, money
from web.languages import to_wire


class OfferSerializer(WorkSerializer):
    """What a provider can do, for whom and until when."""

    model = Offer
    joins = ("provider",)
    fetch = ("themes", "for_states", "for_regions")

    vars().update(
        shown_of(
            Offer,
            "status",
            for_states=STATES._replace(many="ISO 3166 alpha-3 codes; with no State and no region: for all States."),
        )
    )
    is_expired = serializers.BooleanField(help_text="Whether its window has passed.")

    def to_representation(self, offer: Offer) -> Shown:
        """Return the offer as this reader sees it."""
        return {
            **self.head(offer),
            "status": offer.status,
            "is_expired": offer.is_expired,
            "provider": offer.provider.slug,
            **self.texts(offer),
            "themes": self.keys(offer, "themes"),
            "assistance_types": offer.assistance_types,
            "for_states": sorted(self.organisation_of(key).iso3 for key in self.keys(offer, "for_states")),
            "for_regions": self.keys(offer, "for_regions"),
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

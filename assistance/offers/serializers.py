"""Serializers of offers."""

from rest_framework import serializers

from assistance.needs.models import RESERVED
from assistance.offers.capacity import capacities
from assistance.offers.decisions import proposed_merge
from assistance.offers.fields import PersonField
from assistance.offers.models import Offer
from assistance.offers.states import PauseReason, ShownStatus
from assistance.projects.models import Project
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
    parents = {"project": Project, "merged_into": Offer}

    vars().update(
        shown_of(
            Offer,
            "confirmed_at",
            "merged_into",
            for_states=STATES._replace(many="ISO 3166 alpha-3 codes; with no State and no region: for all States."),
        )
    )
    status = serializers.ChoiceField(
        ShownStatus.choices, help_text="“expired” for a published offer whose window has passed."
    )
    is_expired = serializers.BooleanField(help_text="Whether its window has passed.")
    pause_reason = serializers.ChoiceField(
        PauseReason.choices, allow_null=True, help_text="Why the portal has paused it; null where its provider has."
    )
    confirm_due = serializers.DateTimeField(allow_null=True, help_text="When its provider is asked to confirm it.")

    def to_representation(self, offer: Offer) -> Shown:
        """Return the offer as this reader sees it."""
        return {
            **self.head(offer),
            "status": offer.shown_status[0],
            "is_expired": offer.is_expired,
            "merged_into": self.parent_id(offer, "merged_into"),
            "pause_reason": offer.pause_reason or None,
            "confirmed_at": offer.confirmed_at,
            "confirm_due": offer.confirm_due,
            "provider": offer.provider.slug,
            **self.texts(offer),
            "themes": self.keys(offer, "themes"),
            "assistance_types": offer.assistance_types,
            "for_states": sorted(self.organisation_of(key).iso3 for key in self.keys(offer, "for_states")),
            "for_regions": self.keys(offer, "for_regions"),
            "eligibility": offer.eligibility,
            "visible_to_named_only": offer.visible_to_named_only,
            "places": offer.places,
            "expert_days": offer.expert_days,
            "amount": money(offer.amount),
            "currency": offer.currency,
            "working_languages": [to_wire(code) for code in offer.working_languages],
            "opens_on": offer.opens_on,
            "closes_on": offer.closes_on,
            "cost_to_state": offer.cost_to_state,
            "cost_note": offer.cost_note,
            "conditions": offer.conditions,
            "lead_time_days": offer.lead_time_days,
            "contact_appointment": offer.contact_appointment_id,
            "project": self.parent_id(offer, "project"),
        }


class CapacitySerializer(serializers.Serializer):
    """One kind of capacity of an offer; amounts are strings."""

    name = serializers.ChoiceField(list(RESERVED))
    total = serializers.CharField(help_text="What the offer states.")
    committed = serializers.CharField(help_text="What confirmed matches that you see reserve of it.")
    free = serializers.CharField()


class OfferDetailSerializer(OfferSerializer, PageSerializer):
    """One offer, with who can see it and its history."""

    merge_proposed = serializers.UUIDField(allow_null=True, help_text="Only for the provider and UNOCT; else null.")
    capacity = CapacitySerializer(many=True, help_text="Only for the provider, CTED and UNOCT; else empty.")

    def to_representation(self, offer: Offer) -> Shown:
        """Return the offer as its page shows it."""
        kinds = capacities(self.context["actor"], offer)
        capacity = [
            {"name": one.name, "total": str(one.total), "committed": str(one.committed), "free": str(one.free)}
            for one in kinds
        ]
        proposed = proposed_merge(self.context["actor"], offer)
        own = {"capacity": capacity, "merge_proposed": proposed and proposed.pk}
        return {**super().to_representation(offer), **own, **self.page(offer)}


class OfferWriteSerializer(VersionedWriteSerializer):
    """The body that records an offer; texts are in `language`, by default the writer's own."""

    vars().update(
        body_of(
            Offer,
            provider={"required": False, "help_text": "Slug; by default the only organisation you can offer for."},
            for_states=STATES,
        )
    )
    contact_appointment = PersonField(required=False, allow_null=True)
    confirmed = serializers.BooleanField(
        required=False, help_text="Send true to lower a capacity below what is committed to matches."
    )

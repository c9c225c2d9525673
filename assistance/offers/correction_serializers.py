"""Serializers of corrections of offers."""

from rest_framework import serializers

from assistance.offers.models import Correction
from assistance.offers.states import CorrectedField, CorrectionStatus
from assistance.rest.fields import Prose, WriteSerializer
from assistance.rest.serializers import PageSerializer, Shown, WorkSerializer


class CorrectionSerializer(WorkSerializer):
    """A change of one field of an offer; days are YYYY-MM-DD, numbers digits."""

    model = Correction
    joins = ("offer__provider", "proposed_as__organisation")

    offer = serializers.UUIDField()
    field = serializers.ChoiceField(CorrectedField.choices)
    was = serializers.CharField(help_text="What the offer said when it was proposed.")
    proposed = serializers.CharField()
    why = serializers.CharField()
    status = serializers.ChoiceField(CorrectionStatus.choices)
    answer = serializers.CharField(help_text="Of the provider.")
    proposed_by = serializers.CharField(help_text="Slug of the organisation.")

    def to_representation(self, row: Correction) -> Shown:
        """Return the correction as this reader sees it."""
        return {
            **self.head(row),
            "offer": row.offer_id,
            "field": row.field,
            "was": row.was,
            "proposed": row.proposed,
            "why": row.why,
            "status": row.status,
            "answer": row.answer,
            "proposed_by": row.proposed_as.organisation.slug,
        }


class CorrectionDetailSerializer(CorrectionSerializer, PageSerializer):
    """One correction, with who can see it and its history."""

    def to_representation(self, row: Correction) -> Shown:
        """Return the correction as its page shows it."""
        return {**super().to_representation(row), **self.page(row)}


class CorrectionWriteSerializer(WriteSerializer):
    """The field, its whole entry as it should be, and why."""

    field = serializers.ChoiceField(CorrectedField.choices)
    proposed = Prose(allow_blank=True)
    why = Prose()

"""Serializers of corrections of offers."""

from rest_framework import serializers

from assistance.offers.models import Correction
from assistance.offers.states import CorrectedField, CorrectionStatus
from assistance.rest.corrections import ProposedCorrectionSerializer, ProposedCorrectionWriteSerializer
from assistance.rest.serializers import PageSerializer, Shown


class CorrectionSerializer(ProposedCorrectionSerializer):
    """A change of one field of an offer; days are YYYY-MM-DD, numbers digits."""

    model = Correction
    joins = ("offer__provider", "proposed_as__organisation")
    subject_key = "offer"

    offer = serializers.UUIDField()
    field = serializers.ChoiceField(CorrectedField.choices)
    status = serializers.ChoiceField(CorrectionStatus.choices)
    answer = serializers.CharField(help_text="Of the provider.")


class CorrectionDetailSerializer(CorrectionSerializer, PageSerializer):
    """One correction, with who can see it and its history."""

    def to_representation(self, row: Correction) -> Shown:
        """Return the correction as its page shows it."""
        return {**super().to_representation(row), **self.page(row)}


class CorrectionWriteSerializer(ProposedCorrectionWriteSerializer):
    """The field, its whole entry as it should be, and why."""

    field = serializers.ChoiceField(CorrectedField.choices)

"""Serializers of corrections of requests."""

from rest_framework import serializers

from assistance.requests.models import RequestCorrection
from assistance.requests.states import RequestCorrectedField, RequestCorrectionStatus
from assistance.rest.corrections import ProposedCorrectionSerializer, ProposedCorrectionWriteSerializer
from assistance.rest.serializers import PageSerializer, Shown


class RequestCorrectionSerializer(ProposedCorrectionSerializer):
    """A change of one field of a request; days are YYYY-MM-DD, numbers digits."""

    model = RequestCorrection
    joins = ("assistance_request__state", "proposed_as__organisation")
    subject_key = "request"

    request = serializers.UUIDField()
    field = serializers.ChoiceField(RequestCorrectedField.choices)
    status = serializers.ChoiceField(RequestCorrectionStatus.choices)
    answer = serializers.CharField(help_text="Of the State.")


class RequestCorrectionDetailSerializer(RequestCorrectionSerializer, PageSerializer):
    """One correction, with who can see it and its history."""

    def to_representation(self, row: RequestCorrection) -> Shown:
        """Return the correction as its page shows it."""
        return {**super().to_representation(row), **self.page(row)}


class RequestCorrectionWriteSerializer(ProposedCorrectionWriteSerializer):
    """The field, its whole entry as it should be, and why."""

    field = serializers.ChoiceField(RequestCorrectedField.choices)

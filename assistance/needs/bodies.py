"""Request bodies of the transitions of needs."""

from rest_framework import serializers

from assistance.needs.states import CloseReason, Outcome, Sustained
from assistance.rest.fields import Prose, RowField, VersionedWriteSerializer
from assistance.visits.models import Visit


class VerifyWriteSerializer(VersionedWriteSerializer):
    """The result of the verification. `share`, in per cent, is required with partly_met."""

    outcome = serializers.ChoiceField(Outcome.choices)
    share = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100)
    note = Prose()


class SustainedWriteSerializer(VersionedWriteSerializer):
    """Whether what was built still works after a year. A note is required unless all of it does."""

    answer = serializers.ChoiceField(Sustained.choices)
    note = Prose(required=False, allow_blank=True)


class ReopenWriteSerializer(VersionedWriteSerializer):
    """The later visit that found the need again, none for a rating from the desk, and why a new cycle begins."""

    visit = RowField(Visit, required=False, allow_null=True)
    reason = Prose()


class CloseWriteSerializer(VersionedWriteSerializer):
    """Why a need is closed."""

    reason = serializers.ChoiceField(CloseReason.choices)
    note = Prose(required=False, allow_blank=True)

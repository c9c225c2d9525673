"""What the transitions of needs ask for over JSON."""

from rest_framework import serializers

from assistance.needs.states import CloseReason, Outcome
from assistance.rest.fields import Prose, VersionedWriteSerializer


class VerifyWriteSerializer(VersionedWriteSerializer):
    """What verification found. `share`, in per cent, is asked for with partly_met."""

    outcome = serializers.ChoiceField(Outcome.choices)
    share = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100)
    note = Prose()


class CloseWriteSerializer(VersionedWriteSerializer):
    """Why a need leaves the work."""

    reason = serializers.ChoiceField(CloseReason.choices)
    note = Prose(required=False, allow_blank=True)

"""Request bodies of the transitions of needs."""

from rest_framework import serializers

from assistance.needs.states import CloseReason, Outcome
from assistance.rest.fields import Prose, VersionedWriteSerializer


class VerifyWriteSerializer(VersionedWriteSerializer):
    """The result of the verification. `share`, in per cent, is required with partly_met."""

    outcome = serializers.ChoiceField(Outcome.choices)
    share = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100)
    note = Prose()


class CloseWriteSerializer(VersionedWriteSerializer):
    """Why a need is closed."""

    reason = serializers.ChoiceField(CloseReason.choices)
    note = Prose(required=False, allow_blank=True)

"""The API of the current user: the user (accounts), running appointments (entities) and permissions (assistance)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated

from accounts.api import MessageChoicesView, MeView
from accounts.models import User
from accounts.serializers import MeSerializer
from assistance import registry
from assistance.access import policy
from assistance.rest.following import FollowingView
from entities import appointments
from entities.access import HasAppointment
from entities.models import Role

NOMINATIONS = "appointments"  # the collection to which a nomination is added


def collections() -> list[registry.Aggregate]:
    """Return the aggregates that have a collection in the API."""
    return [aggregate for aggregate in registry.aggregates() if aggregate.viewset is not None]


class AppointmentSerializer(serializers.Serializer):
    """A running appointment."""

    organisation = serializers.CharField(source="organisation.slug", help_text="Slug.")
    role = serializers.ChoiceField(Role.choices)
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="The last day on which it gives a right, by UTC.")

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, with the first day as `from`, which is a reserved word of Python."""
        fields = super().get_fields()
        fields["from"] = serializers.DateField(source="since")
        del fields["since"]
        return fields


class TokenSerializer(serializers.Serializer):
    """The token of the request."""

    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField(), help_text="What it is good for.")
    expires_at = serializers.DateTimeField(source="expiry")


class FullMe(MeSerializer):
    """The user, their running appointments, the collections they may add to, and the token they came with."""

    appointments = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField(help_text="Collections you may add to.")
    token = serializers.SerializerMethodField(help_text="The token of this request; null with a session.")

    class Meta(MeSerializer.Meta):
        fields = [*MeSerializer.Meta.fields, "appointments", "may", "token"]

    @extend_schema_field(AppointmentSerializer(many=True))
    def get_appointments(self, user: User) -> list[dict[str, Any]]:
        """Return the appointments that run now."""
        return [dict(AppointmentSerializer(row).data) for row in self.context["request"].actor.appointments]

    @extend_schema_field(
        serializers.ListField(child=serializers.ChoiceField([*(one.collection for one in collections()), NOMINATIONS]))
    )
    def get_may(self, user: User) -> list[str]:
        """Return the collections this user may add to, by their names in URLs."""
        actor = self.context["request"].actor
        rows = [one.collection for one in collections() if policy.may_create(actor, one.model)]
        return [*rows, NOMINATIONS] if appointments.may_nominate(actor) else rows

    @extend_schema_field(TokenSerializer(allow_null=True))
    def get_token(self, user: User) -> dict[str, Any] | None:
        """Return what the token of this request is good for, and until when; None with a session."""
        token = self.context["request"].auth
        return None if token is None else dict(TokenSerializer(token).data)


class MyMessages(MessageChoicesView):
    """Which messages the current user receives, and where."""

    scope = "me"
    permission_classes = [IsAuthenticated, HasAppointment]


class MyFollowing(FollowingView):
    """The records, States and themes that the current user follows or has muted."""

    scope = "me"
    permission_classes = [IsAuthenticated, HasAppointment]


class Me(MeView):
    """The current user, what they may add, and how they are notified."""

    scope = "me"
    serializer_class = FullMe
    permission_classes = [IsAuthenticated, HasAppointment]

"""The API of the directory, read-only; details that the reader may not see are null."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.viewsets import GenericViewSet

from entities.access import HasAppointment
from entities.actors import Actor
from entities.collation import ON_THE_WIRE
from entities.filters import DirectoryFilters
from entities.models import Appointment, Role
from entities.views import directory
from web.filter_backend import StrictFilterBackend
from web.languages import to_wire
from web.pagination import Cursor
from web.rest import KnownParameters


class DirectoryEntry(serializers.Serializer):
    """One person in one role. `email` and `phone` are null for partners and observers."""

    id = serializers.UUIDField()
    organisation = serializers.CharField(source="organisation.slug", help_text="Slug.")
    name = serializers.CharField(source="user.name")
    role = serializers.ChoiceField(Role.choices)
    languages = serializers.SerializerMethodField()
    email = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    deputy = serializers.CharField(source="deputy_name", allow_null=True, help_text="Name.")
    away_until = serializers.DateField(allow_null=True)
    confirmed_at = serializers.DateTimeField(
        source="user.details_confirmed_at", allow_null=True, help_text="When the person last said it is right."
    )
    is_old = serializers.SerializerMethodField(help_text="Not confirmed for half a year.")

    @property
    def actor(self) -> Actor:
        return self.context["request"].actor

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(list(ON_THE_WIRE.values()))))
    def get_languages(self, row: Appointment) -> list[str]:
        return [to_wire(code) for code in directory.languages_of(row.user)]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_email(self, row: Appointment) -> str | None:
        return directory.contact(self.actor, row)["email"] or None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_phone(self, row: Appointment) -> str | None:
        return directory.contact(self.actor, row)["phone"] or None

    @extend_schema_field(serializers.BooleanField())
    def get_is_old(self, row: Appointment) -> bool:
        return directory.is_stale(row.user)


class DirectoryViewSet(KnownParameters, mixins.ListModelMixin, GenericViewSet):
    """Who acts for whom now, and how to contact them."""

    scope = "directory"
    queryset = Appointment.objects.none()
    serializer_class = DirectoryEntry
    permission_classes = [IsAuthenticated, HasAppointment]
    pagination_class = Cursor
    filter_backends = [StrictFilterBackend]
    filterset_class = DirectoryFilters
    paging_order = directory.ORDER

    def get_queryset(self) -> Any:
        """Return the appointments that are in the directory today."""
        return directory.people()

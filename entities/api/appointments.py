"""The API of appointments: the same rows, rules and transitions as the pages of designations."""

from collections.abc import Callable, Collection
from typing import Any, cast
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from accounts.serializers import LanguageField, Line, Strict, Text
from entities import appointments
from entities.access import HasAppointment
from entities.actors import Actor
from entities.appointments import progress
from entities.filters import AppointmentFilters
from entities.models import Appointment, Organisation, Phase, Renewal, Role
from entities.reauthentication import require_recent_login
from files import serving
from files.cleaning.kinds import ENDINGS
from web.exceptions import Conflict, Forbidden, NotVisible
from web.filter_backend import StrictFilterBackend
from web.pagination import Cursor
from web.rest import KnownParameters


class RenewalSerializer(serializers.Serializer):
    """A request that waits for UNOCT: a later last day, or (`until` is null) to reinstate a lapsed appointment."""

    until = serializers.DateField(allow_null=True)
    asked_at = serializers.DateTimeField()


class AppointmentRow(serializers.Serializer):
    """An appointment. Before approval the name is the one given at the nomination, except for UNOCT."""

    id = serializers.UUIDField()
    organisation = serializers.CharField(source="organisation.slug", help_text="Slug.")
    role = serializers.ChoiceField(Role.choices)
    email = serializers.EmailField(source="user.email")
    name = serializers.SerializerMethodField()
    phase = serializers.ChoiceField(Phase.choices)
    until = serializers.DateField(
        allow_null=True, help_text="The last day on which it gives a right, by the clock of its organisation."
    )
    confirm_by = serializers.DateField(help_text="The last day on which it runs without a new confirmation.")
    nominated_at = serializers.DateTimeField(source="created_at")
    approved_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField()
    waits_days = serializers.SerializerMethodField(help_text="How long UNOCT has been waited for; null if it is not.")
    renewal = serializers.SerializerMethodField()
    transitions = serializers.SerializerMethodField(help_text="What you may do with it now.")

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, with the first day as `from`, which is a reserved word of Python."""
        return {**super().get_fields(), "from": serializers.DateField(source="since")}

    @property
    def actor(self) -> Actor:
        return self.context["request"].actor

    @extend_schema_field(serializers.CharField())
    def get_name(self, row: Appointment) -> str:
        return progress.name_for(row, coordinates=appointments.is_coordinator(self.actor))

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_waits_days(self, row: Appointment) -> int | None:
        wish = open_wish(row)
        since = row.created_at if row.phase == Phase.AWAITING else wish.asked_at if wish else None
        return progress.days_since(since) if since else None

    @extend_schema_field(RenewalSerializer(allow_null=True))
    def get_renewal(self, row: Appointment) -> dict[str, Any] | None:
        wish = open_wish(row)
        return dict(RenewalSerializer(wish).data) if wish else None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_transitions(self, row: Appointment) -> list[str]:
        found = appointments.transitions(self.actor, row, open_wish(row))
        return [one for name in found for one in (("grant", "refuse") if name == "decide" else (name,))]


def open_wish(row: Any) -> Renewal | None:
    """Return the undecided renewal of the appointment, prefetched by the view's queryset."""
    wish: Renewal | None = next(iter(row.open_wishes), None)
    if wish:
        wish.appointment = row
    return wish


def may_decide(actor: Actor, row: Appointment) -> bool:
    """Return whether this user may decide on the undecided renewal; without one, any coordinator (answer: 409)."""
    wish = open_wish(row)
    return appointments.may_decide(actor, wish) if wish else appointments.is_coordinator(actor)


May = Callable[[Actor, Appointment], bool]


# ── Bodies ───────────────────────────────────────────────────────────────────
class EmptyWriteSerializer(Strict):
    """An empty body."""


class EndWriteSerializer(Strict):
    """The reason."""

    reason = Text(max_length=300)


class ExtendWriteSerializer(Strict):
    """The new last day."""

    until = serializers.DateField()


class SuccessorWriteSerializer(Strict):
    """The successor; `from` defaults to today."""

    email = serializers.EmailField(max_length=254)
    name = Line(max_length=150)
    language = LanguageField(required=False)
    letter = serializers.FileField(required=False, help_text="The letter of nomination; only UNOCT needs none.")
    until = serializers.DateField(required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, with the first day as `from`."""
        return {**super().get_fields(), "from": serializers.DateField(source="since", required=False)}


class NominationWriteSerializer(SuccessorWriteSerializer):
    """The person, the organisation and the role; `organisation` is a slug you may nominate for."""

    organisation: "serializers.SlugRelatedField[Organisation]" = serializers.SlugRelatedField(
        slug_field="slug", queryset=Organisation.objects.all()
    )
    role = serializers.ChoiceField(Role.choices)


# ── The collection ───────────────────────────────────────────────────────────
class AppointmentViewSet(KnownParameters, GenericViewSet):
    """Appointments and nominations: all for a coordinator of UNOCT, else those of the organisations you act for."""

    scope = "appointments"
    queryset = Appointment.objects.none()
    serializer_class = AppointmentRow
    permission_classes = [IsAuthenticated, HasAppointment]
    pagination_class = Cursor
    filter_backends = [StrictFilterBackend]
    filterset_class = AppointmentFilters
    paging_order = ("-created_at", "-id")
    parser_classes = [*cast(Any, api_settings).DEFAULT_PARSER_CLASSES, MultiPartParser]  # a nomination has a letter

    @property
    def actor(self) -> Actor:
        """The current actor; one without rights while the schema is generated."""
        return getattr(self.request, "actor", None) or Actor(User())

    def get_queryset(self) -> Any:
        """Return the rows this user may read, each with its undecided renewal."""
        open_wishes = Prefetch("renewals", Renewal.objects.filter(decided_at__isnull=True), to_attr="open_wishes")
        return appointments.visible_appointments(self.actor).prefetch_related(open_wishes)

    def list(self, request: Request) -> Response:
        """List one page, newest nomination first."""
        if not appointments.is_coordinator(self.actor) and not self.actor.acting_for:
            raise Forbidden
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one appointment."""
        return self.answer(pk)

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in ENDINGS})
    @action(detail=True, methods=["get"])
    def letter(self, request: Request, pk: str) -> HttpResponseBase:
        """Return the letter of nomination, always as a download."""
        row = self.find(pk)
        if row.letter is None or not appointments.may_end(self.actor, row):
            raise NotVisible
        return serving.response(row.letter)

    @extend_schema(request=NominationWriteSerializer, responses={201: AppointmentRow})
    def create(self, request: Request) -> Response:
        """Nominate a person; a coordinator of UNOCT who did not nominate approves."""
        if not appointments.may_nominate(self.actor):
            raise Forbidden
        values = self.read(NominationWriteSerializer)
        require_recent_login(request)
        return self.answer(appointments.nominate(actor=self.actor, **values).pk, 201)

    @extend_schema(request=EmptyWriteSerializer, responses=AppointmentRow)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve a nomination."""
        row, _none = self.take(pk, EmptyWriteSerializer, appointments.may_approve, (Phase.AWAITING,))
        appointments.approve(actor=self.actor, appointment=row)
        return self.answer(pk)

    @extend_schema(request=EndWriteSerializer, responses=AppointmentRow)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End an appointment, or refuse a nomination."""
        row, values = self.take(pk, EndWriteSerializer)
        appointments.end(actor=self.actor, appointment=row, **values)
        return self.answer(pk)

    @extend_schema(request=EmptyWriteSerializer, responses=AppointmentRow)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Confirm that an appointment is still right, for another half year."""
        row, _none = self.take(pk, EmptyWriteSerializer, appointments.may_confirm, (Phase.RUNNING, Phase.COMING))
        appointments.confirm(actor=self.actor, appointment=row)
        return self.answer(pk)

    @extend_schema(request=ExtendWriteSerializer, responses=AppointmentRow)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        """Ask UNOCT for a later last day."""
        row, values = self.take(pk, ExtendWriteSerializer, phases=(Phase.RUNNING, Phase.COMING))
        appointments.extend(actor=self.actor, appointment=row, **values)
        return self.answer(pk)

    @extend_schema(request=EmptyWriteSerializer, responses=AppointmentRow)
    @action(detail=True, methods=["post"])
    def reinstate(self, request: Request, pk: str) -> Response:
        """Ask UNOCT to reinstate an appointment that was not confirmed in time."""
        row, _none = self.take(pk, EmptyWriteSerializer, phases=(Phase.LAPSED,))
        appointments.reinstate(actor=self.actor, appointment=row)
        return self.answer(pk)

    @extend_schema(request=EmptyWriteSerializer, responses=AppointmentRow)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, pk: str) -> Response:
        """Grant the open request for an appointment."""
        row, _none = self.take(pk, EmptyWriteSerializer, may_decide)
        appointments.grant(actor=self.actor, renewal=self.wish(row))
        return self.answer(pk)

    @extend_schema(request=EndWriteSerializer, responses=AppointmentRow)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Refuse the open request for an appointment."""
        row, values = self.take(pk, EndWriteSerializer, may_decide)
        appointments.refuse(actor=self.actor, renewal=self.wish(row), **values)
        return self.answer(pk)

    @extend_schema(request=SuccessorWriteSerializer, responses={201: AppointmentRow})
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: str) -> Response:
        """Nominate a successor, and return the successor's nomination."""
        row, values = self.take(pk, SuccessorWriteSerializer, phases=(Phase.RUNNING, Phase.LAPSED))
        return self.answer(appointments.hand_over(actor=self.actor, appointment=row, **values).pk, 201)

    # ── Shared by the transitions ──
    def take(
        self, pk: object, body: type[Strict], may: May = appointments.may_end, phases: Collection[Phase] = Phase
    ) -> tuple[Appointment, dict[str, Any]]:
        """Return the row and the values sent, after checking right, body, phase and proof, in this order.

        Raises NotVisible, Forbidden, ValidationError, Conflict or ProofNeeded.
        """
        row = self.find(pk)
        if not may(self.actor, row):
            raise Forbidden
        values = self.read(body)
        if row.phase not in phases:
            raise appointments.wrong_phase(row)
        require_recent_login(self.request)
        return row, values

    def find(self, pk: object) -> Any:
        """Return the row. Raises NotVisible, the same for hidden and absent rows."""
        try:
            row = self.get_queryset().filter(pk=UUID(str(pk))).first()
        except ValueError:
            row = None
        if row is None:
            raise NotVisible
        return row

    def wish(self, row: Appointment) -> Renewal:
        """Return the undecided renewal. Raises Conflict if there is none."""
        wish = open_wish(row)
        if wish is None:
            raise Conflict(transitions=appointments.TRANSITIONS[row.phase])
        return wish

    def read(self, body: type[Strict]) -> dict[str, Any]:
        """Return the validated values of the request's body. Raises ValidationError naming the invalid fields."""
        sent = body(data=self.request.data, context={"request": self.request})
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def answer(self, pk: object, status: int = 200) -> Response:
        """Return the response with the row in its present state."""
        row = self.find(pk)
        headers = {}
        if status == 201:
            headers["Location"] = self.request.build_absolute_uri(reverse("api-appointment-detail", args=[row.pk]))
        return Response(self.get_serializer(row).data, status=status, headers=headers)

"""The API of releases and withdrawals: one row by its own transition, or several rows by one consent."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.consents import plans
from assistance.consents.filters import ConsentFilter
from assistance.consents.models import Consent, ReleasePlan
from assistance.consents.plan_serializers import (
    LineWriteSerializer,
    PublishWriteSerializer,
    ReleasePlanDetailSerializer,
    ReleasePlanSerializer,
)
from assistance.consents.released import proposed
from assistance.consents.serializers import ConsentDetailSerializer, ConsentSerializer, ConsentWriteSerializer
from assistance.consents.states import RELEASE_PLAN
from assistance.rest.bodies import PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import FORMS, ReadOnlyViewSet, document_schema, transition_action
from audit import log
from entities.reauthentication import require_recent_login
from files import serving
from files.cleaning.kinds import ENDINGS
from web.exceptions import Forbidden, NotVisible


@document_schema
class Consents(ReadOnlyViewSet):
    """Decisions of States, for CTED and the State. Recording one releases several needs and sections at once."""

    scope = "consents"
    model = Consent
    list_serializer_class = ConsentSerializer
    detail_serializer_class = ConsentDetailSerializer
    write_serializer_class = ConsentWriteSerializer
    filterset_class = ConsentFilter
    paging_order = ("-given_at", "-id")
    parser_classes = FORMS

    def create(self, request: Request) -> Response:
        """Release needs and sections of one State together."""
        if not policy.may_create(self.actor, Consent):
            raise Forbidden
        values = self.validated_data(ConsentWriteSerializer)
        require_recent_login(request)
        made = plans.submit(actor=self.actor, **values)
        return proposed(self.actor, made) or self.detail_response(made.pk, 201)

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in ENDINGS})
    @action(detail=True, methods=["get"], url_path="note-verbale")
    def note_verbale(self, request: Request, pk: str) -> HttpResponseBase:
        """Return the file a State attached, always as a download."""
        consent = policy.get(self.actor, Consent, pk, rows=self.get_queryset())
        if consent.note_verbale is None:
            raise NotVisible
        answer = serving.response(consent.note_verbale)
        log.read([consent])
        return answer


@document_schema
class ReleasePlans(ReadOnlyViewSet):
    """Plans of a State's people: drafts, proposals awaiting a colleague, and what has been published."""

    scope = "releases"
    model = ReleasePlan
    list_serializer_class = ReleasePlanSerializer
    detail_serializer_class = ReleasePlanDetailSerializer
    write_serializer_class = ConsentWriteSerializer
    parser_classes = FORMS
    paging_order = ("-modified_at", "-id")

    def create(self, request: Request) -> Response:
        """Create a plan: needs and sections of one State for one audience. Nothing is released by it."""
        if not policy.may_create(self.actor, ReleasePlan):
            raise Forbidden
        return self.detail_response(plans.plan(actor=self.actor, **self.lines()).pk, 201)

    @extend_schema(request=ConsentWriteSerializer, responses={200: ReleasePlanDetailSerializer})
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, pk: str) -> Response:
        """Add rows to the plan; a need or section already in it is replaced."""
        policy.require(self.actor, "state", policy.get(self.actor, ReleasePlan, pk))
        return self.detail_response(plans.plan(actor=self.actor, release_plan=pk, **self.lines()).pk)

    @extend_schema(request=LineWriteSerializer, responses={200: ReleasePlanDetailSerializer})
    @action(detail=True, methods=["post"], url_path="take-out")
    def take_out(self, request: Request, pk: str) -> Response:
        """Remove a line from the plan."""
        policy.require(self.actor, "state", policy.get(self.actor, ReleasePlan, pk))
        return self.detail_response(
            plans.take_out(actor=self.actor, release_plan=pk, **self.validated_data(LineWriteSerializer)).pk
        )

    def lines(self) -> dict[str, Any]:
        """Return the lines given in the body: rows, audience, end and the versions read."""
        values = self.validated_data(ConsentWriteSerializer)
        for name in ("reason", "note_verbale"):
            values.pop(name, None)  # belongs to the request that publishes
        return values

    publish = transition_action(RELEASE_PLAN["publish"], ReleasePlanDetailSerializer, PublishWriteSerializer)
    confirm = transition_action(RELEASE_PLAN["confirm"], ReleasePlanDetailSerializer, PlainWriteSerializer)
    send_back = transition_action(RELEASE_PLAN["send-back"], ReleasePlanDetailSerializer, ReasonWriteSerializer)
    give_up = transition_action(RELEASE_PLAN["give-up"], ReleasePlanDetailSerializer, PlainWriteSerializer)

"""The API of the access log: read-only, with the same entries as the page."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from assistance.audit_log import queries
from assistance.audit_log.filters import AccessFilter
from assistance.audit_log.serializers import EntrySerializer
from audit.models import Entry
from entities.access import HasAppointment
from entities.actors import Actor
from web.filter_backend import StrictFilterBackend
from web.pagination import Cursor
from web.rest import KnownParameters


class AccessLog(KnownParameters, GenericViewSet):
    """Who read, exported or was refused what, newest first: for a State the entries that concern it, for UNOCT all."""

    scope = "access-log"
    serializer_class = EntrySerializer
    permission_classes = [IsAuthenticated, HasAppointment]
    pagination_class = Cursor
    paging_order = ("-id",)
    filter_backends = [StrictFilterBackend]
    filterset_class = AccessFilter

    def get_queryset(self) -> QuerySet[Entry]:
        """Return the entries the caller may see. Raises Forbidden."""
        actor: Actor = getattr(self.request, "actor", None) or Actor(User())
        return queries.visible(actor) if actor.appointments else Entry.objects.none()

    @extend_schema(responses=EntrySerializer(many=True))
    def list(self, request: Request) -> Response:
        """Return one page of entries."""
        actor: Any = request.actor  # type: ignore[attr-defined]
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(
            EntrySerializer(queries.lines(actor, rows), many=True, context={"actor": actor}).data
        )

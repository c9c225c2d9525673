"""The API for the current user: profile, preferences and notifications."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from accounts import inbox
from accounts.mail.choices import choices_of, save_choices
from accounts.models import Delivery, Means, User
from accounts.serializers import MeSerializer, MessageChoiceSerializer, NotificationSerializer
from web.filter_backend import StrictFilterBackend
from web.rest import KnownParameters

PAGE_SIZE, PAGE_SIZE_MAX = 50, 200


def reader(request: Request) -> User:
    """Return the current user; raise NotAuthenticated for anonymous requests (such as the schema generator's)."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def under(request: Request) -> Any:
    """Return the actor limited by the request's token, or None for a session, which is not limited."""
    return request._request.actor if request.auth else None  # type: ignore[attr-defined]


class NotificationFilter(filters.FilterSet):
    """`?unread=true`, and `?needs_action=true` for notifications whose action is still open."""

    unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")
    needs_action = filters.BooleanFilter(method="asked")

    class Meta:
        model = Delivery
        fields: list[str] = []

    def asked(self, rows: QuerySet[Delivery], name: str, value: bool) -> QuerySet[Delivery]:
        """Return the notifications with an open action, or all others."""
        return rows.filter(inbox.ASKED) if value else rows.exclude(inbox.ASKED)


class NotificationPages(BasePagination):
    """Pagination of the inbox by cursor; each page is full because withheld notifications are skipped while reading."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the requested page; raise ValidationError for a cursor that is not the reader's."""
        self.address = request.build_absolute_uri()
        before, after = _position(request, "before"), _position(request, "after")
        try:
            self.page = inbox.page(
                reader(request), queryset, before=before, after=after, size=_size(request), actor=under(request)
            )
        except Delivery.DoesNotExist as error:
            raise ValidationError({"after" if after else "before": [_("Notification not found.")]}) from error
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        """Return the response body that every list of the portal has."""
        return Response(
            {
                "next": self._link("before", "after", self.page.older),
                "previous": self._link("after", "before", self.page.newer),
                "results": data,
            }
        )

    def _link(self, name: str, other: str, position: UUID | None) -> str | None:
        if position is None:
            return None
        return replace_query_param(remove_query_param(self.address, other), name, str(position))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of that response body, for the OpenAPI schema."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Return the query parameters, for the OpenAPI schema."""
        position = {"type": "string", "format": "uuid"}
        size = {"type": "integer", "minimum": 1, "maximum": PAGE_SIZE_MAX, "default": PAGE_SIZE}
        schemas = {"before": position, "after": position, "page_size": size}
        return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in schemas.items()]


def _position(request: Request, name: str) -> UUID | None:
    written = request.query_params.get(name)
    try:
        return None if written is None else UUID(written)
    except ValueError as error:
        raise ValidationError({name: [_("The value is not a valid notification ID.")]}) from error


def _size(request: Request) -> int:
    """Return the page size. Raises ValidationError unless it is a number from 1 to PAGE_SIZE_MAX."""
    written = request.query_params.get("page_size", str(PAGE_SIZE))
    if written.isascii() and written.isdecimal() and len(written) < 10 and 1 <= int(written) <= PAGE_SIZE_MAX:
        return int(written)
    message = _("Enter a whole number from 1 to %(most)s.") % {"most": PAGE_SIZE_MAX}
    raise ValidationError({"page_size": [message]})


class NotificationViewSet(KnownParameters, mixins.ListModelMixin, viewsets.GenericViewSet):
    """The reader's own notifications, newest first."""

    queryset = Delivery.objects.none()
    serializer_class = NotificationSerializer
    pagination_class = NotificationPages
    filter_backends = [StrictFilterBackend]
    filterset_class = NotificationFilter
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Delivery]:
        """Return the reader's rows; the paginator leaves out those they may no longer see."""
        return inbox.notifications(reader(self.request))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Mark one as read and return it."""
        try:
            row = inbox.find(reader(request), UUID(str(pk)), under(request))
        except (Delivery.DoesNotExist, ValueError) as error:
            raise Http404 from error
        return Response(self.get_serializer(inbox.mark_read(row)).data)


class MessageChoicesView(KnownParameters, APIView):
    """Which messages the current user receives, and where."""

    http_method_names = ["get", "patch", "head", "options"]

    @extend_schema(responses=MessageChoiceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return all messages that can be chosen, those received before first."""
        return Response(MessageChoiceSerializer(choices_of(reader(request)), many=True).data)

    @extend_schema(
        request={"application/json": {"type": "object", "additionalProperties": {"enum": Means.values}}},
        responses=MessageChoiceSerializer(many=True),
    )
    def patch(self, request: Request) -> Response:
        """Choose for some messages, by their names; the others stay as they are. Returns all of them."""
        sent = request.data if isinstance(request.data, Mapping) else {}
        save_choices(reader(request), {str(name): str(means) for name, means in sent.items()})
        return self.get(request)


class MeView(KnownParameters, RetrieveUpdateAPIView):
    """The current user, and how they want to be notified."""

    serializer_class = MeSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> User:
        """Return the current user, loaded again so that a refused change does not alter the request's user."""
        return User.objects.get(pk=reader(self.request).pk)

"""The API of deadlines."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.dues import exports
from assistance.dues.by_organisation import of_all
from assistance.dues.filters import DueFilter
from assistance.dues.models import Due
from assistance.dues.serializers import (
    DueDetailSerializer,
    DueSerializer,
    OwingSerializer,
    OwingsSerializer,
    SnoozeWriteSerializer,
)
from assistance.dues.states import DUE
from assistance.dues.transitions import snooze
from assistance.rest.bodies import PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import ReadOnlyViewSet, document_schema, transition_action
from web import calendars, spreadsheets

FILES = ("calendar", "spreadsheet")


@document_schema
class Dues(ReadOnlyViewSet):
    """What organisations owe one another, with those that are done; `whose` asks for open ones only."""

    scope = "dues"
    model = Due
    list_serializer_class = DueSerializer
    detail_serializer_class = DueDetailSerializer
    filterset_class = DueFilter
    paging_order = ("-starts_at", "-id")

    @property
    def query_parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        """The filters of the list are those of its files, too."""
        return tuple(DueFilter.base_filters) if self.action in FILES else super().query_parameters

    @extend_schema(filters=True, responses={(200, calendars.MEDIA_TYPE): OpenApiTypes.BINARY})
    @action(detail=False, methods=["get"])
    def calendar(self, request: Request) -> HttpResponse:
        """Return the open deadlines that have a day as an iCalendar file, with the filters of the list.

        An entry names what is owed, the reference and the code of the State, and no title.
        """
        return exports.calendar(self.filter_queryset(exports.for_calendar(self.actor)))

    @extend_schema(filters=True, responses={(200, spreadsheets.TYPE): OpenApiTypes.BINARY})
    @action(detail=False, methods=["get"])
    def spreadsheet(self, request: Request) -> HttpResponse:
        """Return the deadlines as an XLSX file in the language of the request, with the filters of the list."""
        return exports.spreadsheet(self.filter_queryset(exports.for_spreadsheet(self.actor)))

    @extend_schema(responses=OwingsSerializer, operation_id="dues_organisations")
    @action(detail=False, methods=["get"])
    def organisations(self, request: Request) -> Response:
        """Return how many deadlines each organisation has open, due within 14 days and overdue, as far as you see them.

        People of UNOCT and CTED get all organisations, others their own; all in one page.
        """
        found = OwingSerializer(of_all(self.actor), many=True).data
        return Response({"next": None, "previous": None, "results": found})

    nudge = transition_action(DUE["nudge"], DueDetailSerializer, PlainWriteSerializer)
    waive = transition_action(DUE["waive"], DueDetailSerializer, ReasonWriteSerializer)

    @extend_schema(request=SnoozeWriteSerializer, responses={200: DueDetailSerializer})
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: str) -> Response:
        """Get no reminder of this before a day, and be asked again then; others are reminded all the same."""
        policy.require(self.actor, "party", policy.get(self.actor, Due, pk))
        snooze(actor=self.actor, due=pk, **self.validated_data(SnoozeWriteSerializer))
        return self.detail_response(pk)

"""The API of tables that are filled in as spreadsheets."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.rest.bodies import PlainWriteSerializer
from assistance.rest.viewsets import FORMS, ReadOnlyViewSet, document_schema, transition_action
from assistance.spreadsheets import transitions, views
from assistance.spreadsheets.filters import SpreadsheetFilter
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.serializers import (
    ApplyWriteSerializer,
    SpreadsheetDetailSerializer,
    SpreadsheetSerializer,
    SpreadsheetWriteSerializer,
)
from assistance.spreadsheets.states import SPREADSHEET
from web.spreadsheets import TYPE


@document_schema
class Spreadsheets(ReadOnlyViewSet):
    """Spreadsheets that your organization filled in and returned, with what each would change."""

    scope = "spreadsheets"
    model = Spreadsheet
    list_serializer_class = SpreadsheetSerializer
    detail_serializer_class = SpreadsheetDetailSerializer
    write_serializer_class = SpreadsheetWriteSerializer
    filterset_class = SpreadsheetFilter
    parser_classes = FORMS

    def create(self, request: Request) -> Response:
        """Return a spreadsheet: nothing is changed before the step `apply`."""
        row = transitions.receive(actor=self.actor, **self.validated_data(SpreadsheetWriteSerializer))
        return self.detail_response(row.pk, 201)

    @extend_schema(
        operation_id="spreadsheets_file",
        parameters=[
            OpenApiParameter("sheet", OpenApiTypes.STR, OpenApiParameter.PATH, description="The kind of table."),
            OpenApiParameter("of", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The record it is about."),
        ],
        responses={(200, TYPE): OpenApiTypes.BINARY},
    )
    @action(detail=False, methods=["get"], url_path=r"(?P<sheet>[a-z-]{1,40})/(?P<of>[^/.]+)")
    def file(self, request: Request, sheet: str, of: str) -> HttpResponse:
        """Return a table about a record as an XLSX file to fill in, in the language of the request."""
        return views.sheet_file(self.actor, sheet, of)

    apply = transition_action(SPREADSHEET["apply"], SpreadsheetDetailSerializer, ApplyWriteSerializer)
    discard = transition_action(SPREADSHEET["discard"], SpreadsheetDetailSerializer, PlainWriteSerializer)

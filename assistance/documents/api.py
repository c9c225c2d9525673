"""The API of documents: attach, replace, remove; files are downloads."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.access.models import Restricted
from assistance.documents import transitions as documents
from assistance.documents.filters import DocumentFilter
from assistance.documents.models import Document
from assistance.documents.queries import downloads, file_of
from assistance.documents.serializers import (
    DocumentDetailSerializer,
    DocumentSerializer,
    DocumentWriteSerializer,
    FileWriteSerializer,
    RemoveWriteSerializer,
)
from assistance.rest.viewsets import FORMS, ReadOnlyViewSet, document_schema
from audit import log
from entities.reauthentication import require_recent_login
from files import serving
from files.cleaning.kinds import ENDINGS

DOWNLOAD = {(200, kind): OpenApiTypes.BINARY for kind in ENDINGS}


@document_schema
class Documents(ReadOnlyViewSet):
    """Files on visits, sections, needs, offers, matches and projects, each visible to the readers of its row."""

    model = Document
    list_serializer_class = DocumentSerializer
    detail_serializer_class = DocumentDetailSerializer
    write_serializer_class = DocumentWriteSerializer
    filterset_class = DocumentFilter
    scope = "documents"
    parser_classes = FORMS
    paging_order = ("-attached_at", "-id")

    def create(self, request: Request) -> Response:
        """Attach a file to exactly one row."""
        body = self.validated_data(DocumentWriteSerializer)
        documents.check_attach(self.actor, body["parent"])
        self.prove(body["parent"])
        return self.detail_response(documents.attach(actor=self.actor, **body).pk, 201)

    @extend_schema(request=FileWriteSerializer, responses={200: DocumentDetailSerializer})
    @action(detail=True, methods=["post"])
    def replace(self, request: Request, pk: str) -> Response:
        """Upload a new version of the file."""
        row = policy.get(self.actor, Document, pk, rows=self.get_queryset())
        documents.check_own(self.actor, row)
        body = self.validated_data(FileWriteSerializer)
        self.prove(row.parent)
        documents.replace(actor=self.actor, document=pk, **body)
        return self.detail_response(pk)

    @extend_schema(request=RemoveWriteSerializer, responses={200: DocumentDetailSerializer})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """Remove the document for everybody; its files are kept but no longer served."""
        documents.check_own(self.actor, policy.get(self.actor, Document, pk))
        documents.remove(actor=self.actor, document=pk, **self.validated_data(RemoveWriteSerializer))
        return self.detail_response(pk)

    @extend_schema(responses=DOWNLOAD)
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: str) -> HttpResponseBase:
        """Return the file, always as a download."""
        return self.handed(pk)

    @extend_schema(responses=DOWNLOAD)
    @action(detail=True, methods=["get"], url_path=r"versions/(?P<number>[0-9]{1,4})")
    def version_file(self, request: Request, pk: str, number: str) -> HttpResponseBase:
        """Return the file of one version, for those who may attach files there."""
        return self.handed(pk, int(number))

    def prove(self, parent: Restricted) -> None:
        """Raise ProofNeeded where others could read the file at once and the caller has no recent login."""
        if documents.opens_at_once(parent):
            require_recent_login(self.request)

    def handed(self, pk: object, number: int | None = None) -> HttpResponseBase:
        """Return the response that carries a file of a document. Raises NotVisible, Withheld."""
        row = policy.get(self.actor, Document, pk, rows=downloads(self.actor))
        answer = serving.response(file_of(self.actor, row, number))
        log.read([row])
        return answer

"""The API of visits and the sections of their reports."""

from rest_framework.request import Request
from rest_framework.response import Response

from assistance.consents.released import Released, ShareWriteSerializer, WithdrawWriteSerializer
from assistance.rest.bodies import PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import EditableViewSet, describes_transition, document_schema, transition_action
from assistance.visits.filters import SectionFilter, VisitFilter
from assistance.visits.models import Section, Visit
from assistance.visits.serializers import (
    SectionDetailSerializer,
    SectionSerializer,
    SectionWriteSerializer,
    VisitDetailSerializer,
    VisitSerializer,
    VisitWriteSerializer,
)
from assistance.visits.states import SECTION, VISIT


@document_schema
class Visits(EditableViewSet):
    """Assessment visits."""

    scope = "visits"
    model = Visit
    list_serializer_class = VisitSerializer
    detail_serializer_class = VisitDetailSerializer
    write_serializer_class = VisitWriteSerializer
    filterset_class = VisitFilter

    ask_consent = transition_action(VISIT["ask-consent"], VisitDetailSerializer, PlainWriteSerializer)
    decline_consent = transition_action(VISIT["decline-consent"], VisitDetailSerializer, ReasonWriteSerializer)


@document_schema
class Sections(Released, EditableViewSet):
    """Sections of reports: each reader sees those released to them."""

    scope = "sections"
    model = Section
    list_serializer_class = SectionSerializer
    detail_serializer_class = SectionDetailSerializer
    write_serializer_class = SectionWriteSerializer
    filterset_class = SectionFilter

    @describes_transition(SECTION["share"], SectionDetailSerializer, ShareWriteSerializer)
    def share(self, request: Request, pk: str) -> Response:
        """Release this section."""
        return self.release(pk)

    @describes_transition(SECTION["withdraw"], SectionDetailSerializer, WithdrawWriteSerializer)
    def withdraw(self, request: Request, pk: str) -> Response:
        """Withdraw the release of this section."""
        return self.take_back(pk)

"""The API of visits and the sections of their reports."""

from assistance.consents.released import Released, release_action, withdraw_action
from assistance.rest.bodies import PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import EditableViewSet, document_schema, transition_action
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

    share = release_action(SECTION["share"], SectionDetailSerializer)
    withdraw = withdraw_action(SECTION["withdraw"], SectionDetailSerializer)

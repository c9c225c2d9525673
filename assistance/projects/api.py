"""The API of projects."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.projects.filters import ProjectFilter
from assistance.projects.models import Project
from assistance.projects.outlines import outlines
from assistance.projects.serializers import (
    OutlineSerializer,
    OutlinesSerializer,
    ProjectDetailSerializer,
    ProjectSerializer,
    ProjectWriteSerializer,
)
from assistance.projects.states import PROJECT
from assistance.rest.bodies import PlainWriteSerializer
from assistance.rest.viewsets import EditableViewSet, document_schema, transition_action
from entities.access import HasAppointment
from entities.models import Organisation
from web.exceptions import NotVisible
from web.rest import KnownParameters


@document_schema
class Projects(EditableViewSet):
    """Activities, recorded in the portal or imported and then read-only."""

    scope = "projects"
    model = Project
    list_serializer_class = ProjectSerializer
    detail_serializer_class = ProjectDetailSerializer
    write_serializer_class = ProjectWriteSerializer
    filterset_class = ProjectFilter
    default_organisation = "lead"

    confirm = transition_action(PROJECT["confirm"], ProjectDetailSerializer, PlainWriteSerializer)


class RestrictedProjects(KnownParameters):
    """The outlines of the restricted projects in a State."""

    scope = "projects"
    permission_classes = [IsAuthenticated, HasAppointment]

    @extend_schema(responses=OutlinesSerializer, operation_id="member_states_restricted_projects")
    def get(self, request: Request, iso3: str) -> Response:
        """Return the lead, themes, quarters and focal points of the restricted projects in a State that you do not see.

        The State is named by its ISO 3166 alpha-3 code. For people of the State, of UNOCT and of CTED; others have an
        empty list. All in one page.
        """
        state = Organisation.objects.states().filter(iso3=iso3.upper()).first()
        if state is None:
            raise NotVisible
        found = outlines(request.actor, state)  # type: ignore[attr-defined]
        return Response({"next": None, "previous": None, "results": OutlineSerializer(found, many=True).data})

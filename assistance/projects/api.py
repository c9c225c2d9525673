"""The API of projects."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.projects import comments as remarks
from assistance.projects import results
from assistance.projects import targets as consulted
from assistance.projects.filters import ProjectFilter
from assistance.projects.models import Project
from assistance.projects.outlines import outlines
from assistance.projects.part_serializers import (
    AcceptPeriodWriteSerializer,
    IndicatorSerializer,
    IndicatorWriteSerializer,
    LinkTargetWriteSerializer,
    PeriodSerializer,
    PeriodWriteSerializer,
    ReportPeriodWriteSerializer,
    SameAsWriteSerializer,
    SendBackPeriodWriteSerializer,
    SessionSerializer,
    SessionWriteSerializer,
    TargetSerializer,
)
from assistance.projects.serializers import (
    OutlineSerializer,
    OutlinesSerializer,
    ProjectDetailSerializer,
    ProjectSerializer,
    ProjectWriteSerializer,
)
from assistance.projects.sessions import SESSIONS
from assistance.projects.states import PROJECT
from assistance.rest.bodies import PlainWriteSerializer
from assistance.rest.comments import CommentSerializer, CommentsSerializer, CommentWriteSerializer
from assistance.rest.serializers import page_of
from assistance.rest.viewsets import EditableViewSet, document_schema, in_one_page, transition_action
from assistance.workflow import editing
from assistance.workflow.parts import Parts
from audit import log
from entities.access import HasAppointment
from entities.models import Organisation
from web.exceptions import Invalid, NotVisible
from web.rest import KnownParameters

IndicatorPage, PeriodPage, SessionPage, TargetPage = (
    page_of(kind) for kind in (IndicatorSerializer, PeriodSerializer, SessionSerializer, TargetSerializer)
)


def _lists(name: str, shown: Any) -> Callable[[Any], Any]:
    return extend_schema(operation_id=f"projects_{name}_list", responses=shown)


def _adds(name: str, body: Any, shown: Any) -> Callable[[Any], Any]:
    return extend_schema(operation_id=f"projects_{name}_add", request=body, responses={201: shown})


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
    report_period = transition_action(PROJECT["report-period"], ProjectDetailSerializer, ReportPeriodWriteSerializer)
    accept_period = transition_action(PROJECT["accept-period"], ProjectDetailSerializer, AcceptPeriodWriteSerializer)
    send_back_period = transition_action(
        PROJECT["send-back-period"], ProjectDetailSerializer, SendBackPeriodWriteSerializer
    )
    link_target = transition_action(PROJECT["link-target"], ProjectDetailSerializer, LinkTargetWriteSerializer)
    same_as = transition_action(PROJECT["same-as"], ProjectDetailSerializer, SameAsWriteSerializer)

    @_lists("indicators", IndicatorPage)
    @action(detail=True, methods=["get"])
    def indicators(self, request: Request, pk: str) -> Response:
        """Return the indicators of a project, in their order."""
        return in_one_page(self.read(pk).indicators.all(), IndicatorSerializer)

    @_adds("indicators", IndicatorWriteSerializer, IndicatorSerializer)
    @indicators.mapping.post
    def add_indicator(self, request: Request, pk: str) -> Response:
        """Add an indicator, for the lead."""
        return self.added(pk, results.INDICATORS, IndicatorWriteSerializer, IndicatorSerializer)

    @_lists("targets", TargetPage)
    @action(detail=True, methods=["get"])
    def targets(self, request: Request, pk: str) -> Response:
        """Return the targets of consultations linked with indicators of a project, of the rounds that you see."""
        rows = list(self.read(pk).indicators.prefetch_related("periods"))
        return in_one_page(consulted.targets_of(self.actor, rows).items(), TargetSerializer)

    @_lists("periods", PeriodPage)
    @action(detail=True, methods=["get"])
    def periods(self, request: Request, pk: str) -> Response:
        """Return the periods of all indicators of a project, the earliest first."""
        return in_one_page(results.periods_of(self.read(pk)), PeriodSerializer)

    @_adds("periods", PeriodWriteSerializer, PeriodSerializer)
    @periods.mapping.post
    def add_period(self, request: Request, pk: str) -> Response:
        """Plan a period, for the lead."""
        return self.added(pk, results.PERIODS, PeriodWriteSerializer, PeriodSerializer)

    @_lists("sessions", SessionPage)
    @action(detail=True, methods=["get"])
    def sessions(self, request: Request, pk: str) -> Response:
        """Return the sessions in which a project trains people, the earliest first."""
        return in_one_page(self.read(pk).sessions.all(), SessionSerializer)

    @_adds("sessions", SessionWriteSerializer, SessionSerializer)
    @sessions.mapping.post
    def add_session(self, request: Request, pk: str) -> Response:
        """Add a session, for the lead."""
        return self.added(pk, SESSIONS, SessionWriteSerializer, SessionSerializer)

    @extend_schema(operation_id="projects_comments_list", responses=CommentsSerializer)
    @action(detail=True, methods=["get"])
    def comments(self, request: Request, pk: str) -> Response:
        """Return the comments of States on a project, oldest first: all for the team, those of their State for others."""
        return in_one_page(remarks.comments_on(self.actor, self.read(pk)), CommentSerializer)

    @extend_schema(operation_id="projects_comment", request=CommentWriteSerializer, responses={201: CommentSerializer})
    @comments.mapping.post
    def comment(self, request: Request, pk: str) -> Response:
        """Comment on a project, for a State in which it takes place."""
        policy.require(self.actor, "project_state", policy.get(self.actor, Project, pk))
        made = remarks.add(actor=self.actor, project=pk, **self.validated_data(CommentWriteSerializer))
        return Response(CommentSerializer(made).data, status=201)

    def read(self, pk: str) -> Project:
        """Return a project, noted as read. Raises NotVisible."""
        project = policy.get(self.actor, Project, pk)
        log.read([project])
        return project

    def added(self, pk: str, kind: Parts, body: Any, shown: Any) -> Response:
        """Add a row to a project and return it. Raises NotVisible, Forbidden, Conflict, Invalid at the field."""
        project = policy.get(self.actor, Project, pk)
        editing.require_editor(self.actor, project)
        values = self.validated_data(body)
        version = self.version(values)
        before = kind.stored(project)
        given = {kind.name: [*before, values]}
        try:
            editing.edit(actor=self.actor, model=Project, pk=pk, values=given, version=version)
        except Invalid as error:
            raise Invalid({name.rsplit(".", 1)[-1]: texts for name, texts in error.errors.items()}) from None
        row = kind.rows(project).exclude(pk__in=[one["id"] for one in before]).get()
        return Response(shown(row).data, status=201)


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

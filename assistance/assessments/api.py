"""The API of assessments and of the lines by which the Compact knows of them."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.assessments import comments, rules
from assistance.assessments.filters import AssessmentFilter, LineFilter
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.assessments.serializers import (
    AssessmentDetailSerializer,
    AssessmentLineDetailSerializer,
    AssessmentLineSerializer,
    AssessmentSerializer,
    AssessmentWriteSerializer,
    ProposeNeedWriteSerializer,
)
from assistance.assessments.states import ASSESSMENT
from assistance.consents.released import Released, release_action, withdraw_action
from assistance.rest.bodies import PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.comments import CommentSerializer, CommentsSerializer, CommentWriteSerializer
from assistance.rest.viewsets import (
    EditableViewSet,
    ReadOnlyViewSet,
    document_schema,
    transition_action,
)
from audit import log


@document_schema
class Assessments(Released, EditableViewSet):
    """Assessments by entities: each reader sees those whose text they may read; the lines show all of them."""

    scope = "assessments"
    model = Assessment
    list_serializer_class = AssessmentSerializer
    detail_serializer_class = AssessmentDetailSerializer
    write_serializer_class = AssessmentWriteSerializer
    filterset_class = AssessmentFilter
    default_organisation = "entity"

    start = transition_action(ASSESSMENT["start"], AssessmentDetailSerializer, PlainWriteSerializer)
    finish = transition_action(ASSESSMENT["finish"], AssessmentDetailSerializer, PlainWriteSerializer)
    cancel = transition_action(ASSESSMENT["cancel"], AssessmentDetailSerializer, ReasonWriteSerializer)
    propose_need = transition_action(ASSESSMENT["propose-need"], AssessmentDetailSerializer, ProposeNeedWriteSerializer)

    share = release_action(ASSESSMENT["share"], AssessmentDetailSerializer)
    withdraw = withdraw_action(ASSESSMENT["withdraw"], AssessmentDetailSerializer)

    @extend_schema(operation_id="assessments_comments_list", responses=CommentsSerializer)
    @action(detail=True, methods=["get"])
    def comments(self, request: Request, pk: str) -> Response:
        """Return the comments of the State and the entity, oldest first, for these two."""
        row = policy.get(self.actor, Assessment, pk)
        rules.require_party(self.actor, row)
        log.read([row])
        rows = row.comments.select_related("by", "organisation")
        return Response({"next": None, "previous": None, "results": CommentSerializer(rows, many=True).data})

    @extend_schema(
        operation_id="assessments_comment", request=CommentWriteSerializer, responses={201: CommentSerializer}
    )
    @comments.mapping.post
    def comment(self, request: Request, pk: str) -> Response:
        """Comment on this assessment, for the State or the entity."""
        policy.require(self.actor, "entity_or_state", policy.get(self.actor, Assessment, pk))
        values = self.validated_data(CommentWriteSerializer)
        made = comments.add(actor=self.actor, assessment=pk, **values)
        return Response(CommentSerializer(made).data, status=201)


@document_schema
class AssessmentLines(ReadOnlyViewSet):
    """Who has assessed which State, on what and in which year: what the whole Compact knows of assessments."""

    scope = "assessment-lines"
    model = AssessmentLine
    list_serializer_class = AssessmentLineSerializer
    detail_serializer_class = AssessmentLineDetailSerializer
    filterset_class = LineFilter

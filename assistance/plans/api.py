"""The API of plans and their steps."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens.authentication import require_scope_of
from assistance import registry
from assistance.access import policy
from assistance.consents.released import Released, release_action, withdraw_action
from assistance.documents.transitions import opens_at_once
from assistance.plans import help_requests
from assistance.plans.filters import PlanFilter, StepFilter
from assistance.plans.models import ActionPlan, PlanStep
from assistance.plans.serializers import (
    ActionPlanDetailSerializer,
    ActionPlanSerializer,
    ActionPlanWriteSerializer,
    PlanCommentWriteSerializer,
    PlanStepDetailSerializer,
    PlanStepSerializer,
    PlanStepWriteSerializer,
    StepCommentWriteSerializer,
    StepFinishWriteSerializer,
    StepReportWriteSerializer,
    StepRequestSerializer,
    StepVerifyWriteSerializer,
)
from assistance.plans.states import PLAN, STEP
from assistance.requests.models import AssistanceRequest
from assistance.rest.bodies import PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import EditableViewSet, describes_transition, document_schema, transition_action
from assistance.workflow.engine import run_transition
from entities.reauthentication import require_recent_login


@document_schema
class Plans(Released, EditableViewSet):
    """Roadmaps and national action plans: drafted by CTED and UNOCT, agreed to by their States."""

    scope = "plans"
    model = ActionPlan
    list_serializer_class = ActionPlanSerializer
    detail_serializer_class = ActionPlanDetailSerializer
    write_serializer_class = ActionPlanWriteSerializer
    filterset_class = PlanFilter

    put_to_state = transition_action(PLAN["put-to-state"], ActionPlanDetailSerializer, PlainWriteSerializer)
    agree = transition_action(PLAN["agree"], ActionPlanDetailSerializer, PlainWriteSerializer)
    comment = transition_action(PLAN["comment"], ActionPlanDetailSerializer, PlanCommentWriteSerializer)
    revise = transition_action(PLAN["revise"], ActionPlanDetailSerializer, ReasonWriteSerializer)

    share = release_action(PLAN["share"], ActionPlanDetailSerializer)
    withdraw = withdraw_action(PLAN["withdraw"], ActionPlanDetailSerializer)

    @extend_schema(operation_id="plans_steps_list", responses=PlanStepSerializer(many=True))
    @action(detail=True, methods=["get"])
    def steps(self, request: Request, pk: str) -> Response:
        """Return the steps of a plan that you see, in their order; all in one page."""
        plan = policy.get(self.actor, ActionPlan, pk)
        rows = PlanStepSerializer.load(self.actor).filter(plan=plan).order_by("place", "id")
        return Response({"next": None, "previous": None, "results": PlanStepSerializer.show(self.actor, rows)})


@document_schema
class Steps(EditableViewSet):
    """Steps of plans: recorded and edited while the plan is a draft, reported on once the State has agreed."""

    scope = "steps"
    model = PlanStep
    list_serializer_class = PlanStepSerializer
    detail_serializer_class = PlanStepDetailSerializer
    write_serializer_class = PlanStepWriteSerializer
    filterset_class = StepFilter

    report = transition_action(STEP["report"], PlanStepDetailSerializer, StepReportWriteSerializer)
    verify = transition_action(STEP["verify"], PlanStepDetailSerializer, StepVerifyWriteSerializer)
    send_back = transition_action(STEP["send-back"], PlanStepDetailSerializer, ReasonWriteSerializer)
    comment = transition_action(STEP["comment"], PlanStepDetailSerializer, StepCommentWriteSerializer)
    drop = transition_action(STEP["drop"], PlanStepDetailSerializer, ReasonWriteSerializer)
    keep = transition_action(STEP["keep"], PlanStepDetailSerializer, PlainWriteSerializer)

    @describes_transition(STEP["finish"], PlanStepDetailSerializer, StepFinishWriteSerializer)
    def finish(self, request: Request, pk: str) -> Response:
        """Report a step as finished; a file that others read at once asks for a recent proof of identity."""
        row = policy.get(self.actor, PlanStep, pk)
        policy.require(self.actor, "reporter", row)
        values = self.validated_data(StepFinishWriteSerializer)
        if values.get("file") is not None and opens_at_once(row):
            require_recent_login(self.request)
        run_transition("finish", PlanStep, pk, actor=self.actor, version=self.version(values), **values)
        return self.detail_response(pk)

    @extend_schema(
        operation_id="steps_request_help", request=PlainWriteSerializer, responses={201: StepRequestSerializer},
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="request-help")
    def request_help(self, request: Request, pk: str) -> Response:
        """Record a draft request for assistance that is filled in from this step, for its State.

        A token needs the scope `requests:write` too.
        """
        require_scope_of(request, registry.of(AssistanceRequest).collection)
        row = policy.get(self.actor, PlanStep, pk)
        policy.require(self.actor, "state", row)
        self.validated_data(PlainWriteSerializer)
        made = help_requests.ask(actor=self.actor, plan_step=pk)
        return Response(StepRequestSerializer(made).data, status=201)

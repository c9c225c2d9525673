"""The API of requests: drafts, the steps of their procedure, the thread, the check and the comparison."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.letters import drafting
from assistance.letters.docx import TYPE
from assistance.letters.views import docx_file, download
from assistance.requests import answers as answer_lines
from assistance.requests import bodies, queries, rules, template
from assistance.requests import briefing as briefing_list
from assistance.requests.answer_serializers import (
    AnswerSerializer,
    AnswersSerializer,
    BriefingSerializer,
    BriefingsSerializer,
)
from assistance.requests.correction_serializers import (
    RequestCorrectionDetailSerializer,
    RequestCorrectionSerializer,
    RequestCorrectionWriteSerializer,
)
from assistance.requests.corrections import propose
from assistance.requests.editing import as_entered
from assistance.requests.filters import RequestFilter
from assistance.requests.letters import LETTERS
from assistance.requests.models import AssistanceRequest, RequestCorrection
from assistance.requests.serializers import (
    CheckedSerializer,
    ComparedSerializer,
    ComparisonSerializer,
    QuestionsSerializer,
    RequestDetailSerializer,
    RequestSerializer,
    RequestWriteSerializer,
    questions_of,
    same_theme_of,
    specificity,
)
from assistance.requests.specificity import asked_of, check, missing_of
from assistance.requests.states import REQUEST
from assistance.rest.bodies import PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import EditableViewSet, document_schema, transition_action
from audit import log
from files import serving
from files.cleaning.kinds import ENDINGS
from web.exceptions import Forbidden, Invalid, NotVisible
from web.languages import to_wire

LETTER = OpenApiParameter("kind", {"type": "string", "enum": [kind.name for kind in LETTERS]}, required=True)
LANGUAGE = OpenApiParameter("language", {"type": "string", "enum": [to_wire(code) for code in drafting.LANGUAGES]})
FILE = {(200, TYPE): OpenApiTypes.BINARY}
IN_A_LANGUAGE = ("answer_sheet", "briefing_file", "blank_template", "filled_template")  # actions


def language_of(request: Request, by_default: str) -> str:
    """Return the language asked for. Raises Invalid for an unknown one."""
    asked = request.query_params.get("language")
    if not asked:
        return by_default
    code = next((one for one in drafting.LANGUAGES if to_wire(one) == asked), None)
    if code is None:
        raise Invalid({"language": [_("Enter a value of the described type, or omit the parameter.")]})
    return code


def _step(name: str, body: Any = PlainWriteSerializer) -> Any:
    return transition_action(REQUEST[name], RequestDetailSerializer, body)


@document_schema
class Requests(EditableViewSet):
    """Requests of States for assistance, from the draft to the result."""

    scope = "requests"
    model = AssistanceRequest
    list_serializer_class = RequestSerializer
    detail_serializer_class = RequestDetailSerializer
    write_serializer_class = RequestWriteSerializer
    filterset_class = RequestFilter

    @property
    def query_parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        """The parameters of rows that are read, and those of a letter."""
        own = {"letter": ("kind", "language"), **dict.fromkeys(IN_A_LANGUAGE, ("language",))}
        return own.get(self.action) or super().query_parameters

    default_organisation = "state"

    attach_note = _step("attach-note", bodies.NoteVerbaleWriteSerializer)
    submit = _step("submit")
    confirm = _step("confirm")
    take_back = _step("take-back", ReasonWriteSerializer)
    authenticate = _step("authenticate", bodies.AuthenticateWriteSerializer)
    refuse = _step("refuse", ReasonWriteSerializer)
    confirm_refusal = _step("confirm-refusal")
    drop_refusal = _step("drop-refusal")
    acknowledge = _step("acknowledge")
    no_objection = _step("no-objection")
    object = _step("object", ReasonWriteSerializer)
    send_back = _step("send-back", bodies.ReturnWriteSerializer)
    circulate = _step("circulate", bodies.CirculateWriteSerializer)
    ask = _step("ask", bodies.AskWriteSerializer)
    answer = _step("answer", bodies.AnswerQuestionWriteSerializer)
    choose = _step("choose", bodies.ChooseWriteSerializer)
    confirm_choice = _step("confirm-choice")
    drop_choice = _step("drop-choice")
    refer = _step("refer", bodies.ReferWriteSerializer)
    record_letter = _step("record-letter", bodies.LetterWriteSerializer)
    report_after_year = _step("report-after-year", bodies.YearWriteSerializer)
    withdraw = _step("withdraw", ReasonWriteSerializer)

    @extend_schema(request=RequestWriteSerializer, responses=CheckedSerializer, operation_id="requests_check")
    @action(detail=False, methods=["post"])
    def check(self, request: Request) -> Response:
        """Return how specific a draft is, line by line, and the State's other requests on its theme. Nothing is saved."""
        if not policy.may_create(self.actor, AssistanceRequest):
            raise Forbidden
        values = self.validated_data(RequestWriteSerializer, partial=True)
        row = as_entered(AssistanceRequest(language=request.user.language), values)  # type: ignore[union-attr]
        own = self.actor.states()
        if row.state_id is None and len(own) == 1:
            row.state = own[0]
        asked = asked_of(row, elsewhere=bool(values.get("asked_elsewhere")))
        found = specificity(check(asked), missing_of(row))
        return Response({**found, "same_theme": same_theme_of(self.actor, row)})

    @extend_schema(responses=QuestionsSerializer, operation_id="requests_questions")
    @action(detail=True, methods=["get"])
    def questions(self, request: Request, pk: str) -> Response:
        """Return the questions of providers with the State's answers, oldest first; all in one page."""
        row = policy.get(self.actor, AssistanceRequest, pk)
        log.read([row])
        return Response({"next": None, "previous": None, "results": questions_of(self.actor, row)})

    @extend_schema(responses=ComparisonSerializer, operation_id="requests_comparison")
    @action(detail=True, methods=["get"])
    def comparison(self, request: Request, pk: str) -> Response:
        """Return the offers for a request side by side, for the State that chooses; all in one page."""
        row = policy.get(self.actor, AssistanceRequest, pk)
        if not rules.is_of_state(self.actor, row):
            raise Forbidden(who=policy.who_can("state", row))
        found = ComparedSerializer(queries.comparison(self.actor, row), many=True).data
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(
        parameters=[LETTER, LANGUAGE],
        responses=FILE,
        operation_id="requests_letter",
    )
    @action(detail=True, methods=["get"])
    def letter(self, request: Request, pk: str) -> HttpResponseBase:
        """Return a letter about a request as DOCX, for coordinators of UNOCT; by default in the language of the request."""
        row = policy.get(self.actor, AssistanceRequest, pk)
        kind = next((one for one in LETTERS if one.name == request.query_params.get("kind")), None)
        if kind is None:
            raise Invalid({"kind": [_("Select one of the letters given.")]})
        draft = drafting.draw_up(self.actor, row, kind, language_of(request, row.language))
        log.read([row])
        return download(draft)

    # ── Corrections ──
    @extend_schema(responses=RequestCorrectionSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def corrections(self, request: Request, pk: str) -> Response:
        """Return the corrections of this request that you see, newest change first, in one page."""
        row, kind = policy.get(self.actor, AssistanceRequest, pk), RequestCorrectionSerializer
        rows = kind.load(self.actor, policy.visible(self.actor, RequestCorrection).filter(assistance_request=row))
        return Response(kind.show(self.actor, rows.order_by("-modified_at", "-id")))

    @extend_schema(
        request=RequestCorrectionWriteSerializer, responses={201: RequestCorrectionDetailSerializer},
        operation_id="requests_correct",
    )  # fmt: skip
    @corrections.mapping.post
    def correct(self, request: Request, pk: str) -> Response:
        """Propose a correction of this request to its State, for CTED."""
        row, kind = policy.get(self.actor, AssistanceRequest, pk), RequestCorrectionDetailSerializer
        values = self.validated_data(RequestCorrectionWriteSerializer)
        made = propose(actor=self.actor, assistance_request=row.pk, **values)
        rows = kind.load(self.actor, policy.visible(self.actor, RequestCorrection).filter(pk=made.pk))
        return Response(kind.show(self.actor, rows)[0], status=201)

    # ── Answers and templates ──
    @extend_schema(responses=AnswersSerializer, operation_id="requests_answers")
    @action(detail=True, methods=["get"])
    def answers(self, request: Request, pk: str) -> Response:
        """Return who answered a request and who was silent, for its State; all in one page. Hidden from others."""
        row = policy.get(self.actor, AssistanceRequest, pk, rows=self.get_queryset())
        sheet = answer_lines.sheet_of(self.actor, row)
        log.read([row])
        found = AnswerSerializer(sheet.lines, many=True).data
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(parameters=[LANGUAGE], responses=FILE, operation_id="requests_answer_sheet")
    @action(detail=True, methods=["get"], url_path="answer-sheet")
    def answer_sheet(self, request: Request, pk: str) -> HttpResponseBase:
        """Return the same as DOCX, by default in the language of the request. Hidden from all but its State."""
        row = policy.get(self.actor, AssistanceRequest, pk, rows=self.get_queryset())
        sheet, code = answer_lines.sheet_of(self.actor, row), language_of(request, row.language)
        log.read([row])
        return docx_file(answer_lines.to_docx(sheet, code), answer_lines.file_name(row, code))

    @extend_schema(responses=BriefingsSerializer, operation_id="requests_briefing")
    @action(detail=False, methods=["get"])
    def briefing(self, request: Request) -> Response:
        """Return all open requests, the oldest first, for coordinators of UNOCT; all in one page."""
        found = BriefingSerializer(briefing_list.lines(self.actor), many=True).data
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(parameters=[LANGUAGE], responses=FILE, operation_id="requests_briefing_list")
    @action(detail=False, methods=["get"], url_path="briefing-list")
    def briefing_file(self, request: Request) -> HttpResponseBase:
        """Return the same list as DOCX, for coordinators of UNOCT; by default in your language."""
        code = language_of(request, request.user.language)  # type: ignore[union-attr]
        return docx_file(briefing_list.to_docx(briefing_list.lines(self.actor), code), briefing_list.file_name(code))

    @extend_schema(parameters=[LANGUAGE], responses=FILE, operation_id="requests_blank_template")
    @action(detail=False, methods=["get"], url_path="template")
    def blank_template(self, request: Request) -> HttpResponseBase:
        """Return the template of a request as DOCX, with nothing filled in; by default in your language."""
        if not policy.may_create(self.actor, AssistanceRequest):
            raise Forbidden
        code = language_of(request, request.user.language)  # type: ignore[union-attr]
        return docx_file(template.blank(code), template.file_name(None, code))

    @extend_schema(parameters=[LANGUAGE], responses=FILE, operation_id="requests_template")
    @action(detail=True, methods=["get"], url_path="template")
    def filled_template(self, request: Request, pk: str) -> HttpResponseBase:
        """Return a request as a filled template (DOCX), as far as you see it; by default in its language."""
        row = policy.get(self.actor, AssistanceRequest, pk, rows=self.get_queryset())
        code = language_of(request, row.language)
        log.read([row])
        return docx_file(template.filled(self.actor, row, code), template.file_name(row, code))

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in ENDINGS})
    @action(detail=True, methods=["get"], url_path="note-verbale")
    def note_verbale(self, request: Request, pk: str) -> HttpResponseBase:
        """Return the note verbale, always as a download, for the State, UNOCT and CTED."""
        row = policy.get(self.actor, AssistanceRequest, pk, rows=self.get_queryset())
        if row.note_verbale is None or not rules.is_party(self.actor, row):
            raise NotVisible
        answer = serving.response(row.note_verbale)
        log.read([row])
        return answer

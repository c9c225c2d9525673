"""The API of recommendations, and of what is said of them; visits with the steps of their reports."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from assistance.access import policy
from assistance.consents.released import Released, release_action, withdraw_action
from assistance.letters import drafting
from assistance.letters.kinds import LetterKind
from assistance.letters.views import docx_file, download
from assistance.recommendations import answers, matrix, rating
from assistance.recommendations.filters import (
    ObservationFilter,
    RatingFilter,
    RecommendationFilter,
    ResponseFilter,
)
from assistance.recommendations.letters import LETTERS
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.recommendations.serializers import (
    AdoptWriteSerializer,
    AgreedWriteSerializer,
    ObservationDetailSerializer,
    ObservationSerializer,
    ObserveWriteSerializer,
    ProposalSerializer,
    RateWriteSerializer,
    RatingDetailSerializer,
    RatingSerializer,
    RecommendationDetailSerializer,
    RecommendationSerializer,
    RecommendationWriteSerializer,
    ResponseDetailSerializer,
    ResponseSerializer,
    ResponseWriteSerializer,
    VisitLetterWriteSerializer,
)
from assistance.recommendations.states import OBSERVATION, RATING, RECOMMENDATION, RESPONSE
from assistance.requests.api import FILE, LANGUAGE, language_of
from assistance.rest.bodies import PlainWriteSerializer, ReasonWriteSerializer
from assistance.rest.viewsets import (
    EditableViewSet,
    ReadOnlyViewSet,
    document_schema,
    transition_action,
)
from assistance.visits import api as visits_api
from assistance.visits.models import Visit
from assistance.visits.serializers import VisitDetailSerializer
from assistance.visits.states import VISIT
from audit import log
from web import spreadsheets
from web.exceptions import Invalid

XLSX, DOCX, BLANK = "xlsx", "docx", "blank"  # the kinds of tables of recommendations; the State fills in a blank one
LETTER = OpenApiParameter("kind", {"type": "string", "enum": [kind.name for kind in LETTERS]}, required=True)
TABLE = OpenApiParameter("kind", {"type": "string", "enum": [XLSX, DOCX, BLANK], "default": XLSX})
FILES = {**FILE, (200, spreadsheets.TYPE): OpenApiTypes.BINARY}
OF_A_KIND = ("letter", "table")  # actions
ENCLOSED_WITH = next(kind for kind in LETTERS if kind.enclosure is not None)


def _step(name: str, body: Any = PlainWriteSerializer) -> Any:
    return transition_action(VISIT[name], VisitDetailSerializer, body)


@document_schema
class Visits(visits_api.Visits):
    """Assessment visits, with the steps of their reports from the draft to the reply."""

    ask_consent = visits_api.Visits.ask_consent
    decline_consent = visits_api.Visits.decline_consent
    record_host_consent = _step("record-host-consent", AgreedWriteSerializer)
    send_draft = _step("send-draft")
    observe = _step("observe", ObserveWriteSerializer)
    adopt = _step("adopt", AdoptWriteSerializer)
    send_final = _step("send-final")
    reply = _step("reply")
    record_letter = _step("record-letter", VisitLetterWriteSerializer)
    cancel = _step("cancel", ReasonWriteSerializer)

    @property
    def query_parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        """The parameters of rows that are read, and those of a letter or a table."""
        return ("kind", "language") if self.action in OF_A_KIND else super().query_parameters

    @extend_schema(parameters=[LETTER, LANGUAGE], responses=FILE, operation_id="visits_letter")
    @action(detail=True, methods=["get"])
    def letter(self, request: Request, pk: str) -> HttpResponseBase:
        """Return a letter about a visit as DOCX, for CTED; by default in your language."""
        visit, code = self._asked(pk)
        kind = next((one for one in LETTERS if one.name == request.query_params.get("kind")), None)
        if kind is None:
            raise Invalid({"kind": [_("Select one of the letters given.")]})
        return download(self._drawn_up(visit, kind, code))

    @extend_schema(parameters=[TABLE, LANGUAGE], responses=FILES, operation_id="visits_matrix")
    @action(detail=True, methods=["get"], url_path="matrix")
    def table(self, request: Request, pk: str) -> HttpResponseBase:
        """Return the recommendations you see with what was said of them; the blank one, which the State fills in, is CTED's."""
        kind = request.query_params.get("kind") or XLSX
        visit, code = self._asked(pk)
        if kind == BLANK:
            draft = self._drawn_up(visit, ENCLOSED_WITH, code)
            return spreadsheets.download(*draft.enclosure(self.actor))
        if kind == DOCX:
            return docx_file(matrix.to_docx(self.actor, visit, code), f"{matrix.file_name(visit, code)}.docx")
        if kind != XLSX:
            raise Invalid({"kind": [_("Enter a value of the described type, or omit the parameter.")]})
        return spreadsheets.download(matrix.to_xlsx(self.actor, visit, code), matrix.file_name(visit, code))

    def _asked(self, pk: str) -> tuple[Visit, str]:
        """Return the visit, and the language asked for. Raises NotVisible, Invalid."""
        visit = policy.get(self.actor, Visit, pk, rows=policy.visible(self.actor, Visit).select_related("state"))
        return visit, language_of(self.request, self.request.user.language)  # type: ignore[union-attr]

    def _drawn_up(self, visit: Visit, kind: LetterKind, code: str) -> drafting.Draft:
        """Return a letter about a visit, which counts as read. Raises Forbidden, Conflict."""
        draft = drafting.draw_up(self.actor, visit, kind, code)
        log.read([visit])
        return draft


@document_schema
class Recommendations(Released, EditableViewSet):
    """Recommendations of visit reports: each reader sees those released to them."""

    scope = "recommendations"
    model = Recommendation
    list_serializer_class = RecommendationSerializer
    detail_serializer_class = RecommendationDetailSerializer
    write_serializer_class = RecommendationWriteSerializer
    filterset_class = RecommendationFilter

    rate = transition_action(RECOMMENDATION["rate"], RecommendationDetailSerializer, RateWriteSerializer)
    leave_needs = transition_action(
        RECOMMENDATION["leave-needs"], RecommendationDetailSerializer, ReasonWriteSerializer
    )

    share = release_action(RECOMMENDATION["share"], RecommendationDetailSerializer)
    withdraw = withdraw_action(RECOMMENDATION["withdraw"], RecommendationDetailSerializer)

    @extend_schema(operation_id="recommendations_responses_list", responses=ResponseSerializer(many=True))
    @action(detail=True, methods=["get"])
    def responses(self, request: Request, pk: str) -> Answer:
        """Return what the State said of it, the latest reply first; all in one page."""
        return self.inside(ResponseSerializer, pk, "-period")

    @extend_schema(
        operation_id="recommendations_responses_save", request=ResponseWriteSerializer,
        responses={200: ResponseSerializer},
    )  # fmt: skip
    @responses.mapping.put
    def save_response(self, request: Request, pk: str) -> Answer:
        """Save what the State says of it in its next reply, for the State; it is sent with the step `reply` of the visit."""
        row = policy.get(self.actor, Recommendation, pk)
        policy.require(self.actor, "state", row)
        values = self.validated_data(ResponseWriteSerializer)
        draft = answers.save(actor=self.actor, recommendation=pk, version=self.version(values), **values)
        rows = policy.visible(self.actor, Response).filter(pk=draft.pk)
        return Answer(ResponseSerializer.show(self.actor, ResponseSerializer.load(self.actor, rows))[0])

    @extend_schema(operation_id="recommendations_ratings_list", responses=RatingSerializer(many=True))
    @action(detail=True, methods=["get"])
    def ratings(self, request: Request, pk: str) -> Answer:
        """Return how CTED rated it, the latest rating first; all in one page."""
        return self.inside(RatingSerializer, pk, "-number")

    @extend_schema(operation_id="recommendations_proposals_list", responses=ProposalSerializer(many=True))
    @action(detail=True, methods=["get"])
    def proposals(self, request: Request, pk: str) -> Answer:
        """Return what the latest rating proposes for the needs behind it, for CTED; all in one page."""
        row = policy.get(self.actor, Recommendation, pk)
        policy.require(self.actor, "cted", row)
        found = [
            {"need": one.need.pk, "reference": one.need.reference, "step": one.transition}
            for one in rating.proposals(self.actor, row)
        ]
        return Answer({"next": None, "previous": None, "results": found})

    def inside(self, kind: Any, pk: str, order: str) -> Answer:
        """Return the visible rows of one kind that belong to this recommendation, in one page."""
        row = policy.get(self.actor, Recommendation, pk)
        rows = policy.visible(self.actor, kind.model).filter(recommendation=row).order_by(order)
        return Answer({"next": None, "previous": None, "results": kind.show(self.actor, kind.load(self.actor, rows))})


class _Said(Released, ReadOnlyViewSet):
    """Rows about a visit report that are added by a step and released by their State."""


@document_schema
class Observations(_Said):
    """Observations of States on draft reports. They are sent with the step `observe` of the visit."""

    scope = "observations"
    model = Observation
    list_serializer_class = ObservationSerializer
    detail_serializer_class = ObservationDetailSerializer
    filterset_class = ObservationFilter

    share = release_action(OBSERVATION["share"], ObservationDetailSerializer)
    withdraw = withdraw_action(OBSERVATION["withdraw"], ObservationDetailSerializer)


@document_schema
class Responses(_Said):
    """What States say of recommendations. It is saved at the recommendation and sent with the step `reply` of the visit."""

    scope = "responses"
    model = Response
    list_serializer_class = ResponseSerializer
    detail_serializer_class = ResponseDetailSerializer
    filterset_class = ResponseFilter

    share = release_action(RESPONSE["share"], ResponseDetailSerializer)
    withdraw = withdraw_action(RESPONSE["withdraw"], ResponseDetailSerializer)


@document_schema
class Ratings(_Said):
    """How far CTED finds recommendations implemented. They are added with the step `rate` of the recommendation."""

    scope = "ratings"
    model = Rating
    list_serializer_class = RatingSerializer
    detail_serializer_class = RatingDetailSerializer
    filterset_class = RatingFilter

    share = release_action(RATING["share"], RatingDetailSerializer)
    withdraw = withdraw_action(RATING["withdraw"], RatingDetailSerializer)

"""The API of matches with what hangs on them: reports, contacts, thread, feedback, and the steps of delivery."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.delivery import exchange, rules, transitions
from assistance.delivery.serializers import (
    ContactSerializer,
    ContactWriteSerializer,
    DeliverWriteSerializer,
    DeliveryDetailSerializer,
    FeedbackSerializer,
    FeedbackWriteSerializer,
    MessageSerializer,
    MessageWriteSerializer,
    ReportSerializer,
    ReportWriteSerializer,
)
from assistance.needs import match_api
from assistance.needs.models import Match
from assistance.needs.states import MATCH
from assistance.rest.bodies import NoteWriteSerializer, ReasonWriteSerializer
from assistance.rest.serializers import page_of
from assistance.rest.viewsets import document_schema, in_one_page, transition_action
from audit import log

ReportPage, ContactPage, MessagePage, FeedbackPage = (
    page_of(kind) for kind in (ReportSerializer, ContactSerializer, MessageSerializer, FeedbackSerializer)
)


def _lists(name: str, shown: Any) -> Callable[[Any], Any]:
    return extend_schema(operation_id=f"matches_{name}_list", responses=shown)


def _adds(name: str, body: Any, shown: Any) -> Callable[[Any], Any]:
    return extend_schema(operation_id=f"matches_{name}_add", request=body, responses={201: shown})


@document_schema
class Matches(match_api.Matches):
    """A need and a provider; each side answers for itself. What hangs on a match is read by its parties, CTED and UNOCT."""

    detail_serializer_class = DeliveryDetailSerializer

    accept = transition_action(MATCH["accept"], DeliveryDetailSerializer, match_api.AcceptWriteSerializer)
    decline = transition_action(MATCH["decline"], DeliveryDetailSerializer, match_api.AnswerWriteSerializer)
    start = transition_action(MATCH["start"], DeliveryDetailSerializer, NoteWriteSerializer)
    retract = transition_action(MATCH["retract"], DeliveryDetailSerializer, match_api.AnswerWriteSerializer)
    report = transition_action(MATCH["report"], DeliveryDetailSerializer, ReportWriteSerializer)
    deliver = transition_action(MATCH["deliver"], DeliveryDetailSerializer, DeliverWriteSerializer)
    could_not_help = transition_action(
        MATCH["could-not-help"], DeliveryDetailSerializer, match_api.AnswerWriteSerializer
    )
    not_reachable = transition_action(MATCH["not-reachable"], DeliveryDetailSerializer, match_api.AnswerWriteSerializer)
    confirm_end = transition_action(MATCH["confirm-end"], DeliveryDetailSerializer, NoteWriteSerializer)
    dispute = transition_action(MATCH["dispute"], DeliveryDetailSerializer, ReasonWriteSerializer)
    feedback = transition_action(MATCH["feedback"], DeliveryDetailSerializer, FeedbackWriteSerializer)

    @_lists("feedback", FeedbackPage)
    @feedback.mapping.get  # type: ignore[attr-defined]
    def given_feedback(self, request: Request, pk: str) -> Response:
        """Return the feedback of the State, at most one row."""
        match = self.of_party(pk)
        rows = [match.feedback] if hasattr(match, "feedback") else []
        return in_one_page(rows, FeedbackSerializer)

    @_lists("reports", ReportPage)
    @action(detail=True, methods=["get"])
    def reports(self, request: Request, pk: str) -> Response:
        """Return the reports of the provider, the latest period first."""
        return in_one_page(self.of_party(pk).reports.select_related("organisation"), ReportSerializer)

    @_adds("reports", ReportWriteSerializer, ReportSerializer)
    @reports.mapping.post
    def add_report(self, request: Request, pk: str) -> Response:
        """Report what was done in a period, as the step `report` does, and return the report."""
        row = policy.get(self.actor, Match, pk)
        policy.require(self.actor, MATCH["report"].who, row)
        values = self.validated_data(ReportWriteSerializer)
        match = transitions.report(actor=self.actor, match=pk, version=self.version(values), **values)
        added = match.reports.select_related("organisation").latest("at")
        return Response(ReportSerializer(added).data, status=201)

    @_lists("contacts", ContactPage)
    @action(detail=True, methods=["get"])
    def contacts(self, request: Request, pk: str) -> Response:
        """Return the log of contacts, the latest day first."""
        return in_one_page(self.of_party(pk).contacts.select_related("organisation", "by"), ContactSerializer)

    @_adds("contacts", ContactWriteSerializer, ContactSerializer)
    @contacts.mapping.post
    def add_contact(self, request: Request, pk: str) -> Response:
        """Log a contact, for the provider or the State."""
        policy.require(self.actor, "party", policy.get(self.actor, Match, pk))
        values = self.validated_data(ContactWriteSerializer)
        added = exchange.log_contact(actor=self.actor, match=pk, **values)
        return Response(ContactSerializer(added).data, status=201)

    @_lists("messages", MessagePage)
    @action(detail=True, methods=["get"])
    def messages(self, request: Request, pk: str) -> Response:
        """Return the thread, oldest message first."""
        return in_one_page(self.of_party(pk).thread.select_related("organisation", "by"), MessageSerializer)

    @_adds("messages", MessageWriteSerializer, MessageSerializer)
    @messages.mapping.post
    def add_message(self, request: Request, pk: str) -> Response:
        """Write in the thread."""
        policy.require(self.actor, "in_thread", policy.get(self.actor, Match, pk))
        values = self.validated_data(MessageWriteSerializer)
        added = exchange.write(actor=self.actor, match=pk, **values)
        return Response(MessageSerializer(added).data, status=201)

    def of_party(self, pk: str) -> Match:
        """Return a match, noted as read, for one of its owners. Raises NotVisible, Forbidden."""
        match = policy.get(self.actor, Match, pk)
        rules.require_party(self.actor, match)
        log.read([match])
        return match

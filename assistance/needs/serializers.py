"""Serializers of needs, including the content of their page."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers

from assistance import considerations
from assistance.access import policy
from assistance.access.reading import read
from assistance.needs import queries, suggestions
from assistance.needs.match_serializers import MatchSerializer
from assistance.needs.matching import Score
from assistance.needs.models import Match, Need
from assistance.needs.states import CloseReason, Sustained
from assistance.offers.models import Offer
from assistance.offers.serializers import OfferSerializer
from assistance.projects.models import Project
from assistance.rest.derived import STATES, body_of, shown_of
from assistance.rest.fields import (
    VersionedWriteSerializer,
)
from assistance.rest.serializers import ALL, NONE, Languages, PageSerializer, Shown, WorkSerializer
from assistance.visits.models import Section, Visit
from entities.actors import Actor


class CoverageSerializer(serializers.Serializer):
    """How much of a need is covered, in per cent."""

    claimed = serializers.IntegerField(help_text="Delivered, as providers say until it is verified.")
    confirmed = serializers.IntegerField(help_text="Accepted by both sides.")
    verified = serializers.IntegerField(help_text="Found met by CTED or the State.")
    open = serializers.IntegerField()


class NeedSerializer(WorkSerializer):
    """What a State lacks. `visit` and `section` are null for a reader who does not see them."""

    model = Need
    joins = ("state", "instrument")
    parents = {"visit": Visit, "section": Section}

    vars().update(
        shown_of(
            Need, "status", "agreed_on", "cycle", status={"help_text": "Follows from facts; never sent."}, state=STATES
        )
    )
    close_reason = serializers.ChoiceField(CloseReason.choices, allow_null=True)
    year_answer = serializers.ChoiceField(
        Sustained.choices, allow_null=True, help_text="What the State says a year after the need was met."
    )
    coverage = CoverageSerializer()

    @classmethod
    def load(cls, actor: Actor, rows: QuerySet[Any] | None = None, languages: Languages = ALL) -> QuerySet[Any]:
        """Return visible needs with their coverage, which costs no statement of its own."""
        return super().load(actor, rows, languages).annotate(covered=queries.covered())

    def to_representation(self, need: Any) -> Shown:
        """Return the need as this reader sees it."""
        claimed, confirmed, verified = need.covered or (0, 0, 0)
        return {
            **self.head(need),
            "status": need.status,
            "state": need.state.iso3,
            "source": need.source,
            "visit": self.parent_id(need, "visit"),
            "section": self.parent_id(need, "section"),
            **self.texts(need),
            "pillar": need.pillar_id,
            "theme": need.theme_id,
            "instrument": need.instrument.symbol if need.instrument else None,
            "provision": need.provision,
            "beneficiary": need.beneficiary,
            "assistance_type": need.assistance_type,
            "priority": need.priority,
            "priority_reason": need.priority_reason,
            "baseline": need.baseline,
            "target": need.target,
            "deadline": need.deadline,
            **considerations.shown(need),
            "agreed_on": need.agreed_on,
            "close_reason": need.close_reason or None,
            "cycle": need.cycle,
            "year_answer": need.year_answer or None,
            "coverage": {
                "claimed": claimed,
                "confirmed": confirmed,
                "verified": verified,
                "open": max(0, 100 - confirmed),
            },
        }


class NeedDetailSerializer(NeedSerializer, PageSerializer):
    """One need, with those matches and projects the reader sees."""

    matches = MatchSerializer(many=True)
    projects = serializers.ListField(child=serializers.UUIDField())

    def to_representation(self, need: Need) -> Shown:
        """Return the need as its page shows it."""
        actor = self.context["actor"]
        matches = MatchSerializer.kept_rows(actor, NONE).rows("of a need", _of_need, [need.pk])
        return {
            **super().to_representation(need),
            "matches": MatchSerializer.show(actor, matches),
            "projects": [row.pk for row in read("projects of a need", _projects_of, actor, [need.pk])],
            **self.page(need),
        }


def _projects_of(actor: Actor, need: UUID) -> QuerySet[Project]:
    return queries.projects_of(actor, Need(pk=need)).only("pk")


def _of_need(matches: QuerySet[Match], need: UUID) -> QuerySet[Match]:
    return matches.filter(need=need).order_by("created_at")


# ── Offers ranked for a need ─────────────────────────────────────────────────
class ReasonSerializer(serializers.Serializer):
    """One reason why an offer fits."""

    code = serializers.CharField()
    text = serializers.CharField(help_text="In the language of the request.")
    points = serializers.IntegerField()


class RankedOfferSerializer(serializers.Serializer):
    """An offer, how well it fits the need (out of 100), and why."""

    offer = OfferSerializer()
    points = serializers.IntegerField()
    reasons = ReasonSerializer(many=True)


class RankedOffersSerializer(serializers.Serializer):
    """The offers that fit a need, best first, in a single page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RankedOfferSerializer(many=True)


def ranked(actor: Actor, need: Need) -> list[Shown]:
    """Return the offers this reader sees that fit the need, best first, each with its reasons."""
    scores = {offer.pk: score for offer, score in suggestions.ranked_offers(actor, need)}
    rows = OfferSerializer.load(actor, policy.visible(actor, Offer).filter(pk__in=scores), NONE)
    shown = {offer["id"]: offer for offer in OfferSerializer.show(actor, rows, NONE)}
    return [
        {"offer": shown[pk], "points": score.points, "reasons": _reasons(score)}
        for pk, score in scores.items()
        if pk in shown
    ]


def _reasons(score: Score) -> list[dict[str, Any]]:
    return [{"code": part.name, "text": str(part.text), "points": part.points} for part in score.reasons]


# ── Bodies ───────────────────────────────────────────────────────────────────
class NeedWriteSerializer(VersionedWriteSerializer):
    """The body that records a need; texts are in `language`, by default the writer's own."""

    vars().update(
        body_of(
            Need,
            state=STATES,
            source={"help_text": "By default “visit” where a visit is named, else “desk_survey”."},
        )
    )

"""Serializers of suggestions, of what is set aside, and of the needs that fit an offer or project."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.serializers import LanguageField
from assistance.access import policy
from assistance.needs import dismissals
from assistance.needs.fitting import needs_that_fit
from assistance.needs.matching import RULES, Score, Verdict
from assistance.needs.models import Dismissal, Need
from assistance.needs.serializers import NeedSerializer
from assistance.needs.states import AnswerReason
from assistance.needs.suggestion_words import failed_in_words
from assistance.needs.suggestions import Candidate, Failed, Ranking, Suggestion, nobody_because, provider_of
from assistance.offers.capacity import is_told_by
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.rest.fields import Prose, RowField, WriteSerializer
from assistance.rest.serializers import NONE, Shown, money
from entities.actors import Actor
from web.languages import to_wire
from web.translated_text import localized


# ── Parts ────────────────────────────────────────────────────────────────────
class PartSerializer(serializers.Serializer):
    """One part of a comparison: what was compared, what was found, and the points for it."""

    code = serializers.CharField()
    verdict = serializers.ChoiceField([(one.value, one.value) for one in Verdict])
    points = serializers.IntegerField(help_text="Negative where something speaks against it.")
    text = serializers.CharField(help_text="In the language of the request.")


def parts(score: Score) -> list[Shown]:
    """Return the parts of a score, what fits first."""
    return [
        {"code": part.name, "verdict": part.verdict.value, "points": part.points, "text": str(part.text)}
        for part in (*score.reasons, *score.misses)
    ]


class FreeCapacitySerializer(serializers.Serializer):
    """Capacity of an offer by its kind; null where the offer does not state it."""

    places = serializers.IntegerField(allow_null=True)
    expert_days = serializers.IntegerField(allow_null=True)
    amount = serializers.CharField(allow_null=True)


def capacity(free: Mapping[str, int | Decimal]) -> Shown:
    """Return capacities by their kind."""
    amount = free.get("amount")
    return {
        "places": free.get("places"),
        "expert_days": free.get("expert_days"),
        "amount": None if amount is None else money(Decimal(amount)),
    }


# ── Suggestions ──────────────────────────────────────────────────────────────
class CandidateSerializer(serializers.Serializer):
    """An offer or a project, by what names it."""

    kind = serializers.CharField(help_text="offer or project.")
    id = serializers.UUIDField()
    reference = serializers.CharField()
    title = serializers.CharField(help_text="In the language of the request where it exists, else as written.")
    title_language = LanguageField()
    provider = serializers.CharField(help_text="Slug of the provider, or of the lead of the project.")


class SuggestionSerializer(CandidateSerializer):
    """An offer or a project, how well it fits the need out of 100 points, and why."""

    points = serializers.IntegerField()
    parts = PartSerializer(many=True)
    free = FreeCapacitySerializer(help_text="What is free; as much as is stated for readers who are told no more.")
    free_is_known = serializers.BooleanField(help_text="Whether you are told what is committed.")


class FailedSerializer(serializers.Serializer):
    """How many offers or projects do not fit by one rule; each is counted once, by the first rule that it fails."""

    kind = serializers.CharField(help_text="offer or project.")
    rule = serializers.ChoiceField([(rule, rule) for rule in RULES])
    count = serializers.IntegerField()
    text = serializers.CharField(help_text="In the language of the request.")


class DismissedSerializer(CandidateSerializer):
    """What your organization has set aside for this need, and why."""

    reason_code = serializers.ChoiceField(AnswerReason.choices)
    text = serializers.CharField()
    at = serializers.DateTimeField()


class SuggestionsSerializer(serializers.Serializer):
    """The offers and projects that fit a need, best first, in a single page; why others do not; what was set aside."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SuggestionSerializer(many=True)
    nobody_because = FailedSerializer(many=True)
    dismissed = DismissedSerializer(many=True)


def suggestions(actor: Actor, need: Need) -> Shown:
    """Return the suggestions for a need as this reader sees them."""
    ranking = Ranking(actor, need)
    return {
        "next": None,
        "previous": None,
        "results": [_suggestion(actor, one) for one in ranking.both()],
        "nobody_because": [_failed(one) for one in nobody_because(actor, need, ranking.side)],
        "dismissed": [_dismissed(one, row) for one, row in dismissals.shown_dismissals(actor, need)],
    }


def _named(row: Candidate) -> Shown:
    title = localized(row, "title")
    return {
        "kind": row.record_name(),
        "id": row.pk,
        "reference": row.reference,
        "title": title.value,
        "title_language": to_wire(title.language),
        "provider": provider_of(row).slug,
    }


def _suggestion(actor: Actor, one: Suggestion) -> Shown:
    return {
        **_named(one.row),
        "points": one.score.points,
        "parts": parts(one.score),
        "free": capacity(one.free),
        "free_is_known": is_told_by(actor, one.provider.pk),
    }


def _failed(one: Failed) -> Shown:
    return {"kind": one.kind, "rule": one.rule, "count": one.count, "text": failed_in_words(one)}


def _dismissed(one: Dismissal, row: Candidate) -> Shown:
    return {**_named(row), "reason_code": one.reason_code, "text": one.text, "at": one.at}


# ── Needs that fit ───────────────────────────────────────────────────────────
class FitSerializer(serializers.Serializer):
    """A need, how well the offer or project fits it out of 100 points, and why."""

    need = NeedSerializer()
    points = serializers.IntegerField()
    parts = PartSerializer(many=True)


class FitsSerializer(serializers.Serializer):
    """The needs that fit an offer or project, best first, in a single page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = FitSerializer(many=True)


def fits(actor: Actor, row: Candidate) -> Shown:
    """Return the needs that fit an offer or project, as its provider sees them."""
    found = {one.need.pk: one.score for one in needs_that_fit(actor, row)}
    rows = NeedSerializer.load(actor, policy.visible(actor, Need).filter(pk__in=found), NONE)
    shown = {need["id"]: need for need in NeedSerializer.show(actor, rows, NONE)}
    results = [
        {"need": shown[pk], "points": score.points, "parts": parts(score)} for pk, score in found.items() if pk in shown
    ]
    return {"next": None, "previous": None, "results": results}


# ── Bodies ───────────────────────────────────────────────────────────────────
class CandidateWriteSerializer(WriteSerializer):
    """One offer or one project."""

    offer = RowField(model=Offer, required=False, allow_null=True)
    project = RowField(model=Project, required=False, allow_null=True)


class DismissWriteSerializer(CandidateWriteSerializer):
    """One offer or one project, and why it does not suit: the type of the reason, and the reason in words."""

    reason_code = serializers.ChoiceField(AnswerReason.choices)
    text = Prose(help_text="Only your organization reads it.")


def keys_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of the offer and the project that a body names; None for what it does not name."""
    return {name: row and row.pk for name in ("offer", "project") for row in (values.get(name),)}

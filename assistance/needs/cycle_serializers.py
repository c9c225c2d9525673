"""Serializers of the cycles of a need."""

from rest_framework import serializers

from assistance.needs.coverage import Ledger, Line
from assistance.needs.cycles import ledgers_of, visits_of
from assistance.needs.models import Need
from assistance.needs.serializers import CoverageSerializer
from assistance.needs.states import MatchOutcome, MatchStatus, NeedStatus, Outcome, Sustained
from assistance.rest.serializers import Shown
from entities.actors import Actor


class CoverageFiguresSerializer(serializers.Serializer):
    """The sums of the reports of a match."""

    trained_women = serializers.IntegerField()
    trained_men = serializers.IntegerField()
    trained_unknown = serializers.IntegerField(help_text="Sex not recorded.")
    expert_days = serializers.IntegerField()
    places_used = serializers.IntegerField()


class CoverageLineSerializer(serializers.Serializer):
    """One provider's part in a cycle, in per cent of the need."""

    match = serializers.UUIDField()
    provider = serializers.CharField(help_text="Slug.")
    status = serializers.ChoiceField(MatchStatus.choices)
    agreed = serializers.IntegerField(help_text="Accepted by both sides.")
    delivered = serializers.IntegerField(help_text="Reported as delivered.")
    verified = serializers.IntegerField(allow_null=True, help_text="Found met; null before the verification.")
    outcome = serializers.ChoiceField(MatchOutcome.choices, allow_null=True, help_text="What came of the match.")
    figures = CoverageFiguresSerializer(help_text="What the reports of the provider add up to.")


class CycleVerificationSerializer(serializers.Serializer):
    """One verification of a cycle."""

    outcome = serializers.ChoiceField(Outcome.choices)
    share = serializers.IntegerField(help_text="In per cent of the need.")
    note = serializers.CharField()
    organisation = serializers.CharField(help_text="Slug.")
    at = serializers.DateTimeField()


class CycleSerializer(serializers.Serializer):
    """One cycle of a need. Those fields that say how it ended are null in the one that runs."""

    number = serializers.IntegerField()
    lines = CoverageLineSerializer(many=True, help_text="Matches that the reader sees.")
    coverage = CoverageSerializer()
    verifications = CycleVerificationSerializer(many=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    status = serializers.ChoiceField(NeedStatus.choices, allow_null=True, help_text="With which it ended.")
    year_answer = serializers.ChoiceField(Sustained.choices, allow_null=True)
    visit = serializers.UUIDField(allow_null=True, help_text="That found the need again; null if hidden.")
    reason = serializers.CharField(allow_null=True, help_text="Why the need was reopened.")


class CyclesSerializer(serializers.Serializer):
    """The cycles of a need, the running one first, in a single page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CycleSerializer(many=True)


def cycles_of(actor: Actor, need: Need) -> list[Shown]:
    """Return the cycles of a need as this reader sees them, the running one first."""
    found = ledgers_of(actor, need)
    visits = visits_of(actor, found)
    return [
        {**_shown(one), "visit": one.ended.visit_id if one.ended and one.ended.visit_id in visits else None}
        for one in found
    ]


def _shown(one: Ledger) -> Shown:
    ended = one.ended
    return {
        "number": one.number,
        "lines": [_line(line) for line in one.lines],
        "coverage": one.sums,
        "verifications": [
            {"outcome": v.outcome, "share": v.share, "note": v.note, "organisation": v.organisation.slug, "at": v.at}
            for v in one.outcomes
        ],
        "ended_at": ended and ended.ended_at,
        "status": ended and ended.status,
        "year_answer": (ended and ended.year_answer) or None,
        "reason": ended and ended.reason,
    }


def _line(line: Line) -> Shown:
    match = line.match
    return {
        "match": match.pk,
        "provider": match.provider.slug,
        "status": match.status,
        "agreed": line.agreed,
        "delivered": line.delivered,
        "verified": line.verified,
        "outcome": match.outcome or None,
        "figures": dict(line.figures),
    }

"""Serializers of matches."""

from rest_framework import serializers

from assistance.needs.models import Match
from assistance.needs.states import AnswerReason, MatchOutcome
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.rest.bodies import ReasonWriteSerializer
from assistance.rest.derived import body_of, shown_of
from assistance.rest.fields import WriteSerializer
from assistance.rest.serializers import PageSerializer, Shown, WorkSerializer, money


class MatchSerializer(WorkSerializer):
    """One provider's part in one need. `offer` and `project` are null for a reader who does not see them."""

    model = Match
    joins = ("need__state", "provider")
    parents = {"offer": Offer, "project": Project}

    vars().update(
        shown_of(
            Match, "status", "suggested_by_cted", "waiting_since", "answer_reason", "delivered_note", "verified_share", "cycle",
            need={"allow_null": False}, share={"help_text": "Part of the need, in per cent."},
        )
    )  # fmt: skip
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")
    answer_reason_code = serializers.ChoiceField(
        AnswerReason.choices, allow_null=True, help_text="Why it was declined, withdrawn or ended."
    )
    outcome = serializers.ChoiceField(MatchOutcome.choices, allow_null=True, help_text="What came of it.")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When the provider ended it without delivery.")
    end_settled_at = serializers.DateTimeField(
        allow_null=True, help_text="When the State confirmed the end, or could no longer dispute it."
    )

    def to_representation(self, match: Match) -> Shown:
        """Return the match as this reader sees it."""
        return {
            **self.head(match),
            "status": match.status,
            "need": match.need_id,
            "state": match.need.state.iso3,
            "provider": match.provider.slug,
            "offer": self.parent_id(match, "offer"),
            "cycle": match.cycle,
            "project": self.parent_id(match, "project"),
            "share": match.share,
            "reserved_places": match.reserved_places,
            "reserved_expert_days": match.reserved_expert_days,
            "reserved_amount": money(match.reserved_amount),
            "message": match.message,
            "suggested_by_cted": match.suggested_by_cted,
            "waiting_since": match.waiting_since,
            "answer_reason_code": match.answer_reason_code or None,
            "answer_reason": match.answer_reason,
            "delivered_note": match.delivered_note,
            "verified_share": match.verified_share,
            "outcome": match.outcome or None,
            "ended_at": match.ended_at,
            "end_settled_at": match.end_settled_at,
        }


class MatchDetailSerializer(MatchSerializer, PageSerializer):
    """One match, with who can see it and its history."""

    def to_representation(self, match: Match) -> Shown:
        """Return the match as its page shows it."""
        return {**super().to_representation(match), **self.page(match)}


class AnswerWriteSerializer(ReasonWriteSerializer):
    """Why a match is declined, withdrawn or ended: the type of the reason, and the reason in words."""

    reason_code = serializers.ChoiceField(AnswerReason.choices, required=False, help_text="By default other.")


class MatchWriteSerializer(WriteSerializer):
    """The body of a proposal. CTED suggests a provider, who is asked first; a provider proposes itself."""

    vars().update(
        body_of(
            Match,
            provider={
                "required": False,
                "allow_null": True,
                "help_text": "Slug; by default that of the offer or project, else the only organisation you can offer for.",
            },
            share={"required": False, "help_text": "In per cent; by default 100."},
        )
    )

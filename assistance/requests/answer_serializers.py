"""Serializers of the consolidated answers to a request."""

from rest_framework import serializers

from assistance.needs.states import AnswerReason, MatchStatus
from assistance.offers.states import AssistanceType
from assistance.requests.answers import AnswerLine, OrganisationAnswer
from assistance.rest.serializers import Shown


class OfferedSerializer(serializers.Serializer):
    """One offer of assistance for one need of the request."""

    match = serializers.UUIDField()
    need = serializers.UUIDField()
    offer = serializers.UUIDField(allow_null=True)
    assistance_type = serializers.ChoiceField(AssistanceType.choices)
    share = serializers.IntegerField(help_text="In per cent of the need.")
    starts_on = serializers.DateField(allow_null=True)
    lead_time_days = serializers.IntegerField(allow_null=True, help_text="Days from the acceptance to the first day.")
    status = serializers.ChoiceField(MatchStatus.choices)
    on = serializers.DateField(help_text="When it was offered, or withdrawn.")
    reason_code = serializers.ChoiceField(AnswerReason.choices, allow_blank=True)
    reason = serializers.CharField(help_text="In words, of one that was declined or withdrawn.")


class AnswerSerializer(serializers.Serializer):
    """The answer of one organisation. Days are those of the State."""

    organisation = serializers.CharField(help_text="Slug.")
    answer = serializers.ChoiceField(OrganisationAnswer.choices)
    on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(help_text="The type of the reason for declining, or its words.")
    questions = serializers.IntegerField(help_text="How many it asked.")
    offers = OfferedSerializer(many=True)

    def to_representation(self, line: AnswerLine) -> Shown:
        """Return one line."""
        return {
            "organisation": line.organisation.slug,
            "answer": line.answer.value,
            "on": line.on,
            "reason": line.reason,
            "questions": line.questions,
            "offers": [
                {
                    "match": one.match.pk,
                    "need": one.match.need_id,
                    "offer": one.match.offer_id,
                    "assistance_type": one.match.need.assistance_type,
                    "share": one.match.share,
                    "starts_on": one.match.offer.opens_on if one.match.offer else None,
                    "lead_time_days": one.match.offer.lead_time_days if one.match.offer else None,
                    "status": one.match.status,
                    "on": one.on,
                    "reason_code": one.match.answer_reason_code,
                    "reason": one.match.answer_reason,
                }
                for one in line.offers
            ],
        }


class AnswersSerializer(serializers.Serializer):
    """Who answered a request and who was silent, in a single page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AnswerSerializer(many=True)

"""Serializers of what is drawn up about requests: the answers to one, and the briefing list."""

from rest_framework import serializers

from assistance.needs.states import AnswerReason, MatchStatus
from assistance.offers.states import AssistanceType
from assistance.requests.answers import AnswerLine, OrganisationAnswer
from assistance.requests.briefing import BriefingLine, Kept
from assistance.requests.states import RequestStatus
from assistance.requests.waiting import OF_UNOCT
from assistance.rest.serializers import Shown
from web.translated_text import localized


class OfferedSerializer(serializers.Serializer):
    """One offer of assistance for one need of the request."""

    match = serializers.UUIDField()
    need = serializers.UUIDField()
    offer = serializers.UUIDField(allow_null=True)
    project = serializers.UUIDField(allow_null=True, help_text="The project that carries it, if you see it.")
    assistance_type = serializers.ChoiceField(AssistanceType.choices)
    share = serializers.IntegerField(help_text="In per cent of the need.")
    starts_on = serializers.DateField(allow_null=True, help_text="Of the offer, else of the project.")
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
                    "project": one.project.pk if one.project else None,
                    "assistance_type": one.match.need.assistance_type,
                    "share": one.match.share,
                    "starts_on": one.first_day,
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


# ── The briefing list ────────────────────────────────────────────────────────
class ServiceTimeSerializer(serializers.Serializer):
    """One service time of UNOCT for a request."""

    kind = serializers.ChoiceField([(kind, kind) for kind in OF_UNOCT])
    due_on = serializers.DateField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    kept = serializers.ChoiceField(Kept.choices)


class BriefingSerializer(serializers.Serializer):
    """One open request, as UNOCT is briefed on it."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")
    title = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    age = serializers.IntegerField(help_text="Days since the submission.")
    status = serializers.ChoiceField(RequestStatus.choices)
    waits_for = serializers.CharField()
    service_times = ServiceTimeSerializer(many=True)
    offers = serializers.IntegerField(help_text="Offers that stand.")

    def to_representation(self, line: BriefingLine) -> Shown:
        """Return one line."""
        row = line.row
        return {
            "id": row.pk,
            "reference": row.reference,
            "state": row.state.iso3,
            "title": localized(row, "title").value,
            "submitted_at": row.submitted_at,
            "age": line.age,
            "status": row.status,
            "waits_for": line.sentence,
            "service_times": [
                {"kind": one.due.kind, "due_on": one.due.due_on, "done_at": one.due.done_at, "kept": one.kept.value}
                for one in line.services
            ],
            "offers": line.offers,
        }


class BriefingsSerializer(serializers.Serializer):
    """All open requests, in a single page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = BriefingSerializer(many=True)

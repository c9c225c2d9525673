"""Serializers of recommendations and of what is said of them."""

from rest_framework import serializers

from accounts.serializers import LanguageField, Line
from assistance.recommendations.letters import LABELS
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.rest.derived import body_of, shown_of
from assistance.rest.fields import Prose, RowField, VersionedWriteSerializer
from assistance.rest.serializers import PageSerializer, Shown, WorkSerializer
from assistance.visits.models import Section, Visit


class RecommendationSerializer(WorkSerializer):
    """A numbered recommendation of a visit report. `visit` and `section` are null for a reader who does not see them."""

    model = Recommendation
    joins = ("visit__state", "theme", "instrument")
    parents = {"visit": Visit, "section": Section}
    fetch = ("needs",)

    vars().update(shown_of(Recommendation, "adopted_on"))
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")

    def to_representation(self, row: Recommendation) -> Shown:
        """Return the recommendation as this reader sees it."""
        return {
            **self.head(row),
            "visit": self.parent_id(row, "visit"),
            "section": self.parent_id(row, "section"),
            "state": row.visit.state.iso3,
            "number": row.number,
            **self.texts(row),
            "theme": row.theme_id,
            "instrument": row.instrument.symbol if row.instrument else None,
            "provisions": row.provisions,
            "priority": row.priority,
            "priority_reason": row.priority_reason,
            "needs": self.keys(row, "needs"),
            "adopted_on": row.adopted_on,
        }


class RecommendationDetailSerializer(RecommendationSerializer, PageSerializer):
    """One recommendation, with who can see it and its history."""

    def to_representation(self, row: Recommendation) -> Shown:
        """Return the recommendation as its page shows it."""
        return {**super().to_representation(row), **self.page(row)}


class ObservationSerializer(WorkSerializer):
    """Observations of a State on a draft report."""

    model = Observation
    joins = ("visit__state",)
    parents = {"visit": Visit}

    vars().update(shown_of(Observation, "number"))
    visit = serializers.UUIDField(allow_null=True)
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")

    def to_representation(self, row: Observation) -> Shown:
        """Return the observations as this reader sees them."""
        return {
            **self.head(row),
            "visit": self.parent_id(row, "visit"),
            "state": row.visit.state.iso3,
            "number": row.number,
            **self.texts(row),
        }


class ObservationDetailSerializer(ObservationSerializer, PageSerializer):
    """Observations, with who can see them and their history."""

    def to_representation(self, row: Observation) -> Shown:
        """Return the observations as their page shows them."""
        return {**super().to_representation(row), **self.page(row)}


class ResponseSerializer(WorkSerializer):
    """What a State says of a recommendation in one reply."""

    model = Response
    joins = ("visit__state", "recommendation")
    parents = {"visit": Visit, "recommendation": Recommendation}

    vars().update(shown_of(Response, "period", "status", "sent_on"))
    visit = serializers.UUIDField(allow_null=True)
    recommendation = serializers.UUIDField(allow_null=True)
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")

    def to_representation(self, row: Response) -> Shown:
        """Return the part of the reply as this reader sees it."""
        return {
            **self.head(row),
            "visit": self.parent_id(row, "visit"),
            "recommendation": self.parent_id(row, "recommendation"),
            "state": row.visit.state.iso3,
            "period": row.period,
            "said": row.said,
            **self.texts(row),
            "on": row.on,
            "status": row.status,
            "sent_on": row.sent_on,
        }


class ResponseDetailSerializer(ResponseSerializer, PageSerializer):
    """What a State says of a recommendation, with who can see it and its history."""

    def to_representation(self, row: Response) -> Shown:
        """Return the part of the reply as its page shows it."""
        return {**super().to_representation(row), **self.page(row)}


class RatingSerializer(WorkSerializer):
    """How far CTED finds a recommendation implemented. `basis` is null for a review from the desk."""

    model = Rating
    joins = ("visit__state", "recommendation")
    parents = {"visit": Visit, "recommendation": Recommendation, "basis": Visit}

    vars().update(shown_of(Rating, "number", "rated_on"))
    visit = serializers.UUIDField(allow_null=True)
    recommendation = serializers.UUIDField(allow_null=True)
    basis = serializers.UUIDField(allow_null=True)
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")

    def to_representation(self, row: Rating) -> Shown:
        """Return the rating as this reader sees it."""
        return {
            **self.head(row),
            "visit": self.parent_id(row, "visit"),
            "recommendation": self.parent_id(row, "recommendation"),
            "basis": self.parent_id(row, "basis"),
            "state": row.visit.state.iso3,
            "number": row.number,
            "rated": row.rated,
            **self.texts(row),
            "rated_on": row.rated_on,
        }


class RatingDetailSerializer(RatingSerializer, PageSerializer):
    """A rating, with who can see it and its history."""

    def to_representation(self, row: Rating) -> Shown:
        """Return the rating as its page shows it."""
        return {**super().to_representation(row), **self.page(row)}


class ProposalSerializer(serializers.Serializer):
    """What the latest rating of a recommendation proposes for a need: a step of that need."""

    need = serializers.UUIDField()
    reference = serializers.CharField()
    step = serializers.ChoiceField(["reopen", "close", "put-to-state"], help_text="Run it on the need to confirm.")


# ── Bodies ───────────────────────────────────────────────────────────────────
class RecommendationWriteSerializer(VersionedWriteSerializer):
    """The body that records a recommendation; texts are in `language`, by default the writer's own."""

    vars().update(body_of(Recommendation))


class ResponseWriteSerializer(VersionedWriteSerializer):
    """What the State says of a recommendation in its next reply."""

    vars().update(body_of(Response))


class RateWriteSerializer(VersionedWriteSerializer):
    """A rating, based on a later visit or, without one, made from the desk."""

    vars().update(body_of(Rating))
    basis = RowField(model=Visit, required=False, allow_null=True)


class VisitLetterWriteSerializer(VersionedWriteSerializer):
    """Which letter about a visit was sent, and when."""

    letter = Line(max_length=40, help_text=f"One of: {', '.join(LABELS)}.")
    number = Line(required=False, allow_blank=True, max_length=100, default="")
    sent_on = serializers.DateField()


class AgreedWriteSerializer(VersionedWriteSerializer):
    """The day on which the State agreed, by default today."""

    agreed_on = serializers.DateField(required=False, allow_null=True)


class AdoptWriteSerializer(VersionedWriteSerializer):
    """The day of the adoption, by default today."""

    adopted_on = serializers.DateField(required=False, allow_null=True)


class ObserveWriteSerializer(VersionedWriteSerializer):
    """Observations: a text, or a file sent as multipart/form-data, or both."""

    text = Prose(required=False, allow_blank=True)
    language = LanguageField(required=False)
    file = serializers.FileField(required=False, allow_empty_file=True, help_text="PDF, JPEG, PNG, DOCX, XLSX or PPTX.")

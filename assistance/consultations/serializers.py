"""Serializers of consultations, rounds, and what stands in these."""

from typing import Any

from rest_framework import serializers

from assistance.assessments.serializers import ProposeNeedWriteSerializer
from assistance.assessments.states import Framework
from assistance.consultations.decisions import about_round
from assistance.consultations.models import Consultation, Round, RoundComment
from assistance.consultations.states import (
    MOST_FINDINGS,
    MOST_PARAMETERS,
)
from assistance.measures import IndicatorUnit, Level
from assistance.rest.derived import STATES, body_of, shown_of
from assistance.rest.fields import CodeField, Prose, VersionedWriteSerializer, WriteSerializer, instruments, themes
from assistance.rest.serializers import PageSerializer, Shown, WorkSerializer
from web.texts import COMMENT_MAX


class RoundFindingSerializer(serializers.Serializer):
    """A finding of a round, in the language of the round."""

    id = serializers.UUIDField()
    framework = serializers.ChoiceField(Framework.choices)
    theme = serializers.CharField(help_text="Code.")
    instrument = serializers.CharField(allow_null=True, help_text="Symbol.")
    level = serializers.ChoiceField(Level.choices)
    current_state = serializers.CharField()
    gap = serializers.CharField()
    challenge = serializers.CharField()
    intervention = serializers.CharField()
    evidence = serializers.CharField()
    need = serializers.UUIDField(allow_null=True, help_text="The need made of it; null if you do not see one.")

    def to_representation(self, finding: Any) -> Shown:
        """Return the finding as this reader sees it."""
        return {
            "id": finding.pk,
            "framework": finding.framework,
            "theme": finding.theme_id,
            "instrument": finding.instrument.symbol if finding.instrument else None,
            "level": finding.level,
            "current_state": finding.current_state,
            "gap": finding.gap,
            "challenge": finding.challenge,
            "intervention": finding.intervention,
            "evidence": finding.evidence,
            "need": finding.need_seen and finding.need_seen.pk,
        }


class ParameterSerializer(serializers.Serializer):
    """A priority of a round: an indicator with its baseline and its target. Values are texts, typed by the unit."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    unit = serializers.ChoiceField(IndicatorUnit.choices)
    lower_is_better = serializers.BooleanField()
    baseline = serializers.CharField()
    baseline_on = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    target = serializers.CharField()
    target_by = serializers.DateField(allow_null=True)
    means = serializers.CharField()
    is_missed = serializers.BooleanField(
        help_text="The day of the target has passed, and the value known last does not reach it."
    )

    def to_representation(self, found: Any) -> Shown:
        """Return the priority."""
        one, missed = found
        names = (
            "id",
            "name",
            "unit",
            "lower_is_better",
            "baseline",
            "baseline_on",
            "source",
            "target",
            "target_by",
            "means",
        )
        return {**{name: getattr(one, name) for name in names}, "is_missed": missed}


class RoundCommentSerializer(serializers.Serializer):
    """A comment of the State on a round."""

    at = serializers.DateTimeField()
    by = serializers.CharField(help_text="Name of the person.")
    text = serializers.CharField()

    def to_representation(self, one: RoundComment) -> Shown:
        """Return the comment."""
        return {"at": one.at, "by": one.by.name, "text": one.text}


class ConsultationSerializer(WorkSerializer):
    """A consultation of a programme with a State; its rounds are rows of their own."""

    model = Consultation
    joins = ("state", "instrument")

    vars().update(shown_of(Consultation, state=STATES))

    def to_representation(self, row: Consultation) -> Shown:
        """Return the consultation as this reader sees it."""
        return {
            **self.head(row),
            "programme": row.programme_id,
            "state": row.state.iso3,
            **self.texts(row),
            "instrument": row.instrument.symbol,
            "provision": row.provision,
        }


class ConsultationDetailSerializer(ConsultationSerializer, PageSerializer):
    """One consultation, with who can see it and its history."""

    def to_representation(self, row: Consultation) -> Shown:
        """Return the consultation as its page shows it."""
        return {**super().to_representation(row), **self.page(row)}


class RoundSerializer(WorkSerializer):
    """A round of a consultation. `consultation` is null for a reader who does not see it."""

    model = Round
    joins = ("state",)
    parents = {"consultation": Consultation}

    consultation = serializers.UUIDField(allow_null=True, help_text="Null if you do not see it.")
    programme = serializers.CharField(help_text="Code.")
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")
    number = serializers.IntegerField()
    vars().update(shown_of(Round, "status"))
    comments_until = serializers.DateField(allow_null=True, help_text="The last day for comments of the State.")

    def to_representation(self, row: Round) -> Shown:
        """Return the round as this reader sees it."""
        return {
            **self.head(row),
            "status": row.status,
            "consultation": self.parent_id(row, "consultation"),
            "programme": row.programme_id,
            "state": row.state.iso3,
            "number": row.number,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "mode": row.mode,
            **self.texts(row),
            "comments_until": row.comments_until,
        }


class RoundDetailSerializer(RoundSerializer, PageSerializer):
    """One round, with what stands in it, who can see it and its history."""

    findings = RoundFindingSerializer(many=True)
    parameters = ParameterSerializer(many=True)
    comments = RoundCommentSerializer(many=True, help_text="For the owners of the round; empty for all others.")

    def to_representation(self, row: Round) -> Shown:
        """Return the round as its page shows it."""
        found = about_round(self.context["actor"], row)
        return {
            **super().to_representation(row),
            "findings": RoundFindingSerializer(found["findings"], many=True).data,
            "parameters": ParameterSerializer(found["parameters"], many=True).data,
            "comments": RoundCommentSerializer(found["comments"], many=True).data,
            **self.page(row),
        }


# ── Bodies ───────────────────────────────────────────────────────────────────
class ConsultationWriteSerializer(VersionedWriteSerializer):
    """The body that records a consultation; texts are in `language`, by default the writer's own."""

    vars().update(body_of(Consultation, state=STATES))


class RoundFindingWriteSerializer(WriteSerializer):
    """A finding. With the `id` of one that the round has, that one is changed; its `need` stays as it is."""

    id = serializers.UUIDField(required=False)
    framework = serializers.ChoiceField(Framework.choices)
    theme = CodeField(themes, help_text="Code.")
    instrument = CodeField(instruments, "symbol", required=False, allow_null=True, help_text="Symbol.")
    level = serializers.ChoiceField(Level.choices, required=False)
    current_state = Prose()
    gap = Prose(required=False, allow_blank=True)
    challenge = Prose(required=False, allow_blank=True)
    intervention = Prose(required=False, allow_blank=True)
    evidence = Prose(required=False, allow_blank=True)
    need = serializers.UUIDField(required=False, allow_null=True, help_text="As shown; not written.")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the finding without its need."""
        values: dict[str, Any] = super().to_internal_value(data)
        values.pop("need", None)
        return values


class ParameterWriteSerializer(WriteSerializer):
    """A priority. With the `id` of one that the round has, that one is changed."""

    id = serializers.UUIDField(required=False)
    name = Prose(max_length=300)
    unit = serializers.ChoiceField(IndicatorUnit.choices)
    lower_is_better = serializers.BooleanField(required=False)
    baseline = Prose(required=False, allow_blank=True, help_text="Typed by the unit; yes_no: yes or no.")
    baseline_on = serializers.DateField(required=False, allow_null=True)
    source = Prose(required=False, allow_blank=True, max_length=300)  # type: ignore[assignment]
    target = Prose(required=False, allow_blank=True)
    target_by = serializers.DateField(required=False, allow_null=True)
    means = Prose(required=False, allow_blank=True, max_length=300)
    is_missed = serializers.BooleanField(required=False, help_text="As shown; not written.")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the priority without what is computed."""
        values: dict[str, Any] = super().to_internal_value(data)
        values.pop("is_missed", None)
        return values


class RoundWriteSerializer(VersionedWriteSerializer):
    """The body that opens a round or changes one that is open."""

    vars().update(body_of(Round))
    findings = RoundFindingWriteSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_FINDINGS, help_text="All of them: what is left out is removed."
    )
    parameters = ParameterWriteSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_PARAMETERS, help_text="All of them: what is left out is removed."
    )


class RoundCommentWriteSerializer(VersionedWriteSerializer):
    """A comment of the State on a round."""

    text = Prose(max_length=COMMENT_MAX)


class NeedOfRoundWriteSerializer(ProposeNeedWriteSerializer):
    """The need that is drafted from a finding of a round."""

"""Serializers of assessments, their lines and findings."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import Line
from assistance.assessments.decisions import findings_of
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.assessments.states import MOST_FINDINGS, AssessmentKind, Framework
from assistance.needs.states import Priority
from assistance.offers.states import AssistanceType
from assistance.rest.derived import STATES, body_of, shown_of
from assistance.rest.fields import (
    CodeField,
    Prose,
    VersionedWriteSerializer,
    WriteSerializer,
    pillars,
    required_values,
    themes,
)
from assistance.rest.serializers import PageSerializer, RowSerializer, Shown, WorkSerializer
from entities import reference_versions


class FindingSerializer(serializers.Serializer):
    """A finding of an assessment."""

    id = serializers.UUIDField()
    theme = serializers.CharField(help_text="Code.")
    framework = serializers.ChoiceField(Framework.choices)
    text = serializers.CharField(help_text="In the language of the assessment.")
    is_gap = serializers.BooleanField()
    need = serializers.UUIDField(allow_null=True, help_text="The need made of it; null if you do not see one.")

    def to_representation(self, finding: Any) -> Shown:
        """Return the finding as this reader sees it."""
        return {
            "id": finding.pk,
            "theme": finding.theme_id,
            "framework": finding.framework,
            "text": finding.text,
            "is_gap": finding.is_gap,
            "need": finding.need_seen and finding.need_seen.pk,
        }


class AssessmentSerializer(WorkSerializer):
    """An assessment of a State by an entity, for those who may read its text."""

    model = Assessment
    joins = ("entity", "state")
    fetch = ("themes", "instruments")
    parents = {"same_as": AssessmentLine}

    vars().update(shown_of(Assessment, "status", state=STATES))

    def to_representation(self, row: Assessment) -> Shown:
        """Return the assessment as this reader sees it."""
        kept = reference_versions.instruments(self.context["actor"].version)
        return {
            **self.head(row),
            "status": row.status,
            "entity": row.entity.slug,
            "state": row.state.iso3,
            "kind": row.kind,
            **self.texts(row),
            "themes": self.keys(row, "themes"),
            "instruments": sorted(kept[key].symbol for key in self.keys(row, "instruments")),
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "is_public": row.is_public,
            "public_link": row.public_link,
            "same_as": self.parent_id(row, "same_as"),
        }


class AssessmentDetailSerializer(AssessmentSerializer, PageSerializer):
    """One assessment, with its findings, who can see it and its history."""

    findings = FindingSerializer(many=True)

    def to_representation(self, row: Assessment) -> Shown:
        """Return the assessment as its page shows it."""
        found = findings_of(self.context["actor"], row)
        return {
            **super().to_representation(row),
            "findings": FindingSerializer(found, many=True).data,
            **self.page(row),
        }


class AssessmentLineSerializer(RowSerializer):
    """What the whole Compact knows of an assessment. `assessment` is null for a reader who does not see its text."""

    model = AssessmentLine
    joins = ("entity", "state")
    fetch = ("themes",)
    parents = {"assessment": Assessment, "same_as": AssessmentLine}

    modified_at = serializers.DateTimeField()
    assessment = serializers.UUIDField(allow_null=True, help_text="Null if you do not see it.")
    entity = serializers.CharField(help_text="Slug.")
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")
    kind = serializers.ChoiceField(AssessmentKind.choices)
    themes = serializers.ListField(child=serializers.CharField(), help_text="Codes.")
    year = serializers.IntegerField(help_text="The year in which it ends.")
    same_as = serializers.UUIDField(
        allow_null=True, help_text="The line of another entity for the same evaluation; count the two once."
    )

    def to_representation(self, line: AssessmentLine) -> Shown:
        """Return the line."""
        return {
            "id": line.pk,
            "modified_at": line.modified_at,
            "assessment": self.parent_id(line, "assessment"),
            "entity": line.entity.slug,
            "state": line.state.iso3,
            "kind": line.kind,
            "themes": self.keys(line, "themes"),
            "year": line.year,
            "same_as": self.parent_id(line, "same_as"),
        }


class AssessmentLineDetailSerializer(AssessmentLineSerializer, PageSerializer):
    """One line, with who can see it and its history."""

    def to_representation(self, line: AssessmentLine) -> Shown:
        """Return the line as its page shows it."""
        return {**super().to_representation(line), **self.page(line)}


# ── Bodies ───────────────────────────────────────────────────────────────────
class FindingWriteSerializer(WriteSerializer):
    """A finding. With the `id` of one that the assessment has, that one is changed; its `need` stays as it is."""

    id = serializers.UUIDField(required=False)
    theme = CodeField(themes, help_text="Code.")
    framework = serializers.ChoiceField(Framework.choices)
    text = Prose(help_text="In the language of the assessment.")
    is_gap = serializers.BooleanField(required=False, help_text="By default false.")
    need = serializers.UUIDField(required=False, allow_null=True, help_text="As shown; not written.")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the finding; its values are required even in a partial update of the assessment, unlike DRF's default."""
        values = required_values(self, super().to_internal_value(data), ("theme", "framework", "text"))
        values.pop("need", None)
        return {"is_gap": False, **values}


class AssessmentWriteSerializer(VersionedWriteSerializer):
    """The body that records an assessment; texts are in `language`, by default the writer's own."""

    vars().update(
        body_of(
            Assessment,
            entity={"required": False, "help_text": "Slug; by default the only entity you act for."},
            state=STATES,
        )
    )
    findings = FindingWriteSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_FINDINGS, help_text="All of them: what is left out is removed."
    )


class ProposeNeedWriteSerializer(VersionedWriteSerializer):
    """The need that is drafted from a finding: it has the theme, the text and the language of the finding."""

    finding = serializers.UUIDField(help_text="The id of a finding that is a gap.")
    title = Line(max_length=300)
    assistance_type = serializers.ChoiceField(AssistanceType.choices)
    priority = serializers.ChoiceField(Priority.choices)
    priority_reason = Prose(required=False, allow_blank=True)
    pillar = CodeField(pillars, required=False, help_text="Code; only for a theme that belongs to no pillar.")

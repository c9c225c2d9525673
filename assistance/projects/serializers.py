"""Serializers of projects."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from assistance import considerations
from assistance.needs.match_serializers import MatchSerializer
from assistance.needs.models import Match
from assistance.projects.models import Party, Project, StateShare
from assistance.projects.outlines import Outline
from assistance.projects.part_serializers import (
    IndicatorSerializer,
    IndicatorWriteSerializer,
    PeriodSerializer,
    PeriodWriteSerializer,
    SessionSerializer,
    SessionWriteSerializer,
)
from assistance.projects.results import periods_of
from assistance.projects.states import MOST_INDICATORS, MOST_PERIODS, MOST_SESSIONS, ROLES_IN, WHOLE, PartyRole
from assistance.rest.derived import STATES, body_of, shown_of
from assistance.rest.fields import (
    MOST,
    CodeField,
    VersionedWriteSerializer,
    WriteSerializer,
    organisations,
    required_values,
    states,
)
from assistance.rest.serializers import NONE, PageSerializer, Shown, WorkSerializer, money
from entities.actors import Actor
from web.dates import quarter_number


class PartnerSerializer(serializers.Serializer):
    """An organisation's part in a project."""

    organisation = serializers.CharField(allow_null=True, help_text="Slug; null for one not known here.")
    name = serializers.CharField(help_text="As published.")
    role = serializers.ChoiceField(PartyRole.choices)


class StateShareSerializer(serializers.Serializer):
    """The part of a project that a State has."""

    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")
    percent = serializers.DecimalField(max_digits=5, decimal_places=2)


class PhasesSerializer(serializers.Serializer):
    """Who takes part in each phase of a project, by the roles of its partners."""

    design = serializers.ListField(child=serializers.CharField(), help_text="Slugs, or names as published.")
    funding = serializers.ListField(child=serializers.CharField(), help_text="Slugs, or names as published.")
    implementation = serializers.ListField(child=serializers.CharField(), help_text="Slugs, or names as published.")


class ProjectSerializer(WorkSerializer):
    """An activity, recorded in the portal or imported and then read-only. `needs` are those the reader sees."""

    model = Project
    joins = ("lead",)
    fetch = ("states", "regions", "themes", "needs")
    parents = {"parent": Project, "same_as": Project}

    vars().update(
        shown_of(
            Project,
            "iati_identifier",
            "origin",
            "imported_at",
            "confirmed_at",
            status={"help_text": "As declared."},
            states=STATES,
        )
    )
    dates_disagree = serializers.BooleanField(help_text="Whether the dates say otherwise than the declared status.")
    is_unconfirmed = serializers.BooleanField(
        help_text="Whether its lead has not confirmed it for more than half a year."
    )
    partners = PartnerSerializer(many=True)
    phases = PhasesSerializer()
    same_as = serializers.UUIDField(
        allow_null=True,
        help_text="The project of another publisher that is the same activity; null if you do not see one.",
    )
    shares = StateShareSerializer(many=True)

    @classmethod
    def related(cls, actor: Actor) -> Sequence[str | Prefetch]:
        """Return the partners and the percentages."""
        return ("parties", "shares")

    def to_representation(self, project: Project) -> Shown:
        """Return the project as this reader sees it."""
        partners = [self.partner(party) for party in project.parties.all()]
        return {
            **self.head(project),
            "status": project.status,
            "dates_disagree": project.dates_disagree,
            **self.texts(project),
            "lead": project.lead.slug if project.lead else None,
            "partners": partners,
            "phases": _phases(partners),
            "shares": [self.share(share) for share in project.shares.all()],
            "states": sorted(self.organisation_of(key).iso3 for key in self.keys(project, "states")),
            "regions": self.keys(project, "regions"),
            "places": project.places,
            "themes": self.keys(project, "themes"),
            "needs": self.keys(project, "needs"),
            "planned_start": project.planned_start,
            "planned_end": project.planned_end,
            "actual_start": project.actual_start,
            "actual_end": project.actual_end,
            "budget": money(project.budget),
            "currency": project.currency,
            "parent": self.parent_id(project, "parent"),
            "same_as": self.parent_id(project, "same_as"),
            "mode": project.mode,
            "results": project.results,
            **considerations.shown(project),
            "is_restricted": project.is_restricted,
            "iati_identifier": project.iati_identifier,
            "origin": project.origin,
            "imported_at": project.imported_at,
            "confirmed_at": project.confirmed_at,
            "is_unconfirmed": project.unconfirmed_since is not None,
        }

    def partner(self, party: Party) -> Shown:
        """Return one partner: by the name as published, else by that of the organisation."""
        known = self.organisation_of(party.organisation_id) if party.organisation_id else None
        name = party.name or (str(known) if known else "")
        return {"organisation": known.slug if known else None, "name": name, "role": party.role}

    def share(self, share: StateShare) -> Shown:
        """Return the percentage of one State."""
        return {"state": self.organisation_of(share.state_id).iso3, "percent": f"{share.percent:.2f}"}


def _phases(partners: Sequence[Shown]) -> dict[str, list[str]]:
    return {
        str(phase): [one["organisation"] or one["name"] for one in partners if one["role"] in roles]
        for phase, roles in ROLES_IN.items()
    }


class ProjectDetailSerializer(ProjectSerializer, PageSerializer):
    """One project, with the matches that it carries as far as the reader sees them, who can see it and its history."""

    matches = MatchSerializer(many=True)
    indicators = IndicatorSerializer(many=True)
    periods = PeriodSerializer(many=True)
    sessions = SessionSerializer(many=True)

    def to_representation(self, project: Project) -> Shown:
        """Return the project as its page shows it."""
        actor = self.context["actor"]
        matches = MatchSerializer.kept_rows(actor, NONE).rows("of a project", _of_project, [project.pk])
        return {
            **super().to_representation(project),
            "matches": MatchSerializer.show(actor, matches),
            "indicators": IndicatorSerializer(project.indicators.all(), many=True).data,
            "periods": PeriodSerializer(periods_of(project), many=True).data,
            "sessions": SessionSerializer(project.sessions.all(), many=True).data,
            **self.page(project),
        }


def _of_project(matches: QuerySet[Match], project: UUID) -> QuerySet[Match]:
    return matches.filter(project=project).order_by("created_at")


# ── Outlines ─────────────────────────────────────────────────────────────────
class OutlineSerializer(serializers.Serializer):
    """What a State, UNOCT and CTED see of a project that is restricted to others."""

    lead = serializers.CharField(allow_null=True, help_text="Slug.")
    themes = serializers.ListField(child=serializers.CharField(), help_text="Codes.")
    first_quarter = serializers.CharField(allow_null=True, help_text="Such as 2026-Q1; null without a start date.")
    last_quarter = serializers.CharField(allow_null=True, help_text="Such as 2026-Q4; null without an end date.")
    focal_points = serializers.ListField(
        child=serializers.CharField(), help_text="Names of the people who act for the lead."
    )

    def to_representation(self, outline: Outline) -> Shown:
        """Return the outline with its codes."""
        return {
            "lead": outline.lead.slug if outline.lead else None,
            "themes": [theme.code for theme in outline.themes],
            "first_quarter": _quarter(outline.first),
            "last_quarter": _quarter(outline.last),
            "focal_points": outline.focal_points,
        }


class OutlinesSerializer(serializers.Serializer):
    """The restricted projects in a State that the reader does not see, in a single page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OutlineSerializer(many=True)


def _quarter(day: date | None) -> str | None:
    return f"{day.year:04}-Q{quarter_number(day)}" if day else None


# ── Bodies ───────────────────────────────────────────────────────────────────
class PartnerWriteSerializer(WriteSerializer):
    """A partner and its role."""

    organisation = CodeField(organisations, "slug", help_text="Slug.")
    role = serializers.ChoiceField(PartyRole.choices)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the pair; both values are required even in a partial update of the project, unlike DRF's default."""
        return required_values(self, super().to_internal_value(data), tuple(self.fields))


class StateShareWriteSerializer(WriteSerializer):
    """The part of a project that a State has."""

    state = CodeField(states, "iso3", help_text="ISO 3166 alpha-3 code; one of the States of the project.")
    percent = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=WHOLE)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the pair; both values are required even in a partial update of the project, unlike DRF's default."""
        return required_values(self, super().to_internal_value(data), tuple(self.fields))


class ProjectWriteSerializer(VersionedWriteSerializer):
    """The body that records a project; texts are in `language`, by default the writer's own."""

    vars().update(
        body_of(
            Project,
            lead={
                "required": False,
                "allow_null": False,
                "help_text": "Slug; by default the only organisation you can lead for.",
            },
            states=STATES,
        )
    )
    partners = PartnerWriteSerializer(many=True, required=False, max_length=MOST)  # type: ignore[call-arg]
    indicators = IndicatorWriteSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_INDICATORS, help_text="All of them: what is left out is removed."
    )
    periods = PeriodWriteSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_PERIODS, help_text="All of them: what is left out is removed."
    )
    sessions = SessionWriteSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_SESSIONS, help_text="All of them: what is left out is removed."
    )
    shares = StateShareWriteSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST,
        help_text="One for each State, which add up to 100, or none. Removed when the States change without them.",
    )  # fmt: skip

    def validate_partners(self, value: list[dict[str, Any]]) -> list[tuple[Any, str]]:
        """Return the partners as pairs, without duplicates."""
        return list(dict.fromkeys((partner["organisation"], partner["role"]) for partner in value))

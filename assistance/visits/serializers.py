"""Serializers of visits and the sections of their reports."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.helpers import lazy_serializer
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assistance import registry
from assistance.access import policy
from assistance.consents.progress import consent_states
from assistance.consents.states import ConsentState
from assistance.needs.models import Need
from assistance.rest.derived import STATES, Vocabulary, body_of, shown_of
from assistance.rest.fields import VersionedWriteSerializer, compact
from assistance.rest.serializers import PageSerializer, Shown, WorkSerializer
from assistance.visits.models import Section, Visit
from assistance.visits.states import VisitStage
from entities.actors import Actor

COMPACT = Vocabulary(compact, "slug", many="Slugs of entities of the Compact.")


class SectionSerializer(WorkSerializer):
    """A numbered section of a visit's report. `visit` is null for a reader who does not see the visit."""

    model = Section
    joins = ("visit__state",)
    parents = {"visit": Visit}

    vars().update(shown_of(Section))
    state = serializers.CharField(help_text="ISO 3166 alpha-3 code.")

    def to_representation(self, section: Section) -> Shown:
        """Return the section as this reader sees it."""
        return {
            **self.head(section),
            "visit": self.parent_id(section, "visit"),
            "state": section.visit.state.iso3,
            "number": section.number,
            **self.texts(section),
        }


class SectionDetailSerializer(SectionSerializer, PageSerializer):
    """One section, with who can see it and its history."""

    def to_representation(self, section: Section) -> Shown:
        """Return the section as its page shows it."""
        return {**super().to_representation(section), **self.page(section)}


REPORT_DAYS = (
    "host_consent_on", "draft_sent_on", "observations_until", "observed_on", "observations_ended_on", "adopted_on",
    "final_sent_on", "reply_by", "replied_on",
)  # fmt: skip


class VisitReportSerializer(serializers.Serializer):
    """How far the report of a visit has come; each is a day, or null."""

    vars().update({name: serializers.DateField(allow_null=True) for name in REPORT_DAYS})


class VisitSerializer(WorkSerializer):
    """An assessment visit. `consent_state` is shown to CTED and to the State, and null for everyone else."""

    model = Visit
    joins = ("state",)
    fetch = ("delegation",)
    parents = {"follows": Visit}

    vars().update(shown_of(Visit, state=STATES, delegation=COMPACT))
    stage = serializers.ChoiceField(
        VisitStage.choices, help_text="By its dates; how far its report has come is told to CTED and the State alone."
    )
    consent_state = serializers.ChoiceField(ConsentState.choices, allow_null=True)
    report = VisitReportSerializer(
        allow_null=True, help_text="The days of its report, for CTED and the State; null for others."
    )

    @classmethod
    def context_for(cls, actor: Actor, rows: list[Any]) -> Shown:
        """Return the data that all rows need besides their own."""
        return {**super().context_for(actor, rows), "consents": consent_states(actor, rows)}

    def to_representation(self, visit: Visit) -> Shown:
        """Return the visit as this reader sees it."""
        told = policy.sees_consents(self.context["actor"], visit.state_id)
        return {
            **self.head(visit),
            "state": visit.state.iso3,
            "kind": visit.kind,
            "mode": visit.mode,
            "starts_on": visit.starts_on,
            "ends_on": visit.ends_on,
            "stage": (visit.stage if told else visit.stage_for_others).value,
            "delegation": sorted(self.organisation_of(key).slug for key in self.keys(visit, "delegation")),
            "follows": self.parent_id(visit, "follows"),
            "priority_needs_agreed_on": visit.priority_needs_agreed_on if told else None,
            "consent_state": self.context["consents"].get(visit.pk),
            "report": {name: getattr(visit, name) for name in REPORT_DAYS} if told else None,
        }


class VisitDetailSerializer(VisitSerializer, PageSerializer):
    """One visit, with those sections and needs of it that the reader sees."""

    sections = SectionSerializer(many=True)
    needs = serializers.SerializerMethodField()

    def to_representation(self, visit: Visit) -> Shown:
        """Return the visit as its page shows it."""
        return {
            **super().to_representation(visit),
            "sections": self.inside(SectionSerializer, visit, "number"),
            "needs": self.get_needs(visit),
            **self.page(visit),
        }

    @extend_schema_field(lazy_serializer("assistance.needs.serializers.NeedSerializer")(many=True))
    def get_needs(self, visit: Visit) -> list[Shown]:
        """Return the needs found at the visit that this reader sees."""
        return self.inside(registry.of(Need).viewset.list_serializer_class, visit, "reference")

    def inside(self, kind: type[WorkSerializer], visit: Visit, *order: str) -> list[Shown]:
        """Return the visible rows of one kind that belong to this visit."""
        actor = self.context["actor"]
        rows: QuerySet[Any] = policy.visible(actor, kind.model)
        languages = self.context["languages"]
        return kind.show(actor, kind.load(actor, rows.filter(visit=visit).order_by(*order), languages), languages)

    @classmethod
    def has_texts(cls) -> bool:
        """Return that sections and needs have texts."""
        return True


# ── Bodies ───────────────────────────────────────────────────────────────────
class VisitWriteSerializer(VersionedWriteSerializer):
    """The body that records a visit."""

    vars().update(body_of(Visit, state=STATES, delegation=COMPACT))


class SectionWriteSerializer(VersionedWriteSerializer):
    """The body that records a section; texts are in `language`, by default the writer's own."""

    vars().update(body_of(Section))

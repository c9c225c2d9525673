"""Serializers of the ordinary way: DRF's ModelSerializer, with the fields that the portal sends."""

from typing import Any

from rest_framework import serializers

from accounts.models import Delivery
from assistance.needs.models import Match, Need
from assistance.projects.models import Party, Project, StateShare
from assistance.projects.states import ROLES_IN
from assistance.workflow.models import Event
from bench import shapes
from bench.floor_rows import LANGUAGES

CONFIRMED = ("accepted", "in_delivery", "delivered")


class Shaped(serializers.ModelSerializer):
    """Leaves out the fields that the portal does not send (`bench.shapes`)."""

    kind = ""
    transitions = serializers.SerializerMethodField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields of the portal's answer. Raises KeyError for one that is not declared."""
        fields = super().get_fields()
        return {name: fields[name] for name in shapes.read()[self.kind]}

    def get_transitions(self, row: Any) -> list[str]:
        """Return nothing: what a reader may do is the work of the portal."""
        return []


class Translated(Shaped):
    """A row with texts in six languages."""

    title_language = serializers.SerializerMethodField(method_name="get_language")
    description_language = serializers.SerializerMethodField(method_name="get_language")
    translations = serializers.SerializerMethodField()

    def get_language(self, row: Any) -> str:
        """Return the language of the text that is shown."""
        return "en" if row.title_en else str(row.language)

    def get_translations(self, row: Any) -> dict[str, dict[str, str]]:
        """Return the texts in all languages."""
        return {
            name: {code: text for code in LANGUAGES if (text := getattr(row, f"{name}_{code}"))}
            for name in ("title", "description")
        }


class MatchSerializer(Shaped):
    """A match."""

    kind = "matches"
    state = serializers.CharField(source="need.state.iso3")
    provider: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Match
        fields = [
            "id", "reference", "version", "created_at", "modified_at", "transitions", "status", "need", "state", "provider",
            "offer", "project", "cycle", "share", "reserved_places", "reserved_expert_days", "reserved_amount", "message",
            "suggested_by_cted",
            "waiting_since", "answer_reason_code", "answer_reason", "delivered_note", "verified_share",
            "outcome", "ended_at", "end_settled_at",
        ]  # fmt: skip


NEED_FIELDS = [
    "id", "reference", "version", "created_at", "modified_at", "transitions", "status", "state", "source", "visit",
    "section", "language", "title", "title_language", "description", "description_language", "translations", "pillar",
    "theme", "instrument", "provision", "beneficiary", "assistance_type", "priority", "priority_reason", "baseline",
    "target", "deadline", "agreed_on", "close_reason", "cycle", "year_answer",
    "coverage", "human_rights", "human_rights_note", "gender", "gender_note",
    "addresses_pve",
]  # fmt: skip


class NeedSerializer(Translated):
    """A need."""

    kind = "needs"
    state: Any = serializers.SlugRelatedField(slug_field="iso3", read_only=True)
    instrument: Any = serializers.SlugRelatedField(slug_field="symbol", read_only=True)
    coverage = serializers.SerializerMethodField()

    class Meta:
        model = Need
        fields = NEED_FIELDS

    def get_coverage(self, need: Need) -> dict[str, int]:
        """Return how much of a need is covered, from its matches, which are prefetched."""
        matches = [match for match in need.matches.all() if match.cycle == need.cycle]
        covers = {m.pk: m.share if m.verified_share is None else m.verified_share for m in matches}
        confirmed = sum(covers[m.pk] for m in matches if m.status in CONFIRMED)
        delivered = [m for m in matches if m.status == "delivered"]
        return {
            "claimed": sum(covers[m.pk] for m in delivered),
            "confirmed": confirmed,
            "verified": sum(m.verified_share or 0 for m in delivered),
            "open": max(0, 100 - confirmed),
        }


class EventSerializer(serializers.ModelSerializer):
    """One event of a history."""

    by = serializers.CharField(source="actor.name", default="")
    organisation = serializers.CharField(source="acting_as.organisation.slug", default=None)

    class Meta:
        model = Event
        fields = ["at", "name", "by", "organisation", "before", "after", "reason", "need", "match"]


class NeedDetailSerializer(NeedSerializer):
    """One need with its matches, projects and history, and the organisations of its audience."""

    kind = shapes.ONE
    matches = serializers.SerializerMethodField()
    projects = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()
    who_can_see = serializers.SerializerMethodField()

    class Meta:
        model = Need
        fields = [*NEED_FIELDS, "matches", "projects", "history", "who_can_see"]

    def get_matches(self, need: Need) -> Any:
        """Return its matches that the reader sees."""
        rows = self.context["visible"](Match.objects.filter(need=need)).select_related("need__state", "provider")
        return MatchSerializer(rows.order_by("created_at"), many=True).data

    def get_projects(self, need: Need) -> Any:
        """Return the ids of its projects that the reader sees."""
        return list(self.context["visible"](Project.objects.filter(needs=need)).values_list("pk", flat=True))

    def get_history(self, need: Need) -> Any:
        """Return its events."""
        return EventSerializer(need.events.select_related("actor", "acting_as__organisation"), many=True).data

    def get_who_can_see(self, need: Need) -> Any:
        """Return the groups to which its audience is granted."""
        return list(need.audience.grants.values_list("group__name", flat=True))


class PartySerializer(serializers.ModelSerializer):
    """An organisation's part in a project."""

    organisation: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    name = serializers.CharField(source="__str__")

    class Meta:
        model = Party
        fields = ["organisation", "name", "role"]


class ShareSerializer(serializers.ModelSerializer[StateShare]):
    """The percentage of one State."""

    state: Any = serializers.SlugRelatedField(slug_field="iso3", read_only=True)

    class Meta:
        model = StateShare
        fields = ["state", "percent"]


class ProjectSerializer(Translated):
    """A project."""

    kind = "projects"
    lead: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    partners = PartySerializer(source="parties", many=True)
    states: Any = serializers.SlugRelatedField(slug_field="iso3", many=True, read_only=True)
    shares = ShareSerializer(many=True)
    phases = serializers.SerializerMethodField()
    is_unconfirmed = serializers.SerializerMethodField()

    def get_phases(self, project: Project) -> dict[str, list[str]]:
        """Return the partners in each phase."""
        partners = [
            (one.role, one.organisation.slug if one.organisation else one.name) for one in project.parties.all()
        ]
        return {phase.value: [name for role, name in partners if role in roles] for phase, roles in ROLES_IN.items()}

    def get_is_unconfirmed(self, project: Project) -> bool:
        """Return whether its lead has not confirmed it for half a year."""
        return project.unconfirmed_since is not None

    class Meta:
        model = Project
        fields = [
            "id", "reference", "version", "created_at", "modified_at", "transitions", "status", "dates_disagree", "language",
            "title", "title_language", "description", "description_language", "translations", "lead", "partners", "phases",
            "shares", "states", "parent", "same_as", "mode",
            "regions", "places", "themes", "needs", "planned_start", "planned_end", "actual_start", "actual_end", "budget",
            "currency", "results", "is_restricted", "iati_identifier", "origin", "imported_at", "confirmed_at",
            "is_unconfirmed", "human_rights",
            "human_rights_note", "gender", "gender_note", "addresses_pve",
        ]  # fmt: skip


class NotificationSerializer(Shaped):
    """One notification."""

    kind = "notifications"
    reference = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = ["id", "message", "text", "reference", "path", "needs_action", "created_at", "read_at", "done_at"]

    def get_reference(self, row: Delivery) -> str:
        """Return the reference number of its object."""
        return str(row.values.get("reference", ""))

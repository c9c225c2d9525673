"""Serializers of who is who; every field is named explicitly, names come in all six languages and in the reader's."""

from typing import Any

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from entities.collation import LANGUAGES, ON_THE_WIRE, in_language
from entities.models import Instrument, Organisation, Pillar, Programme, ProgrammePart, Region, Theme, WorkingGroup

NAMES_SCHEMA = {
    "type": "object",
    "properties": {wire: {"type": "string", "nullable": True} for wire in ON_THE_WIRE.values()},
    "required": list(ON_THE_WIRE.values()),
}


@extend_schema_field(NAMES_SCHEMA)
class NamesField(serializers.Field):
    """A text in the six languages as one object; null where the language has none."""

    def __init__(self, field: str = "name", **kwargs: Any) -> None:
        self.translated = field
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, value: Model) -> dict[str, str | None]:
        """Return code → text."""
        return {ON_THE_WIRE[code]: getattr(value, in_language(self.translated, code)) or None for code in LANGUAGES}


class RegionSerializer(serializers.ModelSerializer[Region]):
    """A region of M49; `parent` is the code of the wider one."""

    names = NamesField()

    class Meta:
        model = Region
        fields = ["code", "name", "names", "parent"]


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation; `region` is its M49 code."""

    acronyms = NamesField("acronym")
    names = NamesField()

    class Meta:
        model = Organisation
        fields = [
            "id",
            "slug",
            "kind",
            "acronym",
            "acronyms",
            "name",
            "names",
            "in_compact",
            "is_donor",
            "iso3",
            "region",
            "website",
            "areas",
            "iati_ref",
            "category",
            "is_demo",
        ]


class MemberStateSerializer(serializers.ModelSerializer[Organisation]):
    """A Member State or an observer State."""

    names = NamesField()

    class Meta:
        model = Organisation
        fields = [
            "id",
            "iso3",
            "iso2",
            "m49",
            "slug",
            "kind",
            "name",
            "names",
            "region",
            "latitude",
            "longitude",
            "is_donor",
            "is_demo",
        ]


class PillarSerializer(serializers.ModelSerializer[Pillar]):
    """A pillar of the Strategy, with its short and its full title."""

    name = serializers.CharField(source="label", read_only=True)
    names = NamesField("title")
    short_names = NamesField("short")

    class Meta:
        model = Pillar
        fields = ["code", "order", "name", "title", "names", "short_names"]


class ThemeSerializer(serializers.ModelSerializer[Theme]):
    """A theme; `pillar` is null for one that cuts across all four."""

    names = NamesField()

    class Meta:
        model = Theme
        fields = ["code", "name", "names", "pillar", "main_resolutions", "dac5_sector"]


class InstrumentSerializer(serializers.ModelSerializer[Instrument]):
    """A resolution, convention or document of good practice."""

    name = serializers.CharField(source="label", read_only=True)
    subjects = NamesField("subject")

    class Meta:
        model = Instrument
        fields = ["slug", "symbol", "name", "kind", "number", "year", "subject", "subjects", "topic", "nature"]


class ProgrammePartSerializer(serializers.ModelSerializer[ProgrammePart]):
    """The part of an organization in a programme."""

    organisation: "serializers.SlugRelatedField[Organisation]" = serializers.SlugRelatedField(
        slug_field="slug", read_only=True
    )

    class Meta:
        model = ProgrammePart
        fields = ["organisation", "role"]


class ProgrammeSerializer(serializers.ModelSerializer[Programme]):
    """A standing programme, its texts as published; `parts` are the roles of organizations, where they are known."""

    names = NamesField()
    parts = ProgrammePartSerializer(many=True, read_only=True)

    class Meta:
        model = Programme
        fields = [
            "code",
            "name",
            "names",
            "lead",
            "partners",
            "parts",
            "themes",
            "start",
            "beneficiaries",
            "donors",
            "capacity_consultations",
        ]


class WorkingGroupSerializer(serializers.ModelSerializer[WorkingGroup]):
    """A working group of the Compact; `members` are slugs of organisations."""

    names = NamesField()
    members: "serializers.SlugRelatedField[Organisation]" = serializers.SlugRelatedField(
        slug_field="slug", many=True, read_only=True
    )

    class Meta:
        model = WorkingGroup
        fields = ["slug", "name", "names", "pillar", "members", "chairs"]

"""An entry of the access log on the wire."""

from typing import Any

from rest_framework import serializers

from assistance.accesses import Line
from audit.kinds import Kind
from entities.appointments import is_coordinator


class RecordOut(serializers.Serializer):
    """A record an entry is about."""

    subject = serializers.CharField(source="key", help_text="Kind and id.")
    reference = serializers.CharField()


class EntryOut(serializers.Serializer):
    """One entry; how and from where is told to coordinators only, empty for others."""

    id = serializers.IntegerField(source="entry.pk")
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(Kind.choices, source="entry.kind")
    who = serializers.CharField(help_text="Name at that time; empty where nobody was signed in.")
    viewed_by = serializers.CharField(help_text="Who really looked, where `who` was only viewed as; else empty.")
    organisations = serializers.ListField(child=serializers.CharField())
    records = RecordOut(many=True)
    withheld = serializers.IntegerField(help_text="Further records in it that you may not read.")
    door = serializers.CharField()
    address = serializers.IPAddressField(allow_null=True)
    credential = serializers.CharField()
    detail = serializers.CharField()

    def to_representation(self, line: Line) -> dict[str, Any]:
        """Return the entry as this reader may see it."""
        coordinates = is_coordinator(self.context["actor"])
        return {
            "id": line.entry.pk,
            "at": line.at,
            "kind": line.entry.kind,
            "who": line.who,
            "viewed_by": line.viewed_by,
            "organisations": list(line.organisations),
            "records": [{"subject": record.key, "reference": record.reference} for record in line.records],
            "withheld": line.withheld,
            "door": line.route or str(line.door),
            "address": line.entry.address if coordinates else None,
            "credential": line.entry.credential if coordinates else "",
            "detail": line.detail,
        }

"""Serializers of the access log."""

from typing import Any

from django.utils.crypto import salted_hmac
from rest_framework import serializers

from assistance.audit_log.queries import Line
from audit.kinds import Kind
from audit.models import Entry
from entities.appointments import is_coordinator


def opaque(entry: Entry) -> str:
    """Return an opaque id of an entry: its number would disclose to a State how many entries concern others."""
    return salted_hmac("access-log", str(entry.pk), algorithm="sha256").hexdigest()[:32]


class RecordSerializer(serializers.Serializer):
    """A record an entry is about."""

    subject = serializers.CharField(source="key", help_text="Kind and id.")
    reference = serializers.CharField()


class EntrySerializer(serializers.Serializer):
    """One entry. Number, route, address, credential and detail are shown to coordinators only, and empty for others."""

    id = serializers.CharField(help_text="Stays the same, and tells nothing of what else is in the log.")
    number = serializers.IntegerField(allow_null=True, help_text="Its place among all entries.")
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(Kind.choices, source="entry.kind")
    who = serializers.CharField(help_text="Name at that time; empty where nobody was signed in.")
    viewed_by = serializers.CharField(help_text="Who really looked, where `who` was only viewed as; else empty.")
    organisations = serializers.ListField(child=serializers.CharField())
    records = RecordSerializer(many=True)
    withheld = serializers.IntegerField(help_text="Further records in it that you may not read.")
    interface = serializers.CharField()
    address = serializers.IPAddressField(allow_null=True)
    credential = serializers.CharField()
    detail = serializers.CharField()

    def to_representation(self, line: Line) -> dict[str, Any]:
        """Return the entry as this reader may see it."""
        coordinates = is_coordinator(self.context["actor"])
        return {
            "id": opaque(line.entry),
            "number": line.entry.pk if coordinates else None,
            "at": line.at,
            "kind": line.entry.kind,
            "who": line.who,
            "viewed_by": line.viewed_by,
            "organisations": list(line.organisations),
            "records": [{"subject": record.key, "reference": record.reference} for record in line.records],
            "withheld": line.withheld,
            "interface": line.route or str(line.interface),
            "address": line.entry.address if coordinates else None,
            "credential": line.entry.credential if coordinates else "",
            "detail": line.detail,
        }

"""Serializers of returned spreadsheets, and of what they would change."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import Line
from assistance.rest.fields import VersionedWriteSerializer, WriteSerializer
from assistance.rest.serializers import PageSerializer, Shown, WorkSerializer
from assistance.spreadsheets.decisions import about_spreadsheet
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.preview import NOW, YOURS, Preview
from assistance.spreadsheets.states import SpreadsheetStatus


class SpreadsheetCellSerializer(serializers.Serializer):
    """A cell that was changed. Values are codes, keys and days as the API writes them."""

    address = serializers.CharField(help_text="For example F9.")
    field = serializers.CharField(help_text="The name of the field.")
    old = serializers.CharField(help_text="What stood there when it was downloaded.")
    yours = serializers.CharField(help_text="What was entered.")
    now = serializers.CharField(help_text="What stands in the portal now.")
    result = serializers.ChoiceField(["change", "conflict", "refused"])
    why = serializers.CharField(help_text="Why it is refused, in the language of the request.")


class SpreadsheetLineSerializer(serializers.Serializer):
    """A row of the spreadsheet with changes."""

    number = serializers.IntegerField(help_text="Its number in the spreadsheet.")
    key = serializers.UUIDField(allow_null=True, help_text="The record for which it stands; null for one that is new.")
    result = serializers.ChoiceField(["change", "conflict", "refused"])
    why = serializers.ListField(child=serializers.CharField())
    cells = SpreadsheetCellSerializer(many=True)


class SpreadsheetPreviewSerializer(serializers.Serializer):
    """What a spreadsheet would change. Send `seen` back with the step `apply`."""

    seen = serializers.CharField()
    unchanged = serializers.IntegerField(help_text="How many rows change nothing; they are not listed.")
    notes = serializers.ListField(child=serializers.CharField(), help_text="In the language of the request.")
    rows = SpreadsheetLineSerializer(many=True)

    def to_representation(self, found: Preview) -> Shown:
        """Return the changes by row."""
        return {
            "seen": found.digest,
            "unchanged": found.unchanged,
            "notes": found.notes,
            "rows": [
                {
                    "number": row.number,
                    "key": row.row and row.row.key,
                    "result": row.outcome,
                    "why": row.why,
                    "cells": [
                        {
                            "address": cell.address, "field": cell.column.name, "old": cell.old, "yours": cell.yours,
                            "now": cell.now, "result": cell.outcome, "why": cell.why,
                        }
                        for cell in row.cells
                    ],
                }
                for row in found.rows
            ],
        }  # fmt: skip


class SpreadsheetSerializer(WorkSerializer):
    """A returned spreadsheet, for the organization that returned it."""

    model = Spreadsheet
    joins = ("organisation",)

    status = serializers.ChoiceField(SpreadsheetStatus.choices)
    sheet = serializers.CharField(help_text="The kind of table, for example reply.")
    about = serializers.CharField(source="about_reference", help_text="The reference of what the table is about.")
    number = serializers.CharField(help_text="The number that stands in the spreadsheet.")
    organisation = serializers.CharField(help_text="Slug.")
    changed = serializers.IntegerField(help_text="How many cells were applied.")

    def to_representation(self, row: Spreadsheet) -> Shown:
        """Return the spreadsheet without what was entered in it."""
        return {
            **self.head(row),
            "status": row.status,
            "sheet": row.sheet,
            "about": row.about_reference,
            "number": row.number,
            "organisation": row.organisation.slug,
            "changed": row.changed,
        }


class SpreadsheetDetailSerializer(SpreadsheetSerializer, PageSerializer):
    """One returned spreadsheet, with what it would change."""

    preview = SpreadsheetPreviewSerializer(
        allow_null=True, help_text="Null once it is applied or discarded, or if you no longer see what it is about."
    )

    def to_representation(self, row: Spreadsheet) -> Shown:
        """Return the spreadsheet as its page shows it."""
        found = about_spreadsheet(self.context["actor"], row)["changes"]
        shown: Any = SpreadsheetPreviewSerializer(found).data if found else None
        return {**super().to_representation(row), "preview": shown, **self.page(row)}


# ── Bodies ───────────────────────────────────────────────────────────────────
class SpreadsheetWriteSerializer(WriteSerializer):
    """A spreadsheet that was downloaded and filled in."""

    file = serializers.FileField(allow_empty_file=True)


class ApplyWriteSerializer(VersionedWriteSerializer):
    """What applies where somebody else changed the same cell meanwhile."""

    choices = serializers.DictField(
        child=serializers.ChoiceField([YOURS, NOW]),
        required=False,
        help_text="By the address of each cell in conflict.",
    )
    seen = Line(
        required=False,
        allow_blank=True,
        max_length=16,
        help_text="From the preview; 409 when the records have changed since.",
    )
    leave_refused = serializers.BooleanField(required=False, help_text="Apply the others without the refused rows.")

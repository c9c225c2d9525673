"""Corrections that readers propose of single fields of a row, as the API sends and takes them."""

from typing import Any, ClassVar

from rest_framework import serializers

from assistance.rest.fields import Prose, WriteSerializer
from assistance.rest.serializers import Shown, WorkSerializer


class ProposedCorrectionSerializer(WorkSerializer):
    """A change of one field of a row. A subclass adds the key of the row, named `subject_key`, `field` and `status`."""

    subject_key: ClassVar[str]

    was = serializers.CharField(help_text="What the field said when it was proposed.")
    proposed = serializers.CharField()
    why = serializers.CharField()
    proposed_by = serializers.CharField(help_text="Slug of the organisation.")

    def to_representation(self, row: Any) -> Shown:
        """Return the correction as this reader sees it."""
        return {
            **self.head(row),
            self.subject_key: getattr(row, f"{row.subject_name}_id"),
            "field": row.field,
            "was": row.was,
            "proposed": row.proposed,
            "why": row.why,
            "status": row.status,
            "answer": row.answer,
            "proposed_by": row.proposed_as.organisation.slug,
        }


class ProposedCorrectionWriteSerializer(WriteSerializer):
    """The whole entry of a field as it should be, and why. A subclass adds `field` with its choices."""

    proposed = Prose(allow_blank=True)
    why = Prose()

"""Spreadsheets that were filled in and returned."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from assistance.access.models import Restricted, Versioned
from assistance.spreadsheets.states import SpreadsheetStatus
from assistance.workflow.references import new_reference
from entities.models import Organisation


def spreadsheet_reference() -> str:
    """Return a new reference of a returned spreadsheet."""
    return new_reference("SR")


class Spreadsheet(Restricted, Versioned):
    """A returned spreadsheet, seen by the organization that returned it.

    `content` is what stands in the file (`reading.py`); it is deleted once the spreadsheet is applied or discarded.
    """

    texts = ("content",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=spreadsheet_reference, editable=False
    )
    sheet = models.CharField(max_length=40, editable=False, help_text="The kind of table (`SheetSpec.name`).")
    about = models.UUIDField(editable=False, help_text="The key of the row that the table is about.")
    about_reference = models.CharField(max_length=12, editable=False)
    number = models.CharField(max_length=12, editable=False, help_text="The number that stands in the spreadsheet.")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    content = models.JSONField(default=dict, editable=False)
    status = models.CharField(
        pgettext_lazy("field", "status"),
        max_length=10,
        choices=SpreadsheetStatus,
        default=SpreadsheetStatus.RECEIVED,
        editable=False,
    )
    changed = models.PositiveIntegerField(default=0, editable=False, help_text="How many cells were applied.")

    class Meta:
        verbose_name = pgettext_lazy("model", "returned spreadsheet")
        verbose_name_plural = pgettext_lazy("model", "returned spreadsheets")
        ordering = ["-modified_at", "-id"]
        indexes = [models.Index(fields=["-modified_at", "-id"], name="spreadsheet_list")]

    def __str__(self) -> str:
        return self.reference

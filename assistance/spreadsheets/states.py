"""The statuses and transitions of returned spreadsheets: data only."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table

KEPT = 14  # days for which a returned spreadsheet waits to be applied
OLD = 90  # days after which a spreadsheet is read with a warning


class SpreadsheetStatus(TextChoices):
    """Whether the changes of a returned spreadsheet have been made."""

    RECEIVED = "received", pgettext_lazy("spreadsheet status", "Not yet applied")
    APPLIED = "applied", pgettext_lazy("spreadsheet status", "Applied")
    DISCARDED = "discarded", pgettext_lazy("spreadsheet status", "Discarded")


SPREADSHEET = table(
    Transition(
        "apply", pgettext_lazy("button", "Apply changes"), _("The changes are made in your name, all of them or none."),
        (SpreadsheetStatus.RECEIVED,), "returner", "spreadsheet_applied", tone="primary", needs_proof=True, is_task=True,
    ),
    Transition(
        "discard", pgettext_lazy("button", "Discard spreadsheet"),
        _("Nothing is changed. What was entered in the file is deleted here."),
        (SpreadsheetStatus.RECEIVED,), "returner", "spreadsheet_discarded",
    ),
)  # fmt: skip

SPREADSHEET_STYLES: Mapping[str, tuple[str, str]] = {
    "received": ("warning", "clock"),
    "applied": ("success", "check"),
    "discarded": ("neutral", "x-circle"),
}

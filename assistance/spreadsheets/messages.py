"""The events of returned spreadsheets. Nobody is told of them: what they change is told of by its own events."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: Mapping[str, str | Promise] = {
    "spreadsheet_returned": _("Spreadsheet returned"),
    "spreadsheet_applied": _("Changes of the spreadsheet applied"),
    "spreadsheet_discarded": _("Spreadsheet discarded"),
    "spreadsheet_expired": _("Spreadsheet deleted because it was not applied in time"),
}

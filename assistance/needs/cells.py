"""Cells of the lists of needs and matches."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assistance.pages import cells as page_cells
from web import cells, markup
from web.templatetags.ui import coverage_line_tag


def status(row: Any, field: str, value: Any) -> str:
    """Return the badge of the status of a need, with the number of its cycle if it was reopened."""
    badge = page_cells.badge(row, field, value)
    if row.cycle == 1:
        return badge
    return format_html("{} <small>{}</small>", badge, _("Cycle %(number)s") % {"number": row.cycle})


def coverage(row: Any, field: str, value: Any) -> str:
    """Return how much of a need is covered."""
    return coverage_line_tag(row.claimed, row.confirmed, row.verified)


def needed_by(row: Any, field: str, value: Any) -> str:
    """Return the day by which a need has to be met, marked when it has passed."""
    if not value:
        return cells.NOTHING
    day = cells.time_tag(value, "Y-m-d", "SHORT_DATE_FORMAT")
    if not row.is_overdue:
        return day
    late = '<span class="late">{}<span class="visually-hidden">{}</span>{}</span>'
    return format_html(late, markup.icon("exclamation-triangle"), markup.labelled(pgettext("deadline", "Overdue")), day)


def of_need(row: Any, field: str, value: Any) -> str:
    """Return a link to a match by the title of its need."""
    return cells.titled(row, row.need, "title")

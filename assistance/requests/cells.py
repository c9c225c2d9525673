"""Cells of the list of requests."""

from typing import Any

from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.translation import pgettext

from assistance.requests.waiting import age_of
from web import cells, markup


def comes_next(row: Any, field: str, value: Any) -> str:
    """Return what a request waits for, marked when the day for it has passed."""
    if row.waits is None or not row.waits.is_late:
        return format_html("{}", row.sentence)
    late = '<span class="late">{}<span class="visually-hidden">{}</span>{}</span>'
    return format_html(
        late, markup.icon("exclamation-triangle"), markup.labelled(pgettext("deadline", "Overdue")), row.sentence
    )


def actions(row: Any, field: str, value: Any) -> str:
    """Return what the reader can do about a request, as links."""
    links = (
        (link.url, "btn-primary" if link.tone == "primary" else "btn-outline-primary", link.label)
        for link in row.actions
    )
    return format_html_join(" ", '<a class="btn btn-sm {1}" href="{0}">{2}</a>', links)


def age(row: Any, field: str, value: Any) -> str:
    """Return how many days ago a request was submitted."""
    days = age_of(row)
    return cells.NOTHING if days is None else localize(days)


def day(row: Any, field: str, value: Any) -> str:
    """Return a day."""
    return cells.time_tag(value, "Y-m-d", "SHORT_DATE_FORMAT") if value else cells.NOTHING

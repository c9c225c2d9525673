"""Cells of the list of assessments."""

from typing import Any

from django.utils.html import format_html

from web import cells


def line(row: Any, field: str, value: Any) -> str:
    """Return the title of an assessment as a link where the reader sees it, else its type as a link to its line."""
    if row.text is not None:
        return cells.titled(row.text, row.text, "title")
    return format_html('<a class="row-title" href="{}">{}</a>', row.get_absolute_url(), row.get_kind_display())

"""Cells that lists of several aggregates have, beside those of `web/cells.py`."""

from typing import Any

from assistance.templatetags.styles import state_badge, style_badge


def badge(row: Any, field: str, value: Any) -> str:
    """Return the badge of a choice field."""
    return state_badge(row, field)


def style(row: Any, field: str, value: Any) -> str:
    """Return the badge of a state that is not a column."""
    return style_badge(value, value.label) if value else "–"

"""Template tags for statuses: a badge with label, colour and icon from the registry."""

from typing import Any

from django import template
from django.db.models import Model

from assistance import registry

register = template.Library()


@register.inclusion_tag("components/badge.html")
def state_badge(row: Model, field: str) -> dict[str, Any]:
    """Return the badge of a row's choice field, for example ``{% state_badge need "status" %}``.

    A row may show another value than the one stored: `shown_status` is the value and its label.
    """
    stored = (getattr(row, field), getattr(row, f"get_{field}_display")())
    return style_badge(*getattr(row, f"shown_{field}", stored))


@register.inclusion_tag("components/badge.html")
def style_badge(value: str, label: object) -> dict[str, Any]:
    """Return the badge of a state that is not a column, from its value and label."""
    tone, icon = registry.styles()[str(value)]
    return {"label": label, "tone": tone, "icon": icon}

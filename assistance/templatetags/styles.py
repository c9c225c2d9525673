"""Template tags for statuses: a badge with label, colour and icon from the registry."""

from django import template
from django.db.models import Model
from django.utils.safestring import SafeString

from assistance import registry
from web.markup import badge

register = template.Library()


@register.simple_tag
def state_badge(row: Model, field: str) -> SafeString:
    """Return the badge of a row's choice field, for example ``{% state_badge need "status" %}``.

    A row may show another value than the one stored: `shown_status` is the value and its label.
    """
    stored = (getattr(row, field), getattr(row, f"get_{field}_display")())
    return style_badge(*getattr(row, f"shown_{field}", stored))


@register.simple_tag
def style_badge(value: str, label: object) -> SafeString:
    """Return the badge of a state that is not a column, from its value and label."""
    tone, icon = registry.styles()[str(value)]
    return badge(label, tone, icon)

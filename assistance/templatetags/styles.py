"""Template tags for statuses: a badge with label, colour and icon from the registry."""

from functools import lru_cache
from typing import Any

from django import template
from django.db.models import Model
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from assistance import registry
from web.markup import badge

register = template.Library()


@register.simple_tag
def state_badge(row: Model, field: str) -> SafeString:
    """Return the badge of a row's choice field, for example ``{% state_badge need "status" %}``.

    A row may show another value than the one stored: `shown_status` is the value and its label.
    """
    shown = getattr(row, f"shown_{field}", None)
    return style_badge(*shown) if shown else _badge(type(row), field, getattr(row, field), get_language())


@lru_cache(maxsize=4096)
def _badge(model: type[Model], field: str, value: Any, language: str) -> SafeString:
    """Return the badge of a value in the active language; finding its label takes as long as the rest of a cell."""
    choices: Any = model._meta.get_field(field)
    return style_badge(value, dict(choices.flatchoices).get(value, value))


@register.simple_tag
def style_badge(value: str, label: object) -> SafeString:
    """Return the badge of a state that is not a column, from its value and label."""
    tone, icon = registry.styles()[str(value)]
    return badge(label, tone, icon)

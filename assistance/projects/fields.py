"""Form fields of projects."""

from typing import Any

from django.utils.html import format_html

from assistance.needs.models import Need
from assistance.pages.fields import TicksField
from web.translated_text import localized


class NeedsField(TicksField):
    """Needs by reference and title. Empty until the form sets the needs its actor sees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "queryset": Need.objects.none()})

    def label_from_instance(self, obj: Any) -> str:
        title = localized(obj, "title")
        return format_html(
            '<bdi dir="ltr">{}</bdi> · <span lang="{}" dir="{}">{}</span>',
            obj.reference, title.language, title.direction, title.value,
        )  # fmt: skip

"""Form fields of projects."""

from typing import Any

from django import forms
from django.utils.html import format_html

from assistance.needs.models import Need
from assistance.pages.fields import LongTicks
from web.translated_text import localized


class NeedsField(forms.ModelMultipleChoiceField):
    """Needs by reference and title. Empty until the form sets the needs its actor sees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Need.objects.none(), widget=LongTicks, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        title = localized(obj, "title")
        return format_html(
            '<bdi dir="ltr">{}</bdi> · <span lang="{}" dir="{}">{}</span>',
            obj.reference, title.language, title.direction, title.value,
        )  # fmt: skip

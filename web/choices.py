"""Lists to choose from: a long one has a field that narrows it, with JavaScript at once, without it by a button."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import strip_tags

LONG = 12  # entries from which a list can be narrowed
NARROW = "narrow"  # the step of a form that is sent only to narrow its lists


def folded(text: object) -> str:
    """Return a text without case, accents and widths, as it is compared here and in portal.js."""
    parts = unicodedata.normalize("NFKD", str(text).casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


class Narrowed(forms.widgets.ChoiceWidget):
    """Shared by the lists: the text by which the reader narrows it, and the entries that contain it."""

    wanted = ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        self.wanted = str(data.get(f"{name}_filter") or "")
        return super().value_from_datadict(data, files, name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        groups = context["widget"]["optgroups"]
        context["widget"]["is_long"] = sum(len(options) for _group, options, _index in groups) > LONG
        context["widget"]["wanted"] = self.wanted
        if self.wanted:
            context["widget"]["optgroups"] = list(filter(None, (self._narrow(group) for group in groups)))
        return context

    def _narrow(self, group: tuple[Any, list[Any], int]) -> tuple[Any, list[Any], int] | None:
        """Return a group with the entries that contain the text, those that are chosen and the empty one."""
        name, options, index = group
        wanted = folded(self.wanted)
        found = [
            option
            for option in options
            if option["selected"]
            or not option["value"]
            or wanted in folded(strip_tags(f"{name or ''} {option['label']}"))
        ]
        return (name, found, index) if found else None


class ListSelect(Narrowed, forms.Select):
    """A list of which one entry is chosen. `marks` are attributes of single entries, by value."""

    template_name = "django/forms/widgets/list_select.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marks: dict[str, dict[str, str]] = {}
        self.button: Any = ""  # of a list on which another depends: it shows the other anew

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["button"] = self.button
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"] |= self.marks.get(str(value), {})
        return option


def make_narrowable(field: forms.Field) -> None:
    """Give a field with a plain list the one that can be narrowed."""
    if type(field.widget) is not forms.Select or not isinstance(field, forms.ChoiceField):
        return
    new = ListSelect(attrs=field.widget.attrs, choices=field.widget.choices)
    new.is_required = field.widget.is_required
    field.widget = new

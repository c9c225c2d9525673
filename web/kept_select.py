"""A list to choose from whose options are rendered once for each version of the reference lists, not for each page."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from web.kept import Kept

_options: Kept[str] = Kept()


class KeptSelect(forms.Select):
    """A select with the entries of a reference list, the same for all readers.

    The page names the version of the lists; `key` says which list it is. Without a version it is an ordinary select.
    """

    version: UUID | None = None
    key: tuple[str, ...] = ()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the element as Django renders it, with the option of the value selected."""
        if self.version is None:
            return super().render(name, value, attrs, renderer)
        options = _options.get(
            self.version, (*self.key, get_language()), lambda: _inside(super(KeptSelect, self).render(name, [], None, renderer))
        )  # fmt: skip
        choices, self.choices = self.choices, []
        empty = str(super().render(name, value, attrs, renderer))
        self.choices = choices
        chosen = f'<option value="{conditional_escape(self.format_value(value)[0])}"'
        whole = empty.replace(_inside(empty), options.replace(f"{chosen}>", f"{chosen} selected>", 1), 1)
        return SafeString(whole)  # parts of what Django's own templates have rendered


def _inside(element: str) -> str:
    """Return what stands between the tags of an element."""
    return str(element)[element.index(">") + 1 : element.rindex("<")]

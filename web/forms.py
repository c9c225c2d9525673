"""The base class of all forms that call a function of the domain, and fields that they share."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.forms.models import fields_for_model
from django.utils.formats import localize
from django.utils.translation import gettext

from web.exceptions import Conflict, Invalid


class DomainForm(forms.Form):
    """A form whose errors also come from the function that it calls."""

    def add_errors(self, error: Invalid) -> None:
        """Add the errors of a domain rule to their fields; errors at unknown fields become errors of the form."""
        for name, texts in error.errors.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))

    def add_conflict(self, error: Conflict) -> None:
        """Add an error about the present state to the whole form."""
        self.add_error(None, str(error))

    def differences(self, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the fields whose stored and submitted values differ, as rows of label, yours and theirs."""
        return compare(self, theirs, yours)


class PlainText(forms.CharField):
    """A longer text. CharField refuses NUL bytes; Windows line endings are converted."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class DateInput(forms.DateInput):
    """The date picker of the browser."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def fields_of(model: type[Model], *names: str, **labels: Any) -> dict[str, forms.Field]:
    """Return form fields of a model by name, with the browser's date picker for dates."""
    found = fields_for_model(model, fields=names, labels=labels or None)
    for field in found.values():
        if isinstance(field, forms.DateField):
            field.widget = DateInput()
    return found


def compare(form: forms.Form, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields that differ as rows, for the page that shows both texts side by side."""
    rows = []
    for name, mine in yours.items():
        field = form.fields.get(name)
        if field is None or theirs.get(name) == mine:
            continue
        row = {"label": field.label or name, "yours": shown(mine, field), "theirs": shown(theirs.get(name), field)}
        if row["yours"] != row["theirs"]:
            rows.append(row)
    return rows


def shown(value: Any, field: forms.Field | None = None) -> str:
    """Return a value as text for display: labels for codes, dates and numbers in the reader's format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(sorted(shown(part, field) for part in value))
    coded = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
    words = dict(getattr(field, "choices", ())) if coded else {}
    return str(words.get(value, localize(value)))

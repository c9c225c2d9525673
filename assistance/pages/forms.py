"""Base classes of the forms of all aggregates."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model
from django.forms.models import fields_for_model
from django.utils.formats import localize
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from entities.actors import Actor
from web.exceptions import Invalid
from web.translated_text import localized


class PlainText(forms.CharField):
    """A longer text. CharField refuses NUL bytes; Windows line endings are converted."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


def fields_of(model: type[Model], *names: str, **labels: Any) -> dict[str, forms.Field]:
    """Return form fields of a model by name, with the browser's date picker for dates."""
    found = fields_for_model(model, fields=names, labels=labels or None)
    for field in found.values():
        if isinstance(field, forms.DateField):
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return found


class ActorForm(forms.Form):
    """A form filled in by an actor: choices of rows come from policy, so hidden rows are not among the choices."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, instance: Any = None, **kwargs: Any) -> None:
        self.actor, self.instance = actor, instance
        super().__init__(*args, **kwargs)
        if instance is not None:
            self.initial = {**self.initial_of(instance), **self.initial}
        self.narrow()

    def narrow(self) -> None:
        """Limit choices to what the actor may choose; subclasses override it."""

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the initial values for a row being edited: texts in the row's own language."""
        values: dict[str, Any] = {}
        for name in self.fields:
            if not hasattr(instance, name) or isinstance(self.fields[name], forms.FileField):
                continue  # a stored file is not an uploaded file
            if name in getattr(self, "texts", ()):
                values[name] = localized(instance, name, instance.language).value
            elif isinstance(self.fields[name], forms.ModelMultipleChoiceField):
                values[name] = list(getattr(instance, name).all())
            else:
                values[name] = getattr(instance, name)
        return values

    @property
    def values(self) -> dict[str, Any]:
        """Return the cleaned data for a transition, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def differences(self, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the fields whose stored and submitted values differ, as rows of label, yours and theirs."""
        return compare(self, theirs, yours)

    def take(self, error: Invalid) -> None:
        """Add the errors of a domain rule to their fields; errors at unknown fields become errors of the form."""
        for name, texts in error.errors.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))


class RecordForm(ActorForm):
    """A form that records or edits a row written in one of the six languages."""

    texts: tuple[str, ...] = ("title", "description")
    language = forms.ChoiceField(
        label=_("Language of this text"),
        choices=settings.LANGUAGES,
        help_text=_("Readers in other languages see it marked with this language."),
    )

    def narrow(self) -> None:
        if self.instance is None:
            self.initial.setdefault("language", get_language() or settings.LANGUAGE_CODE)


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


class EmptyForm(ActorForm):
    """The form of a transition that needs only confirmation."""

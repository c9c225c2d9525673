"""Base classes of the forms of all aggregates."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assistance.access.models import Restricted
from assistance.pages.fields import name_in_words
from entities.actors import Actor
from web.forms import DomainForm
from web.translated_text import localized


def _is_restricted(field: forms.ModelChoiceField) -> bool:
    return field.queryset is not None and issubclass(field.queryset.model, Restricted)


class ActorForm(DomainForm):
    """A form filled in by an actor: choices of rows come from policy, so hidden rows are not among the choices."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, instance: Any = None, **kwargs: Any) -> None:
        self.actor, self.instance = actor, instance
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and _is_restricted(field):
                name_in_words(field)
        if instance is not None:
            self.initial = {**self.initial_of(instance), **self.initial}

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the initial values for a row being edited: texts in the row's own language."""
        values: dict[str, Any] = {}
        for name in self.fields:
            if not hasattr(instance, name) or isinstance(self.fields[name], forms.FileField):
                continue  # a stored file is not an uploaded file
            if name in getattr(instance, "translated", ()):
                values[name] = localized(instance, name, instance.language).value
            elif isinstance(self.fields[name], forms.ModelMultipleChoiceField):
                values[name] = list(getattr(instance, name).all())
            else:
                values[name] = getattr(instance, name)
        return values

    def values_and_version(self) -> tuple[dict[str, Any], int | None]:
        """Return the cleaned values, and apart from them the version of the row that the user has read."""
        values = dict(self.cleaned_data)
        return values, values.pop("version", None)


class RecordForm(ActorForm):
    """A form that records or edits a row written in one of the six languages."""

    language = forms.ChoiceField(
        label=_("Language of this text"),
        choices=settings.LANGUAGES,
        help_text=_("Readers in other languages see it marked with this language."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance is None:
            self.initial.setdefault("language", get_language() or settings.LANGUAGE_CODE)


class EmptyForm(ActorForm):
    """The form of a transition that needs only confirmation."""

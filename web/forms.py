"""The base class of all forms that call a function of the domain, and fields that they share."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.models import fields_for_model
from django.forms.utils import ErrorDict
from django.utils.formats import localize, number_format
from django.utils.translation import ngettext, pgettext

from web import dates
from web.choices import Narrowed, make_narrowable
from web.date_fields import DayField
from web.exceptions import Conflict, Invalid
from web.lists import enumerated
from web.phrases import sentences_lazy
from web.texts import TEXT_MAX, normal_line, normal_text

DASHES = BLANK_CHOICE_DASH[0][1]
NOTHING = "—"  # the first entry of a list where nothing is chosen


class DomainForm(forms.Form):
    """A form whose errors also come from the function that it calls.

    The most characters of a text are said beside its field. A browser does not enforce them (`maxlength`): it would cut
    off what is pasted without a word.
    """

    groups: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()  # headings and the fields under them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            say_limit(field)
            name_nothing(field)
            make_narrowable(field)

    @property
    def field_groups(self) -> list[tuple[Any, list[BoundField]]]:
        """The visible fields under the headings of `groups`; those named nowhere stand in the last group.

        A name that ends with an underscore stands for all fields that begin with it.
        """
        found: list[tuple[Any, list[BoundField]]] = [(heading, []) for heading, _names in self.groups or [("", ())]]
        for bound in self.visible_fields():
            at = (n for n, (_heading, names) in enumerate(self.groups) if _is_named(bound.name, names))
            found[next(at, -1)][1].append(bound)
        return found

    @property
    def has_lists(self) -> bool:
        """Whether it has lists that can be narrowed, whose buttons must not be the one that Enter presses."""
        return any(isinstance(field.widget, Narrowed) for field in self.fields.values())

    def show_as_typed(self) -> None:
        """Show what was typed without checking it."""
        self._errors = ErrorDict(renderer=self.renderer)

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


def _is_named(field: str, names: Iterable[str]) -> bool:
    return any(field == name or (name.endswith("_") and field.startswith(name)) for name in names)


def name_nothing(field: forms.Field | None) -> None:
    """Give the entry of a list that chooses nothing the sign of the portal, where it has the dashes of Django."""
    if isinstance(field, forms.ModelChoiceField) and field.empty_label == DASHES:
        field.empty_label = NOTHING
    elif isinstance(field, forms.TypedChoiceField):
        field.choices = [(value, NOTHING if label == DASHES else label) for value, label in field.choices]  # type: ignore[misc, union-attr]


def say_limit(field: forms.Field) -> None:
    """Add the most characters of a text to the help of its field, and let the browser send a longer one."""
    typed = isinstance(field, forms.CharField) and isinstance(field.widget, forms.Textarea | forms.TextInput)
    if not typed or not field.max_length:  # type: ignore[attr-defined]
        return
    if type(field) not in (forms.CharField, Line, PlainText):
        return  # of addresses and numbers nobody counts the characters
    field.widget.attrs.pop("maxlength", None)
    most = field.max_length  # type: ignore[attr-defined]
    limit = ngettext("At most %(count)s character.", "At most %(count)s characters.", most)
    limit %= {"count": number_format(most, force_grouping=True)}
    field.help_text = sentences_lazy(field.help_text, limit)


class Line(forms.CharField):
    """A text of one line in its normal form (web/texts.py). CharField refuses NUL bytes."""

    def to_python(self, value: Any) -> Any:
        """Return the normal form, or the empty value of the field if nothing of the text can be seen."""
        text = super().to_python(value)
        return normal_line(text) or self.empty_value if isinstance(text, str) else text


class PlainText(forms.CharField):
    """A longer text in its normal form (web/texts.py). CharField refuses NUL bytes."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "max_length": kwargs.get("max_length") or TEXT_MAX})

    def to_python(self, value: Any) -> Any:
        """Return the normal form, or the empty value of the field if nothing of the text can be seen."""
        text = super().to_python(value)
        return normal_text(text) or self.empty_value if isinstance(text, str) else text


# The class of the form field of a column of texts; an admin takes them as `formfield_overrides`.
OVERRIDES: dict[type[models.Field], dict[str, Any]] = {
    models.CharField: {"form_class": Line},
    models.TextField: {"form_class": PlainText},
    models.EmailField: {},
    models.SlugField: {},
    models.URLField: {"assume_scheme": "https"},
}


class DateInput(forms.DateInput):
    """The date picker of the browser, for filters: what is chosen is repeated in words above the list."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def fields_of(
    model: type[models.Model],
    *names: str,
    labels: dict[str, Any] | None = None,
    help_texts: dict[str, Any] | None = None,
    **classes: type[forms.Field],
) -> dict[str, forms.Field]:
    """Return form fields of a model by name, in this order, with the model's labels, help texts, bounds and choices.

    Texts that are only true of this form replace the model's; a keyword gives a field another class. Raises FieldError
    for a field that is not edited by hand.
    """
    return fields_for_model(
        model,
        fields=names,
        labels=labels,
        help_texts=help_texts,
        field_classes=classes,
        formfield_callback=_field_of,
    )


def _field_of(column: Any, **given: Any) -> forms.Field | None:
    """Return the form field of a column."""
    if isinstance(column, ArrayField):  # of codes: Django's own field for it takes them separated by commas
        ticks = {"choices": column.base_field.choices, "widget": forms.CheckboxSelectMultiple}
        given = {"form_class": forms.MultipleChoiceField, "show_hidden_initial": False, **ticks, **given}
        return models.Field.formfield(column, **given)
    if type(column) in OVERRIDES:
        given = {**OVERRIDES[type(column)], **given}
    elif isinstance(column, models.DateField):
        given = {"form_class": DayField, **given}
    elif isinstance(column, models.IntegerField | models.DecimalField):
        given = {**_bounds(column), **given}
    field: forms.Field | None = column.formfield(**given)
    return field


def _bounds(column: Any) -> dict[str, Any]:
    """Return the least and the greatest value that the validators of a column of numbers accept."""
    least = [each.limit_value for each in column.validators if isinstance(each, MinValueValidator)]
    most = [each.limit_value for each in column.validators if isinstance(each, MaxValueValidator)]
    return {"min_value": max(least, default=None), "max_value": min(most, default=None)}


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
        return pgettext("choice", "Yes") if value else pgettext("choice", "No")
    if isinstance(value, Iterable) and not isinstance(value, str):
        return enumerated(sorted(shown(part, field) for part in value))
    coded = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
    words = dict(getattr(field, "choices", ())) if coded else {}
    return str(words.get(value, dates.in_words(value) if isinstance(value, date) else localize(value)))

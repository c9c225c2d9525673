"""Values of form fields as cells of a spreadsheet, and cells as what a form is sent."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from assistance.pages.forms import ActorForm
from web.exceptions import Invalid
from web.forms import Line
from web.lists import enumerated
from web.spreadsheets import Value
from web.texts import normal_line, normal_text

LONGEST_CELL = 32_767  # characters that a cell of a spreadsheet holds
DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
MOST_NAMED = 12  # choices that a message names


class Unreadable(Exception):
    """A cell that holds nothing that its column takes; the message says what it takes."""


class Column:
    """One column that can be changed: the field of the form behind it, with its choices by label."""

    def __init__(self, name: str, field: forms.Field) -> None:
        self.name, self.field = name, field
        self.is_several = isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
        choices = _flat(field.choices) if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) else []
        self.choices: dict[str, str] = {str(value): str(label) for value, label in choices if str(value)}
        if isinstance(field, forms.BooleanField):
            self.choices = {"true": pgettext("choice", "Yes"), "": pgettext("choice", "No")}
        self.codes = {_alike(label): value for value, label in self.choices.items()}
        self.codes |= {_alike(value): value for value in self.choices if value}

    @property
    def heading(self) -> str:
        """The label of the field, marked where it must not be empty."""
        return f"{self.field.label} *" if self.field.required else str(self.field.label)

    # ── From the record ──
    def wire(self, value: Any) -> str:
        """Return a value of the field in the one form in which values are compared: codes, days as YYYY-MM-DD."""
        value = self.field.prepare_value(value)
        if value in (None, "", [], ()):
            return ""
        if isinstance(self.field, forms.BooleanField):
            return "true" if value else ""
        if self.is_several:
            return "\n".join(sorted(str(getattr(one, "pk", one)) for one in value))
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return _number(value)
        return self._text(str(value))

    def shown(self, wire: str) -> Value:
        """Return what is written into a cell for a value in that form; labels in the active language."""
        if self.choices:
            names = (
                [self.choices.get(one, one) for one in wire.split("\n")]
                if self.is_several
                else [self.choices.get(wire, wire)]
            )
            return "\n".join(names)
        if wire and isinstance(self.field, forms.DateField):
            return date.fromisoformat(wire)
        if wire and isinstance(self.field, forms.IntegerField):
            return int(wire)
        if wire and isinstance(self.field, forms.DecimalField):
            return Decimal(wire)
        return wire

    def in_words(self, wire: str) -> str:
        """Return a value in that form as text for a page."""
        shown = self.shown(wire)
        return shown.isoformat() if isinstance(shown, date) else "" if shown is None else str(shown)

    # ── From a cell ──
    def read(self, kind: str, text: str) -> str:
        """Return the value of a cell in the form in which values are compared. Raises Unreadable."""
        if kind == "formula":
            raise Unreadable(_("The cell contains a formula. Enter the value itself."))
        if kind == "error":
            raise Unreadable(_("The cell contains an error of a formula. Enter the value itself."))
        if not normal_line(text) and not self.choices:
            return ""
        if self.choices:
            return self._chosen(kind, text)
        if isinstance(self.field, forms.DateField):
            return _day(text)
        if isinstance(self.field, forms.IntegerField | forms.DecimalField):
            return _typed_number(text)
        return self._text(text)

    def sent(self, wire: str) -> Any:
        """Return a value in that form as a form is sent it."""
        return wire.split("\n") if self.is_several and wire else [] if self.is_several else wire

    def _chosen(self, kind: str, text: str) -> str:
        if kind == "yes_no" or not normal_line(text):
            return text
        parts = re.split(r"[\n;]", text) if self.is_several else [text]
        found = [self.codes.get(_alike(part)) for part in parts if normal_line(part)]
        if None in found:
            if len(self.choices) > MOST_NAMED:
                raise Unreadable(_("Select one of the entries of the list in the cell."))
            raise Unreadable(_("Enter one of these: %(choices)s.") % {"choices": enumerated(self.choices.values())})
        return "\n".join(sorted(filter(None, found)))

    def _text(self, text: str) -> str:
        text = ILLEGAL_CHARACTERS_RE.sub("", text)
        return normal_line(text) if isinstance(self.field, Line) else normal_text(text)


def columns_of(form: ActorForm, names: Sequence[str]) -> list[Column]:
    """Return the columns of a table, in the order of their names."""
    return [Column(name, form.fields[name]) for name in names]


def check(form: ActorForm, columns: Sequence[Column], wires: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a row as its form cleans them. Raises Invalid with the messages by field."""
    form.fields = {column.name: column.field for column in columns}
    form.data, form.is_bound = {column.name: column.sent(wires[column.name]) for column in columns}, True
    form.full_clean()
    if form.errors:
        raise Invalid({name: [str(one) for one in errors] for name, errors in form.errors.items()})
    return dict(form.cleaned_data)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Return choices without their groups."""
    found: list[tuple[Any, Any]] = []
    for value, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(value, label)]
    return found


def _alike(text: str) -> str:
    """Return a label as it is compared with others: letters of either case, and forms of one character, are equal."""
    return normal_line(unicodedata.normalize("NFKC", text)).casefold()


def _ascii(text: str) -> str:
    """Return a text with the digits of any script as ASCII ones."""
    return "".join(str(unicodedata.digit(one, one)) for one in text)


def _day(text: str) -> str:
    """Return a day written as year, month, day, in the digits of any script. Others are refused: no reader knows which
    number of 03.04. is the month."""
    found = DAY.match(_ascii(normal_line(text)))
    try:
        return date(*map(int, found.groups())).isoformat() if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> str:
    raise Unreadable(_("Enter the day as year, month and day, such as 2027-06-30."))


def _typed_number(text: str) -> str:
    """Return a number in the digits and with the decimal sign of any script. Raises Unreadable."""
    plain = _ascii(normal_line(text)).replace("٫", ".").replace("٬", "").replace("\u00a0", "").replace("\u202f", "")
    try:
        return _number(Decimal(plain))
    except InvalidOperation:
        raise Unreadable(_("Enter a number.")) from None


def _number(value: Decimal) -> str:
    if not value.is_finite():
        raise Unreadable(_("Enter a number."))
    return format(value.normalize(), "f")

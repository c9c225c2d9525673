"""The template of a request as a DOCX file in six languages: blank, or filled in from a request.

Its labels and choices are those of the model; its source is the template for requests of the Committee established
pursuant to resolution 1540 (2004).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Field, ForeignKey
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from assistance.access import audience_names
from assistance.access.audience_words import STANDING_WORDS
from assistance.letters.docx import Cell, Writer
from assistance.letters.drafting import to_be_filled
from assistance.requests import rules
from assistance.requests.models import AssistanceRequest
from assistance.requests.parts import CONTACT, PARTS, PROCEDURE
from assistance.requests.states import AskedOutcome
from entities.actors import Actor
from entities.local_days import today_of
from web.dates import in_words
from web.phrases import labelled
from web.translated_text import Text, localized

WIDTHS = (5.5, 9.5)  # centimetres of the two columns
OPEN, TICKED = "☐", "☒"
EMPTY_ROWS = 2  # for others who were asked, in the blank template


def blank(language: str) -> bytes:
    """Return the template, with nothing filled in."""
    with override(language):
        writer = Writer(file_name(None, language), language)
        writer.heading(_("Request for technical assistance"))
        writer.paragraph(
            _("This template has the fields of the form in the portal. What is marked with ▢ is to be filled in.")
        )
        for name, part in PARTS.items():
            writer.heading(str(part.heading), 2)
            writer.table((), [(_label(one, with_help=True), _empty(one)) for one in part.fields], widths=WIDTHS)
            if name == "tried":
                _asked_elsewhere(writer, [(to_be_filled(), "", _boxes(AskedOutcome.choices, ()))] * EMPTY_ROWS)
        return writer.content()


def filled(actor: Actor, row: AssistanceRequest, language: str) -> bytes:
    """Return the template as filled in from a request that this actor sees, without what is hidden from them."""
    hidden = (*(() if rules.sees_contact(actor, row) else CONTACT), *(() if rules.is_party(actor, row) else PROCEDURE))
    with override(language):
        writer = Writer(file_name(row, language), language)
        writer.heading(_("Request for technical assistance"))
        writer.table((), list(_head(row)), widths=WIDTHS)
        for name, part in PARTS.items():
            shown = [one for one in part.fields if one not in hidden]
            if not shown:
                continue
            writer.heading(str(part.heading), 2)
            writer.table((), [(_label(one), _value(row, one)) for one in shown], widths=WIDTHS)
            if name == "tried" and (asked := list(_asked_rows(row))):
                _asked_elsewhere(writer, asked)
        return writer.content()


def file_name(row: AssistanceRequest | None, language: str) -> str:
    """Return the name of the file."""
    return f"{row}-request-{language}.docx" if row else f"request-template-{language}.docx"


# ── Labels and values ────────────────────────────────────────────────────────
def _field(name: str) -> Any:
    return AssistanceRequest._meta.get_field(name)


def _label(name: str, *, with_help: bool = False) -> str:
    field = _field(name)
    label = capfirst(str(field.verbose_name))
    return f"{label}\n{field.help_text}" if with_help and field.help_text else label


def _empty(name: str) -> str:
    """Return the empty value of a field: boxes to tick where there are choices."""
    field = _field(name)
    if name == "audience_allowed":
        groups = [*STANDING_WORDS.values()]
        return "\n".join((*(f"{OPEN} {label}" for label in audience_names.names_of(groups)), to_be_filled()))
    if isinstance(field, BooleanField):
        return f"{OPEN} " + pgettext("choice", "Yes")
    if choices := _choices(field):
        return _boxes(choices, ())
    return to_be_filled()


def _choices(field: Field) -> list[tuple[str, str]]:
    of = field.base_field if isinstance(field, ArrayField) else field
    return [(value, str(label)) for value, label in of.choices or ()]


def _boxes(choices: Any, ticked: Any) -> str:
    return "\n".join(f"{TICKED if value in ticked else OPEN} {label}" for value, label in choices)


def _value(row: AssistanceRequest, name: str) -> Cell:
    """Return the value of a field in words, or that it is to be filled in."""
    value = _entered(row, name)
    return value if str(value) else to_be_filled()


def _entered(row: AssistanceRequest, name: str) -> Cell:
    """Return the value of a field in words; empty where nothing is entered."""
    field, value = _field(name), getattr(row, name)
    if name in row.translated:
        return localized(row, name)
    if name == "audience_allowed":
        return "\n".join(audience_names.names_of(rules.allowed_groups(row))) if value else ""
    if isinstance(field, BooleanField):
        return f"{TICKED if value else OPEN} " + pgettext("choice", "Yes")
    if choices := _choices(field):
        return _boxes(choices, value if isinstance(value, list) else (value,)) if value else ""
    if value in (None, ""):
        return ""
    if isinstance(field, ForeignKey):
        return str(getattr(value, "in_words", value))
    if isinstance(value, date):
        return in_words(value)
    return localize(value) if isinstance(value, int) else Text(str(value), row.language)


def _head(row: AssistanceRequest) -> Iterator[tuple[str, str]]:
    yield capfirst(pgettext("field", "reference")), str(row)
    yield capfirst(pgettext("field", "status")), row.get_status_display()
    yield pgettext("day", "As of"), in_words(today_of(row.state))


# ── Others who were asked ────────────────────────────────────────────────────
def _asked_rows(row: AssistanceRequest) -> Iterator[tuple[Cell, str, str]]:
    for one in row.asked_elsewhere.select_related("organisation"):
        who: Cell = one.organisation.name if one.organisation else Text(one.name, row.language)
        yield who, in_words(one.asked_on) if one.asked_on else "", one.get_outcome_display()


def _asked_elsewhere(writer: Writer, rows: Any) -> None:
    writer.paragraph("")
    headings = (pgettext("label", "Organization"), _("Asked on"), pgettext("label", "Answer"))
    writer.table([labelled(_("Asked elsewhere"), headings[0]), *headings[1:]], rows, widths=(5.5, 4, 5.5))

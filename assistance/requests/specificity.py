"""How specific a request is: ten facts, each with the reason why it matters and an example. Pure; saves nothing.

Source: what providers have asked back most often under resolution 1540 (2004) and in category C of the WTO's
agreement on trade facilitation. The lists of words are data (`data/`), one row for each language.
"""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from web.folding import fold

DATA = Path(__file__).parent / "data"
SOON, LATE = timedelta(days=60), timedelta(days=5 * 365)
SHORT_RESULT, SHORT_TEXT, SHORT_BASELINE = 40, 80, 20  # characters
Text = str | Promise


@dataclass(frozen=True)
class Asked:
    """What of a request is checked. `elsewhere` says whether rows or the tick “nobody” say who else was asked."""

    language: str = "en"
    theme: str = ""
    theme_name: str = ""
    title: str = ""
    description: str = ""
    beneficiary: str = ""
    deliverable: str = ""
    quantity: int | None = None
    unit: str = ""
    wanted_by: date | None = None
    has_requirement: bool = False
    baseline: str = ""
    target: str = ""
    earlier_help: bool = False
    elsewhere: bool = False
    has_contact: bool = False


@dataclass(frozen=True)
class Line:
    """One fact: whether it is met, why it matters, and an example from the same theme. `field` is where to change it."""

    name: str
    label: Text
    is_met: bool
    why: Text
    example: str
    field: str


@dataclass(frozen=True)
class Check:
    """All ten lines, and what else readers would ask back about the title and the description."""

    lines: tuple[Line, ...]
    warnings: tuple[Text, ...]

    @property
    def met(self) -> int:
        """How many lines are met."""
        return sum(line.is_met for line in self.lines)

    @property
    def of(self) -> int:
        """How many lines there are."""
        return len(self.lines)


# Line → its label, why it matters, and the field of the form at which it is changed.
LINES: Mapping[str, tuple[Text, Text, str]] = {
    "institution": (
        pgettext_lazy("line of a check", "Institution"),
        _("Providers plan with a named institution, not with a government."),
        "beneficiary",
    ),
    "deliverable": (
        pgettext_lazy("line of a check", "Result"),
        _("What will exist afterwards shows whether a course, a law or equipment is wanted."),
        "deliverable",
    ),
    "quantity": (
        pgettext_lazy("label", "Quantity"),
        _("Without a number and a unit nobody can estimate the cost."),
        "quantity",
    ),
    "wanted_by": (
        pgettext_lazy("label", "Date"),
        _("Providers need at least 60 days; plans for more than five years are not made."),
        "wanted_by",
    ),
    "requirement": (
        pgettext_lazy("label", "Requirement"),
        _("The provision of a resolution shows which obligation the request helps to meet."),
        "instrument",
    ),
    "baseline": (
        pgettext_lazy("label", "Baseline"),
        _("A starting point is needed to show later what has changed."),
        "baseline",
    ),
    "target": (
        pgettext_lazy("label", "Target"),
        _("A target in the same measure as the baseline can be verified."),
        "target",
    ),
    "earlier_help": (
        _("Earlier assistance"),
        _("What was done before need not be repeated."),
        "earlier_help",
    ),
    "asked_elsewhere": (
        _("Asked elsewhere"),
        _("It prevents two providers from preparing the same assistance."),
        "asked_nobody_else",
    ),
    "contact": (
        pgettext_lazy("line of a check", "Contact"),
        _("Providers need to know whom to ask about details."),
        "contact_name",
    ),
}


def check(asked: Asked, today: date | None = None) -> Check:
    """Return the ten lines for what a State asks, and warnings about words that say nothing. `today` is a day in UTC."""
    today = today or timezone.now().date()
    lines = tuple(
        Line(name, label, MET[name](asked, today), why, example(name, asked.theme), field)
        for name, (label, why, field) in LINES.items()
    )
    return Check(lines, tuple(_warnings(asked)))


def check_of(row: Any) -> Check:
    """Return the check of a request as it is stored."""
    return check(asked_of(row))


def asked_of(row: Any, *, elsewhere: bool | None = None) -> Asked:
    """Return what is checked of a request. `elsewhere` says whether it names others who were asked; None: look it up."""
    names_others = row.asked_elsewhere.exists() if elsewhere is None else elsewhere
    return Asked(
        language=row.language,
        theme=row.theme_id or "",
        theme_name=str(row.theme.name) if row.theme_id else "",
        title=row.title or "",
        description=row.description or "",
        beneficiary=row.beneficiary,
        deliverable=row.deliverable,
        quantity=row.quantity,
        unit=row.unit,
        wanted_by=row.wanted_by,
        has_requirement=bool(row.instrument_id and row.provision),
        baseline=row.baseline,
        target=row.target,
        earlier_help=bool(row.earlier_help or row.no_earlier_help),
        elsewhere=row.asked_nobody_else or names_others,
        has_contact=row.has_contact,
    )


# Without these a request cannot be submitted: a need cannot be made of it, or nobody may read it.
REQUIRED: Mapping[str, tuple[Text, Callable[[Any], bool]]] = {
    "theme": (pgettext_lazy("model", "theme"), lambda row: bool(row.theme_id and row.pillar_id)),
    "assistance_types": (_("types of assistance"), lambda row: bool(row.assistance_types)),
    "beneficiary": (_("beneficiary institution"), lambda row: bool(row.beneficiary)),
    "deliverable": (_("what will exist afterwards"), lambda row: bool(row.deliverable)),
    "contact_name": (_("a national contact who can be reached"), lambda row: bool(row.has_contact)),
    "note_verbale": (_("the note verbale, or that it will follow"), lambda row: row.has_note or row.note_to_follow),
    "audience_allowed": (_("who may read it"), lambda row: bool(row.audience_allowed)),
}


# Parts that UNOCT can ask to be changed, besides the fields of lines and what is required.
OTHERS: Mapping[str, Text] = {
    "title": pgettext_lazy("field", "title"),
    "description": _("description of the request"),
}


def missing_of(row: Any) -> list[str]:
    """Return the fields without which this request cannot be submitted."""
    return [name for name, (_label, is_given) in REQUIRED.items() if not is_given(row)]


def label_of(part: str) -> str:
    """Return the label of a part of a request that UNOCT can ask to be changed: a field of a line, or a required one."""
    by_line = {field: label for label, _why, field in LINES.values()}
    labels = {**{name: label for name, (label, _given) in REQUIRED.items()}, **by_line, **OTHERS}
    return capfirst(str(labels[part]))


# ── When a line is met ───────────────────────────────────────────────────────
def _institution(asked: Asked, today: date) -> bool:
    named = _plain(asked.beneficiary)
    return bool(named) and named not in words("vague_institution", asked.language)


def _deliverable(asked: Asked, today: date) -> bool:
    text = _plain(asked.deliverable)
    return len(text) >= SHORT_RESULT and any(noun in text for noun in words("result", asked.language))


def _quantity(asked: Asked, today: date) -> bool:
    return bool(asked.quantity and asked.unit)


def _wanted_by(asked: Asked, today: date) -> bool:
    return asked.wanted_by is not None and today + SOON <= asked.wanted_by <= today + LATE


def _baseline(asked: Asked, today: date) -> bool:
    return len(asked.baseline) >= SHORT_BASELINE or bool(_numbers(asked.baseline))


def _target(asked: Asked, today: date) -> bool:
    """Return whether the target is said; where the baseline has numbers, with one of its words or numbers beside its own."""
    if not _numbers(asked.baseline):
        return len(asked.target) >= SHORT_BASELINE or bool(_numbers(asked.target))
    return bool(_numbers(asked.target)) and not _tokens(asked.baseline).isdisjoint(_tokens(asked.target))


MET: Mapping[str, Callable[[Asked, date], bool]] = {
    "institution": _institution,
    "deliverable": _deliverable,
    "quantity": _quantity,
    "wanted_by": _wanted_by,
    "requirement": lambda asked, today: asked.has_requirement,
    "baseline": _baseline,
    "target": _target,
    "earlier_help": lambda asked, today: asked.earlier_help,
    "asked_elsewhere": lambda asked, today: asked.elsewhere,
    "contact": lambda asked, today: asked.has_contact,
}


def _warnings(asked: Asked) -> list[Text]:
    """Return what is said of a title that names only the theme or the type of assistance, and of a short description."""
    title = _plain(asked.title)
    found: list[Text] = []
    if title and title == _plain(asked.theme_name):
        found.append(_("The title is the name of the theme. Say what you ask for."))
    elif title and title in words("empty_title", asked.language):
        found.append(_("The title names only a type of assistance. Say what it is for."))
    if len(asked.description) < SHORT_TEXT:
        found.append(_("The description has fewer than 80 characters. Describe the gap and what has caused it."))
    return found


# ── Words ────────────────────────────────────────────────────────────────────
def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", fold(text))


def _tokens(text: str) -> set[str]:
    """Return the numbers of a text, its words of three letters or more, and its Chinese characters."""
    return set(re.findall(r"\d+|[\u4e00-\u9fff]|[^\W\d_\u4e00-\u9fff]{3,}", fold(text)))


@cache
def words(kind: str, language: str) -> frozenset[str]:
    """Return the words of a kind in a language, folded: `empty_title`, `vague_institution` or `result`."""
    with (DATA / "words.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return frozenset(_plain(row["text"]) for row in rows if (row["kind"], row["language"]) == (kind, language))


@cache
def _examples() -> dict[tuple[str, str], dict[str, str]]:
    with (DATA / "examples.csv").open(encoding="utf-8", newline="") as file:
        return {(row["line"], row["theme"]): row for row in csv.DictReader(file)}


def example(line: str, theme: str) -> str:
    """Return the example of a line for a theme, or the one for all themes, in the language of the reader."""
    found = _examples()
    row = found.get((line, theme)) or found[line, ""]
    return row[get_language() or "en"]

"""Converts the element of one activity into plain values, and says what of it is left out, changed or not understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from lxml.etree import _Element as Element

from assistance.projects.iati.budgets import read_budget
from assistance.projects.iati.codes import DATES, PERIODS, READ, ROLES, STATUSES
from assistance.projects.iati.findings import Findings
from assistance.projects.iati.languages import XML_LANG, column_of, language_of
from assistance.projects.iati.places import Gazetteer, Places, read_places
from web.texts import normal_identifier, normal_line, normal_text

MAX_IDENTIFIER, MAX_TITLE, MAX_NAME, MAX_ORIGIN = 200, 500, 300, 200
COLUMNS = {code for code, _name in settings.LANGUAGES}


@dataclass(frozen=True)
class Part:
    """An organisation's part as published; `role` is a `PartyRole` of the portal."""

    role: str
    ref: str
    name: str


@dataclass(frozen=True)
class Activity:
    """The imported data of an activity. Texts are by language; the budget is one sum in one currency, or none."""

    element: Element
    identifier: str
    origin: str
    reporter: str
    status: str
    language: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    dates: dict[str, date]
    budget: Decimal | None
    currency: str
    places: Places
    parts: tuple[Part, ...]


def read_activity(element: Element, known: Gazetteer, found: Findings) -> Activity:
    """Return the data of an activity. What is left out is noted in `found`; faults there refuse the file."""
    _note_left_out(element, found)
    titles = {language: _cut(title, element, found) for language, title in _texts(element, "title", found).items()}
    if not titles:
        found.fault(element, "The activity has no title.")
    budget, currency = read_budget(element, found)
    reporter = element.find("reporting-org")
    return Activity(
        element=element,
        identifier=_identifier(element, found),
        origin=_name(reporter, MAX_ORIGIN) or normal_identifier(reporter.get("ref", ""))[:MAX_ORIGIN] or "IATI",
        reporter=normal_identifier(reporter.get("ref", "")),
        status=_status(element, found),
        language=next(iter(titles), "en"),
        titles=titles,
        descriptions=_texts(element, "description", found),
        dates=_dates(element, found),
        budget=budget,
        currency=currency,
        places=read_places(element, known, found),
        parts=tuple(_parts(element, found)),
    )


# ── What is left out ─────────────────────────────────────────────────────────
def _note_left_out(activity: Element, found: Findings) -> None:
    """Note every element and attribute that the portal has no place for."""
    read = {"default-currency", XML_LANG}
    for name in sorted(set(map(str, activity.attrib)) - read):
        found.note(activity, f"left out: iati-activity @{name}", f"@{name} is left out")
    for element in activity.iterchildren():
        tag = str(element.tag)
        if tag not in READ:
            found.note(element, f"left out: {tag}", f"{tag} is left out")
            continue
        attributes, inside = READ[tag]
        for name in sorted(set(map(str, element.attrib)) - attributes - {XML_LANG}):
            found.note(element, f"left out: {tag} @{name}", f"@{name} “{element.get(name)}” is left out")
        for child in element.iterchildren():
            if child.tag not in inside:
                found.note(child, f"left out: {tag}/{child.tag}", f"{child.tag} is left out")


def _identifier(element: Element, found: Findings) -> str:
    identifier = normal_identifier(element.findtext("iati-identifier") or "")
    if not identifier:
        found.fault(element, "The activity has no identifier.")
    elif len(identifier) > MAX_IDENTIFIER:
        found.fault(element, f"The identifier is longer than {MAX_IDENTIFIER} characters.")
    return identifier


def _status(element: Element, found: Findings) -> str:
    status = element.find("activity-status")
    code = status.get("code", "").strip()
    if code not in STATUSES:
        found.fault(status, f"“{code}” is no activity status of IATI (1 to 6).")
    return STATUSES.get(code, "")


# ── Text ─────────────────────────────────────────────────────────────────────
def _texts(activity: Element, tag: str, found: Findings) -> dict[str, str]:
    """Return the texts by language, the activity's own language first; several descriptions are joined.

    A text in a language other than the six is used only if there is none in them. It is then stored as English, the
    column every reader falls back to, and noted.
    """
    known: dict[str, list[str]] = {}
    others: list[Element] = []
    for element in activity.iterfind(tag):
        here: set[str] = set()
        for narrative in element.iterfind("narrative"):
            language = column_of(language_of(narrative) or "en")
            if not _clean(narrative):
                continue
            if language is None:
                others.append(narrative)
            elif language in here:
                found.note(narrative, "second text", f"a second text in {language} is left out")
            else:
                here.add(language)
                known.setdefault(language, []).append(_clean(narrative))
                if not language_of(narrative):
                    found.note(narrative, "language", "no language is stated; kept as English")
    if not known and others:
        found.note(others[0], "language", f"The text is in “{language_of(others[0])}”, kept as English.")
        known = {"en": [_clean(others.pop(0))]}
    for narrative in others:
        found.note(narrative, "language", f"the text in “{language_of(narrative)}” is left out")
    first = column_of(language_of(activity)) or "en"
    return {code: "\n\n".join(known[code]) for code in sorted(known, key=lambda code: (code != first, code))}


def _clean(narrative: Element) -> str:
    lines = (" ".join(line.split()) for line in normal_text(narrative.text or "").splitlines())
    return "\n".join(lines).strip()


def _cut(title: str, activity: Element, found: Findings) -> str:
    title = " ".join(normal_line(title).split())
    if len(title) <= MAX_TITLE:
        return title
    found.note(activity.find("title"), "cut", f"The title is longer than {MAX_TITLE} characters; cut.")
    return title[: MAX_TITLE - 1] + "…"


def _name(element: Element, most: int = MAX_NAME) -> str:
    """Return the name of an organisation, in English where the publisher provides it."""
    narratives = [(column_of(language_of(n) or "en") == "en", _clean(n)) for n in element.iterfind("narrative")]
    named = sorted((pair for pair in narratives if pair[1]), key=lambda pair: not pair[0])
    return " ".join(normal_line(named[0][1]).split())[:most] if named else ""


# ── Time ─────────────────────────────────────────────────────────────────────
def _dates(activity: Element, found: Findings) -> dict[str, date]:
    """Return the dates by column; of two different ones of a type the first is kept and the other noted."""
    dates: dict[str, date] = {}
    for element in activity.iterfind("activity-date"):
        kind, day = element.get("type", "").strip(), _day(element)
        if kind not in DATES:
            found.fault(element, f"“{kind}” is no type of date in IATI (1 to 4).")
        elif day is None:
            found.fault(element, f"“{element.get('iso-date')}” is not a date that can be kept.")
        elif dates.setdefault(DATES[kind], day) != day:
            name = DATES[kind].replace("_", " ")
            found.note(element, "date", f"a second {name}, {day}, is left out; {dates[DATES[kind]]} is kept")
    for first, last in PERIODS:
        if first in dates and last in dates and dates[last] < dates[first]:
            found.fault(activity, f"The end ({dates[last]}) is before the beginning ({dates[first]}).")
    return dates


def _day(element: Element) -> date | None:
    """Return the date; the standard allows a time zone after it, which is ignored."""
    text = element.get("iso-date", "").strip()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


# ── Who ──────────────────────────────────────────────────────────────────────
def _parts(activity: Element, found: Findings) -> list[Part]:
    parts = []
    roles: Mapping[str, str] = ROLES
    for element in activity.iterfind("participating-org"):
        role, ref = element.get("role", "").strip(), normal_identifier(element.get("ref", ""))
        if role not in roles:
            found.fault(element, f"“{role}” is no role of IATI (1 to 4).")
        elif name := _name(element) or ref[:MAX_NAME]:
            parts.append(Part(roles[role], ref, name))
        else:
            found.note(element, "name", "the organisation has neither name nor reference; left out")
    return parts

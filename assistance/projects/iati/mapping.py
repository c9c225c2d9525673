"""Converts the element of one activity into plain values. Contacts, locations and documents are ignored."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from lxml.etree import _Element as Element

from assistance.projects.iati.codes import DAC_REGIONS, DATES, LANGUAGES, PERIODS, REVISED_BUDGET, ROLES, STATUSES
from assistance.projects.iati.parser import Refused

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MAX_IDENTIFIER, MAX_TITLE, MAX_NAME, MAX_ORIGIN = 200, 500, 300, 200
MOST_MONEY = Decimal(10) ** 14  # the maximum length of the column


@dataclass(frozen=True)
class Note:
    """A value imported differently from how it was published, to be reported to whoever imports."""

    line: int
    text: str


@dataclass(frozen=True)
class Place:
    """A country or region as published."""

    vocabulary: str
    code: str
    name: str


@dataclass(frozen=True)
class Part:
    """An organisation's part as published; `role` is a `PartyRole` of the portal."""

    role: str
    ref: str
    name: str


@dataclass(frozen=True)
class Activity:
    """The imported data of an activity. Texts are by language; the budget is one sum in one currency, or none."""

    line: int
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
    countries: tuple[Place, ...]
    regions: tuple[Place, ...]
    parts: tuple[Part, ...]
    notes: list[Note] = field(compare=False)


def read_activity(element: Element) -> Activity:
    """Return the data of an activity. Raises Refused, with the line, for what cannot be imported without distortion."""
    notes: list[Note] = []
    titles = _texts(element, "title", notes)
    if not titles:
        raise Refused(_("The activity has no title."), element.sourceline)
    budget, currency = _budget(element, notes)
    reporter = element.find("reporting-org")
    return Activity(
        line=element.sourceline,
        identifier=_identifier(element),
        origin=_name(reporter, MAX_ORIGIN) or reporter.get("ref", "").strip()[:MAX_ORIGIN] or "IATI",
        reporter=reporter.get("ref", "").strip(),
        status=_status(element),
        language=next(iter(titles)),
        titles={language: _cut(title, element, notes) for language, title in titles.items()},
        descriptions=_texts(element, "description", notes),
        dates=_dates(element),
        budget=budget,
        currency=currency,
        countries=tuple(_places(element, "recipient-country", "")),
        regions=tuple(_places(element, "recipient-region", DAC_REGIONS)),
        parts=tuple(_parts(element)),
        notes=notes,
    )


def _identifier(element: Element) -> str:
    identifier = (element.findtext("iati-identifier") or "").strip()
    if not identifier:
        raise Refused(_("The activity has no identifier."), element.sourceline)
    if len(identifier) > MAX_IDENTIFIER:
        raise Refused(
            _("The identifier is longer than %(most)d characters.") % {"most": MAX_IDENTIFIER}, element.sourceline
        )
    return identifier


def _status(element: Element) -> str:
    found = element.find("activity-status")
    code = found.get("code", "").strip()
    if code not in STATUSES:
        raise Refused(_("“%(code)s” is not a valid IATI activity status (1 to 6).") % {"code": code}, found.sourceline)
    return STATUSES[code]


# ── Text ─────────────────────────────────────────────────────────────────────
def _texts(activity: Element, tag: str, notes: list[Note]) -> dict[str, str]:
    """Return the narratives by language, the activity's own language first; several descriptions are joined.

    A text in a language other than the six is used only if there is none in them. It is then stored as English, the
    column every reader falls back to, and noted.
    """
    own = activity.get(XML_LANG, "en")
    known: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    for narrative in activity.iterfind(f"{tag}/narrative"):
        text = _clean(narrative)
        code = (narrative.get(XML_LANG) or own).lower().split("-")[0]
        if text and code in LANGUAGES:
            known.setdefault(LANGUAGES[code], []).append(text)
        elif text:
            others.setdefault(code, []).append(text)
    if not known and others:
        code, texts = next(iter(others.items()))
        notes.append(
            Note(
                activity.sourceline,
                _("The text is in “%(code)s”, which is not supported. It is recorded as English.") % {"code": code},
            )
        )
        known = {"en": texts}
    first = LANGUAGES.get(own.lower().split("-")[0], "en")
    return {code: "\n\n".join(known[code]) for code in sorted(known, key=lambda code: (code != first, code))}


def _clean(narrative: Element) -> str:
    lines = (" ".join(line.split()) for line in (narrative.text or "").splitlines())
    return "\n".join(lines).strip()


def _cut(title: str, element: Element, notes: list[Note]) -> str:
    title = " ".join(title.split())
    if len(title) <= MAX_TITLE:
        return title
    notes.append(
        Note(
            element.sourceline,
            _("The title is longer than %(most)d characters and was shortened.") % {"most": MAX_TITLE},
        )
    )
    return title[: MAX_TITLE - 1] + "…"


def _name(element: Element, most: int = MAX_NAME) -> str:
    """Return the name of an organisation or place, in English where the publisher provides it."""
    narratives = [(n.get(XML_LANG, "en").lower(), _clean(n)) for n in element.iterfind("narrative")]
    named = sorted((pair for pair in narratives if pair[1]), key=lambda pair: not pair[0].startswith("en"))
    return " ".join(named[0][1].split())[:most] if named else ""


# ── Time and money ───────────────────────────────────────────────────────────
def _dates(activity: Element) -> dict[str, date]:
    dates: dict[str, date] = {}
    for element in activity.iterfind("activity-date"):
        kind = element.get("type", "").strip()
        if kind not in DATES:
            raise Refused(_("“%(code)s” is not a valid IATI date type (1 to 4).") % {"code": kind}, element.sourceline)
        dates[DATES[kind]] = _day(element)
    for first, last in PERIODS:
        if first in dates and last in dates and dates[last] < dates[first]:
            raise Refused(
                _("The end (%(last)s) is before the start (%(first)s).") % {"first": dates[first], "last": dates[last]},
                activity.sourceline,
            )
    return dates


def _day(element: Element) -> date:
    """Return the date; the standard allows a time zone after it, which is ignored."""
    text = element.get("iso-date", "").strip()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Refused(_("“%(text)s” is not a date that can be stored.") % {"text": text}, element.sourceline) from None


def _budget(activity: Element, notes: list[Note]) -> tuple[Decimal | None, str]:
    """Return the sum over all periods and its currency; None and "" if there are several currencies, or no budget."""
    periods: dict[tuple[str, str], tuple[bool, str, Decimal]] = {}
    for element in activity.iterfind("budget"):
        value, currency = _money(element.find("value"), activity.get("default-currency", ""))
        period = element.find("period-start").get("iso-date", ""), element.find("period-end").get("iso-date", "")
        is_revised = element.get("type") == REVISED_BUDGET
        if period in periods and periods[period][0] == is_revised:
            value += periods[period][2]
        if period not in periods or is_revised >= periods[period][0]:
            periods[period] = (is_revised, currency, value)
    currencies = {currency for _revised, currency, _value in periods.values()}
    if len(currencies) != 1:
        if periods:
            notes.append(Note(activity.sourceline, _("The budgets are in several currencies. No total is stored.")))
        return None, ""
    total = sum((value for _revised, _currency, value in periods.values()), Decimal())
    if abs(total) >= MOST_MONEY:
        raise Refused(_("A budget of 10^14 or more cannot be stored."), activity.sourceline)
    return total, currencies.pop()


def _money(element: Element, default_currency: str) -> tuple[Decimal, str]:
    amount = Decimal((element.text or "0").strip())
    currency = (element.get("currency") or default_currency).strip()
    if abs(amount) >= MOST_MONEY:
        raise Refused(_("A budget of 10^14 or more cannot be stored."), element.sourceline)
    if len(currency) != 3:
        raise Refused(_("The budget has no currency."), element.sourceline)
    return amount.quantize(Decimal("0.01")), currency


# ── Who and where ────────────────────────────────────────────────────────────
def _places(activity: Element, tag: str, vocabulary: str) -> Iterator[Place]:
    """Yield each place once. Publishers name places for the activity, or else for each transaction."""
    found = activity.findall(tag) or activity.findall(f"transaction/{tag}")
    once = {(e.get("vocabulary") or vocabulary, e.get("code", "").strip()): e for e in found}
    for (used, code), element in once.items():
        yield Place(used, code, _name(element))


def _parts(activity: Element) -> Iterator[Part]:
    for element in activity.iterfind("participating-org"):
        role = element.get("role", "").strip()
        if role not in ROLES:
            raise Refused(_("“%(code)s” is not a valid IATI role (1 to 4).") % {"code": role}, element.sourceline)
        ref = element.get("ref", "").strip()
        if name := _name(element) or ref[:MAX_NAME]:
            yield Part(ROLES[role], ref, name)

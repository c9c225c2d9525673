"""Dates in words, in the six languages: where Django's own words for days and months are not those of the United Nations."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from django.utils.dateformat import DateFormat
from django.utils.formats import get_format
from django.utils.timezone import is_aware, localtime, now
from django.utils.translation import get_language, gettext, ngettext, pgettext

from web.phrases import with_remark


class ArabicFormat(DateFormat):
    """Months by both their names, as United Nations documents write them: readers of the west and of the east."""

    MONTHS = (
        "كانون الثاني/يناير",
        "شباط/فبراير",
        "آذار/مارس",
        "نيسان/أبريل",
        "أيار/مايو",
        "حزيران/يونيه",
        "تموز/يوليه",
        "آب/أغسطس",
        "أيلول/سبتمبر",
        "تشرين الأول/أكتوبر",
        "تشرين الثاني/نوفمبر",
        "كانون الأول/ديسمبر",
    )

    def F(self) -> str:  # noqa: N802 - the letter of the format
        """Return both names of the month."""
        return self.MONTHS[self.data.month - 1]  # type: ignore[union-attr]

    E = N = M = b = F


class FrenchFormat(DateFormat):
    """The first day of a month as an ordinal: 1er janvier 2027."""

    def j(self) -> str:  # type: ignore[override]
        """Return the day of the month."""
        return "1er" if self.data.day == 1 else str(self.data.day)  # type: ignore[union-attr]


AS_STORED = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")

FORMATS: Mapping[str, type[DateFormat]] = {"ar": ArabicFormat, "fr": FrenchFormat}


def in_words(value: date | datetime | time, form: str = "DATE_FORMAT") -> str:
    """Return a date or time in the reader's language, by the name of a format (`portal/formats`) or the format itself.

    A moment is shown in the reader's time zone.
    """
    kind = FORMATS.get(get_language() or "", DateFormat)
    shown = localtime(value) if isinstance(value, datetime) and is_aware(value) else value
    return str(kind(shown).format(get_format(form)))


def as_far_as_known(text: str) -> str:
    """Return a day or a month given as 2019-05-07 or 2020-01 in words, and any other text as it is."""
    match = AS_STORED.fullmatch(text)
    if match is None:
        return text
    year, month, day = match.groups(default="")
    try:
        return in_words(date(int(year), int(month), int(day or 1)), "DATE_FORMAT" if day else "YEAR_MONTH_FORMAT")
    except ValueError:
        return text


# ── Spans of days ────────────────────────────────────────────────────────────
def span(first: date, last: date) -> str:
    """Return two days in words, both included, with the month and year they share said once: 25–29 October 2026."""
    if first == last:
        return in_words(first)
    if (first.year, first.month) == (last.year, last.month):
        short, pattern = "j", pgettext("days of one month", "{first}–{last}")
    else:
        short = "MONTH_DAY_FORMAT" if first.year == last.year else "DATE_FORMAT"
        pattern = pgettext("days", "{first} – {last}")
    if (get_language() or "").startswith("zh"):  # the year comes first, and a day keeps its sign
        return pattern.format(first=in_words(first), last=in_words(last, "j日" if short == "j" else short))
    return pattern.format(first=in_words(first, short), last=in_words(last))


def period(first: date | None, last: date | None) -> str:
    """Return a period of which one end may be open, as words: from 7 March 2026 until 1 May 2027; "" without days."""
    if first and last:
        return gettext("from %(first)s until %(last)s") % {"first": in_words(first), "last": in_words(last)}
    if first:
        return gettext("from %(date)s") % {"date": in_words(first)}
    return gettext("until %(date)s") % {"date": in_words(last)} if last else ""


# ── Quarters ─────────────────────────────────────────────────────────────────
def quarter_number(day: date) -> int:
    """Return the number of the quarter in which a day is, 1 to 4."""
    return (day.month + 2) // 3


def quarter(day: date) -> str:
    """Return the quarter in which a day is, in words: Q1 2026."""
    texts = (
        pgettext("quarter of a year", "Q1 %(year)s"),
        pgettext("quarter of a year", "Q2 %(year)s"),
        pgettext("quarter of a year", "Q3 %(year)s"),
        pgettext("quarter of a year", "Q4 %(year)s"),
    )
    return texts[quarter_number(day) - 1] % {"year": day.year}


def quarters(first: date | None, last: date | None) -> str:
    """Return the quarters from one day to another in words, and where one or both days are missing, that they are."""
    if first and last:
        begun, ended = quarter(first), quarter(last)
        return begun if begun == ended else pgettext("days", "{first} – {last}").format(first=begun, last=ended)
    if first:
        return with_remark(quarter(first), gettext("no end date"))
    return with_remark(quarter(last), gettext("no start date")) if last else gettext("No dates recorded")


# ── Ages ─────────────────────────────────────────────────────────────────────
def days_since(moment: datetime) -> int:
    """Return the number of days between the day of a moment and today (UTC)."""
    return (now().date() - moment.date()).days


def age(moment: datetime) -> str:
    """Return how long ago a moment was, in its greatest unit from days on: "3 weeks"; "today" for the present day."""
    today, then, days = now().date(), moment.date(), days_since(moment)
    months = 12 * (today.year - then.year) + today.month - then.month - (today.day < then.day)
    if days < 1:
        return pgettext("age", "today")
    if months >= 12:
        return ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}
    if months:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    if days >= 7:
        return ngettext("%(count)d week", "%(count)d weeks", days // 7) % {"count": days // 7}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}

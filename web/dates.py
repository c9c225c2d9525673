"""Dates in words, in the six languages: where Django's own words for days and months are not those of the United Nations."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django.utils.dateformat import DateFormat
from django.utils.formats import get_format
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language


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


FORMATS: Mapping[str, type[DateFormat]] = {"ar": ArabicFormat, "fr": FrenchFormat}


def in_words(value: date | datetime | time, form: str = "DATE_FORMAT") -> str:
    """Return a date or time in the reader's language, by the name of a format (`portal/formats`) or the format itself.

    A moment is shown in the reader's time zone.
    """
    kind = FORMATS.get(get_language() or "", DateFormat)
    shown = localtime(value) if isinstance(value, datetime) and is_aware(value) else value
    return str(kind(shown).format(get_format(form)))

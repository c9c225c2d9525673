"""The values of indicators: how a typed value is read by the unit of its indicator, and how it is written for a reader."""

from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format, sanitize_separators
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assistance.projects.states import IndicatorUnit
from web.phrases import percent

MOST = Decimal(10) ** 12  # no number of a project is larger


def read(unit: str, text: str) -> str:
    """Return a value as it is stored; "" for an empty one. Raises ValueError with what is wrong with it."""
    typed = text.strip()
    if not typed or unit == IndicatorUnit.TEXT:
        return typed
    if unit == IndicatorUnit.YES_NO:
        words = {"yes": "yes", "no": "no", **_own_words()}
        if typed.casefold() not in words:
            raise ValueError(_("Enter yes or no."))
        return words[typed.casefold()]
    number = _number(typed)
    if unit == IndicatorUnit.PERCENT and not 0 <= number <= 100:
        raise ValueError(_("Enter a percentage from 0 to 100."))
    return f"{number:f}"


def _own_words() -> dict[str, str]:
    """Return the words of the reader's language."""
    return {pgettext("choice", "Yes").casefold(): "yes", pgettext("choice", "No").casefold(): "no"}


def _number(typed: str) -> Decimal:
    """Return a number as typed, with the separators of the reader's language or those of the API. Raises ValueError."""
    for text in (typed, sanitize_separators(typed.rstrip("%").strip())):
        try:
            number = Decimal(str(text))
        except InvalidOperation:
            continue
        if number.is_finite() and abs(number) <= MOST and abs(number.as_tuple().exponent) <= 12:  # type: ignore[arg-type]
            return number
    raise ValueError(_("Enter a number."))


def in_words(unit: str, value: str) -> str:
    """Return a stored value as a reader sees it."""
    if not value or unit == IndicatorUnit.TEXT:
        return value
    if unit == IndicatorUnit.YES_NO:
        return pgettext("choice", "Yes") if value == "yes" else pgettext("choice", "No")
    number = Decimal(value)
    return percent(number) if unit == IndicatorUnit.PERCENT else number_format(number, force_grouping=True)

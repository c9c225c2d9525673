"""Baselines and targets: values of an indicator, typed by its unit, and how they compare."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assistance.consultations.states import Level, Unit
from web.phrases import percent
from web.texts import normal_text

YES, NO = "yes", "no"
LEVELS = (Level.NONE, Level.PARTIAL, Level.SUBSTANTIAL, Level.FULL)  # from the lowest to the highest
MEASURED = (Unit.NUMBER, Unit.PERCENT)
MOST_DIGITS, GREATEST = 14, 10**12


def normal(unit: str, text: str) -> str:
    """Return a value of a unit as it is stored, "" for none. Raises ValueError with a message that says what to enter."""
    text = normal_text(text or "")
    if not text:
        return ""
    if unit in MEASURED:
        return _number(text, unit)
    if unit == Unit.YES_NO and text not in (YES, NO):
        raise ValueError(_("Enter “yes” or “no”."))
    if unit == Unit.LEVEL and text not in Level.values:
        raise ValueError(_("Enter one of the levels: %(levels)s.") % {"levels": ", ".join(Level.values)})
    return text


def _number(text: str, unit: str) -> str:
    try:
        found = Decimal(text.replace("٫", ".").replace(",", "."))
    except InvalidOperation:
        raise ValueError(_("Enter a number. If there is none, select the unit “Description”.")) from None
    if not found.is_finite() or abs(found) >= GREATEST or len(found.as_tuple().digits) > MOST_DIGITS:
        raise ValueError(_("Enter a smaller number, or one with fewer digits."))
    if unit == Unit.PERCENT and not 0 <= found <= 100:
        raise ValueError(_("Enter a percentage between 0 and 100."))
    return format(found.normalize(), "f")


def rank(unit: str, value: str) -> Decimal | None:
    """Return what a value counts in a comparison; None where it cannot be compared."""
    if not value or unit == Unit.TEXT or value == Level.NOT_ASSESSED:
        return None
    if unit in MEASURED:
        return Decimal(value)
    return Decimal(LEVELS.index(Level(value)) if unit == Unit.LEVEL else value == YES)


def is_worse(unit: str, first: str, second: str, *, lower_is_better: bool) -> bool:
    """Return whether the second value is worse than the first; False where they cannot be compared."""
    a, b = rank(unit, first), rank(unit, second)
    return a is not None and b is not None and (b > a if lower_is_better else b < a)


def trend(unit: str, first: str, second: str, *, lower_is_better: bool) -> str:
    """Return "better", "worse" or "same" for two values, one after the other; "" where they cannot be compared."""
    a, b = rank(unit, first), rank(unit, second)
    if a is None or b is None:
        return ""
    if a == b:
        return "same"
    return "better" if (b < a) == lower_is_better else "worse"


def in_words(unit: str, value: str) -> str:
    """Return a stored value as its reader reads it."""
    if not value:
        return ""
    if unit == Unit.PERCENT:
        return percent(Decimal(value))
    if unit == Unit.NUMBER:
        return str(localize(Decimal(value)))
    if unit == Unit.YES_NO:
        return pgettext("choice", "Yes") if value == YES else pgettext("choice", "No")
    labels: dict[Any, Any] = dict(Level.choices)
    return str(labels.get(value, value)) if unit == Unit.LEVEL else value

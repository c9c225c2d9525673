"""Values of indicators: their units, how a typed value is read by its unit, written for a reader, and compared."""

from decimal import Decimal, InvalidOperation

from django.db.models import TextChoices
from django.utils.formats import number_format, sanitize_separators
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from web.lists import enumerated
from web.phrases import percent
from web.texts import normal_text


class IndicatorUnit(TextChoices):
    """What the values of an indicator are."""

    NUMBER = "number", pgettext_lazy("unit of an indicator", "A number")
    PERCENT = "percent", pgettext_lazy("unit of an indicator", "A percentage")
    YES_NO = "yes_no", pgettext_lazy("unit of an indicator", "Yes or no")
    LEVEL = "level", gettext_lazy("Level of implementation")
    TEXT = "text", pgettext_lazy("unit of an indicator", "A text")


class Level(TextChoices):
    """How far an instrument is implemented. Source: specification B5."""

    NONE = "none", pgettext_lazy("level of implementation", "None")
    PARTIAL = "partial", pgettext_lazy("level of implementation", "Partial")
    SUBSTANTIAL = "substantial", pgettext_lazy("level of implementation", "Substantial")
    FULL = "full", pgettext_lazy("level of implementation", "Full")
    NOT_ASSESSED = "not_assessed", pgettext_lazy("level of implementation", "Not assessed")


MEASURED = (IndicatorUnit.NUMBER, IndicatorUnit.PERCENT)  # whose values can be drawn
LEVELS = (Level.NONE, Level.PARTIAL, Level.SUBSTANTIAL, Level.FULL)  # from the lowest to the highest
MOST = Decimal(10) ** 12  # no number of a project is larger


def read(unit: str, text: str) -> str:
    """Return a value as it is stored; "" for an empty one. Raises ValueError with what is wrong with it."""
    typed = normal_text(text)
    if not typed or unit == IndicatorUnit.TEXT:
        return typed
    if unit == IndicatorUnit.YES_NO:
        return _one_of({"yes": "yes", "no": "no", **_own_words()}, typed, _("Enter yes or no."))
    if unit == IndicatorUnit.LEVEL:
        labels = {str(label).casefold(): str(level) for level, label in Level.choices}
        names = enumerated(str(level.label) for level in Level)
        problem = _("Enter one of the levels: %(levels)s.") % {"levels": names}
        return _one_of({**{str(level): str(level) for level in Level.values}, **labels}, typed, problem)
    number = _number(typed)
    if unit == IndicatorUnit.PERCENT and not 0 <= number <= 100:
        raise ValueError(_("Enter a percentage from 0 to 100."))
    return f"{number:f}"


def read_or_same(unit: str, text: str) -> str:
    """Return a value as it is stored; one that cannot be read as it was typed."""
    try:
        return read(unit, text)
    except ValueError:
        return text


def _one_of(words: dict[str, str], typed: str, problem: str) -> str:
    if typed.casefold() not in words:
        raise ValueError(problem)
    return words[typed.casefold()]


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
    if unit == IndicatorUnit.LEVEL:
        return str(dict(Level.choices).get(value, value))
    number = Decimal(value)
    return percent(number) if unit == IndicatorUnit.PERCENT else number_format(number, force_grouping=True)


def rank(unit: str, value: str) -> Decimal | None:
    """Return what a value counts in a comparison; None where it cannot be compared."""
    if not value or unit == IndicatorUnit.TEXT or value == Level.NOT_ASSESSED:
        return None
    if unit in MEASURED:
        return Decimal(value)
    return Decimal(LEVELS.index(Level(value)) if unit == IndicatorUnit.LEVEL else value == "yes")


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

"""Keys by which lists are sorted, as SQL without NULL, so that pages by key can compare them.

A key is made for one direction: rows without a value come last in both.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, SmallIntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

SortKey = Callable[[bool], Combinable]
FIRST_DAY, LAST_DAY = date.min, date.max


def rank(field: str, values: Iterable[Any]) -> Case:
    """Return the position of a code among the values, in their order; a code that is not among them comes last."""
    ranked = list(values)
    cases = [When(**{field: str(value)}, then=Value(place)) for place, value in enumerate(ranked)]
    return Case(*cases, default=Value(len(ranked)), output_field=SmallIntegerField())


def by_rank(field: str, values: Iterable[Any]) -> SortKey:
    """Return the key that sorts by `rank`."""
    key = rank(field, values)
    return lambda descending: key


def day(field: str, *, descending: bool) -> Coalesce:
    """Return a date, or one beyond all others where there is none."""
    beyond = FIRST_DAY if descending else LAST_DAY
    return Coalesce(F(field), Value(beyond, output_field=DateField()), output_field=DateField())


def by_day(field: str) -> SortKey:
    """Return the key that sorts by `day`."""
    return lambda descending: day(field, descending=descending)

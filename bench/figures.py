"""What is computed from measurements: percentiles, medians of rounds, ratios."""

import statistics
from collections.abc import Iterable, Sequence
from math import ceil


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share (0 to 1) of the values do not exceed. Raises ValueError."""
    if not values:
        raise ValueError("No values were measured.")
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def of_rounds(rounds: Iterable[Sequence[float]]) -> float:
    """Return the median of the medians of rounds."""
    return statistics.median(statistics.median(each) for each in rounds if each)


def ratio(value: float | None, base: float | None) -> float | None:
    """Return how many times the base a value is, to two decimals; None where one of them was not measured."""
    if value is None or not base:
        return None
    return round(value / base, 2)

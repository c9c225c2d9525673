"""Lets demonstration data happen in the past: inside `at`, everything that asks Django for the time is told that moment.

Only `load_demo` uses it, in a process of its own and never in production. Without it a whole year of work would bear
today's date, and nothing could have been reminded, lapsed or expired.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Make it `moment` (with a time zone) for the body, in this process."""
    real = timezone.now

    def then() -> datetime:
        return moment

    timezone.now = then
    try:
        yield
    finally:
        timezone.now = real

"""Sets the current time while demonstration data are loaded: inside `at`, Django's `timezone.now` returns that moment.

Only `load_demo` uses it, in its own process and never in production. Otherwise all data would have today's date, and
no reminder, lapsed match or expired release could exist.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set the current time to `moment` (with a time zone) inside the block, in this process."""
    real = timezone.now

    def then() -> datetime:
        return moment

    timezone.now = then
    try:
        yield
    finally:
        timezone.now = real

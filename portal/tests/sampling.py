"""Which part of a sweep a run takes: another each day, so that the runs of some days together take all of it."""

import os
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

T = TypeVar("T")
TODAY = date.fromisoformat(os.environ["PORTAL_TEST_DAY"]).toordinal()


def sample(items: Sequence[T], every: int, turn: int = 0, days: int = 1) -> Sequence[T]:
    """Return one in so many items, at least one; where it is asked only once in some days, nothing on the others.

    Who asks next to one another takes another turn. In `every` times `days` days, each item comes up in each turn.
    """
    round_, waits = divmod(turn + TODAY, days)
    return () if waits or not items else items[round_ % min(every, len(items)) :: every]

"""What readers see, by statements that the process keeps for all of them (`web/statements.py`).

Only the reader's groups and the values differ from one call to the next.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet

from accounts.models import User
from entities.actors import Actor
from web.statements import Statements

STATEMENTS = Statements()
NO_GROUPS = [-(2**31), 2**31 - 1]  # that nobody has


def read(
    key: object, build: Callable[..., QuerySet[Any]], actor: Actor, values: Sequence[Any] = (), limit: int | None = None
) -> list[Any]:
    """Return the rows of `build(actor, *values)`, at most `limit`; none for an actor without groups.

    Calls with the same key have the same statement. It is composed anew for an actor of whom policy asks more than the
    groups.
    """
    if not actor.groups:
        return []
    if not is_plain(actor):
        return list(build(actor, *values)[:limit])

    def by_groups(groups: list[int], *values: Any) -> QuerySet[Any]:
        return build(Actor(User(), groups=frozenset(groups)), *values)

    mine, others = [sorted(actor.groups), *values], [NO_GROUPS, *map(_other, values)]
    return STATEMENTS.rows(key, by_groups, mine, others, limit)


def is_plain(actor: Actor) -> bool:
    """Return whether policy asks nothing of an actor but the groups: a preview, or a view as another, has more."""
    return actor.__class__ is Actor and actor.viewer is None  # also of a request, which computes it when it is asked


def _other(value: Any) -> Any:
    """Return a value of the same type that no row has."""
    if isinstance(value, list):
        return [uuid4()]
    return value + timedelta(days=1) if isinstance(value, date) else uuid4()

"""What readers see, by statements that the process keeps for all of them (`web/statements.py`).

Only the reader's groups and the values differ from one call to the next.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet

from accounts.models import User
from entities import reference_versions
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

    others: list[Any] = [NO_GROUPS]
    for value in values:
        others.append(_other(value, others))
    return STATEMENTS.rows(key, by_groups, [sorted(actor.groups), *values], others, limit)


def is_plain(actor: Actor) -> bool:
    """Return whether policy asks nothing of an actor but the groups: a preview, or a view as another, has more."""
    return actor.__class__ is Actor and actor.viewer is None  # also of a request, which computes it when it is asked


def _other(value: Any, taken: Sequence[Any]) -> Any:
    """Return a value of the same type that no row has, and that is none of those taken."""
    if isinstance(value, list):
        return [uuid4()]
    if isinstance(value, str):
        return str(uuid4())
    if not isinstance(value, date):
        return uuid4()
    return next(other for days in itertools.count(1) if (other := value + timedelta(days=days)) not in taken)


# ── Related rows that the process keeps ──────────────────────────────────────
def end_of(model: Any, path: str) -> Any:
    """Return the model at the end of a path of relations."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model


@cache
def joined_by(model: type[Any], path: str) -> str:
    """Return the part of a path that a statement joins: all of it, or all before an entry of a list that is kept."""
    return path.rpartition("__")[0] if end_of(model, path) in reference_versions.KEPT else path


def put_kept(rows: Iterable[Any], path: str, version: UUID | None) -> None:
    """Set the entries of reference lists at the end of a path from what the process keeps; other ends are joined."""
    before, _underscores, name = path.rpartition("__")
    steps = before.split("__") if before else ()
    kept: dict[Any, Any] | None = None
    for row in rows:
        holder = row
        for step in steps:
            holder = holder and getattr(holder, step)
        if holder is None:
            continue
        if kept is None:
            column = holder._meta.get_field(name)
            if column.related_model not in reference_versions.KEPT:
                return
            kept = reference_versions.rows(version, column.related_model)
        if (found := kept.get(getattr(holder, column.attname))) is not None:
            column.set_cached_value(holder, found)

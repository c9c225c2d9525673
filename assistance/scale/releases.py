"""Whether and to whom a State has released a row of the scale data, and until when."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from assistance.scale.loading import Scale
from entities.groups import COMPACT
from entities.local_days import end_of
from entities.models import Organisation


@dataclass(frozen=True)
class Release:
    """A consent in force: its groups, when it was given, and its last day."""

    groups: frozenset[int]
    given_at: datetime
    until: date | None


@dataclass(frozen=True)
class Releasable:
    """A row of a State, and its release, if any."""

    key: uuid.UUID
    state: Organisation
    release: Release | None

    @property
    def ends_at(self) -> datetime | None:
        """The moment at which its release ends, None without an end."""
        return end_of(self.release.until, self.state) if self.release and self.release.until else None

    def is_open(self, now: datetime) -> bool:
        """Whether its release is in force."""
        return self.release is not None and (self.ends_at is None or self.ends_at > now)


def release(scale: Scale, created: datetime) -> Release | None:
    """Return a release by chance: 59 of 100 to the Compact, 6 to single entities, 2 to a working group, else none.

    Half of them have a last day, a sixth of which has passed.
    """
    chance, kind = scale.chance, scale.chance.random()
    if kind < 0.59:
        groups = {COMPACT}
    elif kind < 0.65:
        groups = {one.group_id for one in chance.sample(scale.providers, chance.randint(1, 3))}
    elif kind < 0.67 and scale.working_groups:
        groups = {chance.choice(scale.working_groups).group_id}
    else:
        return None
    days = chance.randrange(-60, 365) if chance.random() < 0.5 else None
    until = None if days is None else scale.now.date() + timedelta(days=days)
    return Release(frozenset(groups), created + (scale.now - created) * 0.5, until)


def columns_of(scale: Scale, row: Releasable, owners: Iterable[int]) -> dict[str, Any]:
    """Return the columns that say who sees a row: its owners, and those to whom it is released."""
    given = row.release
    return {
        **scale.audiences(owners, given.groups if given else ()),
        "released_until": given.until if given else None,
        "ends_at": row.ends_at,
    }

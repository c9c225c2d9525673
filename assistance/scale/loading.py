"""Loads data at the size asked for: the same by the same numbers, as each aggregate makes its own rows."""

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import User
from assistance import registry
from assistance.access.audiences import audience_of
from assistance.access.models import Audience
from assistance.access.rules import office
from assistance.scale import people
from assistance.scale.people import Post
from assistance.scale.tables import copy
from assistance.workflow.models import Event
from entities.actors import CTED, UNOCT
from entities.models import Kind, Organisation, Theme, WorkingGroup

SEED = 20260301
YEARS = timedelta(days=3 * 365)


class CannotLoad(Exception):
    """Raised when the data cannot be loaded; the message is a sentence."""


@dataclass(frozen=True)
class Sizes:
    """How many rows: of needs and projects, of organizations and people. Everything else follows from these.

    Of offers there is one for 50 needs, unless their number is given.
    """

    needs: int = 100_000
    projects: int = 50_000
    organisations: int = 250
    people: int = 2_000
    offers: int | None = None


@dataclass
class Scale:
    """What the aggregates share while they make their rows, in the order of the registry."""

    sizes: Sizes
    chance: random.Random
    now: datetime
    posts: list[Post]
    counts: dict[str, int] = field(default_factory=dict)
    # What one aggregate tells the next: by the name of its model, the facts of its rows.
    facts: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cted, self.unoct = office(CTED), office(UNOCT)
        self.states = [one for one in Organisation.objects.by_name() if one.is_state]
        self.providers = [
            one for one in Organisation.objects.by_name() if one.kind == Kind.COMPACT_ENTITY and one.slug not in (CTED, UNOCT)
        ]  # fmt: skip
        self.working_groups = list(WorkingGroup.objects.all())
        self.themes = list(Theme.objects.filter(pillar__isnull=False))
        self._posts: dict[uuid.UUID, list[Post]] = {}
        for post in self.posts:
            self._posts.setdefault(post.organisation.pk, []).append(post)
        self._audiences: dict[frozenset[int], uuid.UUID] = {}
        self.offices = {slug: Organisation.objects.get(slug=slug) for slug in (CTED, UNOCT)}

    def key(self) -> uuid.UUID:
        """Return a new key."""
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def moment(self) -> datetime:
        """Return a moment of the last three years."""
        return self.now - YEARS * self.chance.random()

    def post_at(self, organisation: Organisation) -> Post:
        """Return the post of somebody who acts for an organization; of CTED where it has nobody."""
        own = self._posts.get(organisation.pk) or self._posts[self.offices[CTED].pk]
        return self.chance.choice(own)

    def audience(self, groups: Iterable[int]) -> uuid.UUID:
        """Return the key of the audience of exactly these groups."""
        wanted = frozenset(groups)
        if wanted not in self._audiences:
            self._audiences[wanted] = audience_of(wanted).pk
        return self._audiences[wanted]

    def audiences(self, owners: Iterable[int], others: Iterable[int] = ()) -> dict[str, Any]:
        """Return the columns of a row that its owners always see, and these others besides."""
        owners = frozenset(owners)
        return {"owners_id": self.audience(owners), "audience_id": self.audience(owners | set(others))}

    def dates(self, created: datetime) -> dict[str, Any]:
        """Return the columns of a row recorded at a moment and changed some time after it."""
        return {"created_at": created, "modified_at": created + (self.now - created) * self.chance.random()}

    def count(self, name: str, number: int) -> None:
        """Note that so many rows of a kind were written."""
        self.counts[name] = self.counts.get(name, 0) + number

    def events(self, rows: Iterable[dict[str, Any]]) -> None:
        """Write events: `at`, `name`, the column of the row they are about, and `post` of the actor."""
        written = copy(
            Event,
            (
                {"id": self.key(), "actor_id": row["post"].user, "acting_as_id": row["post"].appointment, **row}
                for row in rows
            ),
        )
        self.count("events", written)


def load(sizes: Sizes) -> dict[str, int]:
    """Load everything in one transaction and return the number of rows of each kind.

    Raises CannotLoad in production, into a database with people, or without reference data; then nothing is saved.
    """
    if settings.PRODUCTION or not settings.DEMO_ALLOWED:
        raise CannotLoad("Scale data cannot be loaded: DEMO_ALLOWED is off, as in production.")
    if User.objects.exists() or any(model._default_manager.exists() for model in registry.models()):
        raise CannotLoad("The database already contains people or records. Load scale data only into an empty one.")
    if not Organisation.objects.filter(slug=CTED).exists():
        raise CannotLoad("Reference data are missing. Run ./manage.py load_reference first.")
    chance = random.Random(SEED)  # noqa: S311 # nosec B311 (made-up data, the same each time)
    with transaction.atomic():
        scale = Scale(sizes, chance, timezone.now(), people.load(sizes.organisations, sizes.people, chance))
        for aggregate in registry.aggregates():
            if aggregate.scale:
                import_string(aggregate.scale)(scale)
    return {
        "organizations": Organisation.objects.count(),
        "people": User.objects.count(),
        "audiences": Audience.objects.count(),
        **scale.counts,
    }

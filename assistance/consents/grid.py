"""The grid of a release: sections and needs by audiences, who reads each today, and who would by what is ticked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst

from assistance.access import policy
from assistance.access.audience_names import STANDING
from assistance.access.audience_words import STANDING_WORDS
from assistance.access.audiences import groups_of
from assistance.consents.models import PlanLine
from assistance.consents.summaries import Item, held_by
from entities.actors import UNOCT, standing_of
from entities.models import Appointment, Organisation, Role, WorkingGroup
from web.phrases import people_in

SLUG = re.compile(r"[-\w]+")
Reader = tuple[UUID, UUID]  # a person at an organization


@dataclass(frozen=True)
class Column:
    """One audience: the word that names it in a release, its name, its groups, and who is in it besides the owners.

    `held` are the groups of which an organization is a member: it reads what is released to any of them.
    """

    word: str
    label: str | Promise
    groups: frozenset[int]
    held: frozenset[int]
    readers: frozenset[Reader]
    names: tuple[tuple[str, int], ...]  # organization → number of its people

    @property
    def people(self) -> int:
        """How many people are in it, each counted once."""
        return len({person for person, _place in self.readers})

    @property
    def organisations(self) -> int:
        """From how many organizations they are."""
        return len({place for _person, place in self.readers})

    @property
    def size(self) -> str:
        """The number of people and organizations, in words."""
        return people_in(self.people, self.organisations)

    def reads(self, groups: Iterable[int]) -> bool:
        """Return whether whoever holds one of these groups includes this audience, now and later."""
        now = frozenset(groups)
        return bool(self.held & now) if self.held else self.groups <= now


@dataclass(frozen=True)
class Cell:
    """One part and one audience: released already, or a tick."""

    value: str
    column: Column
    is_released: bool
    is_ticked: bool


@dataclass(frozen=True)
class GridRow:
    """One section or need: its cells, and how many people in how many organizations would read it."""

    item: Item
    cells: list[Cell]
    reach: tuple[int, int]
    is_changing: bool

    @property
    def row(self) -> Any:
        """The section or need."""
        return self.item.row

    @property
    def kind(self) -> str:
        """The kind of the row, in the plural, as a heading."""
        return capfirst(str(self.row._meta.verbose_name_plural))

    @property
    def offers_nothing(self) -> bool:
        """Whether it is released already to every audience shown."""
        return all(cell.is_released for cell in self.cells)

    @property
    def preview_url(self) -> str:
        """The address of the page as others see it."""
        return reverse(self.row.url_name("as"), args=[self.row.pk])

    @property
    def reach_in_words(self) -> str:
        """The number of people and organizations, in words."""
        return people_in(*self.reach)


@dataclass
class Crowd:
    """Everybody appointed now, loaded once: person, organization, and the groups of each appointment."""

    posts: list[Appointment] = field(
        default_factory=lambda: list(
            Appointment.objects.current()
            .select_related("organisation")
            .prefetch_related("organisation__working_groups")
        )
    )

    @cached_property
    def held(self) -> list[tuple[Reader, set[int]]]:
        """Each person at an organization, with the groups held there."""
        return [((post.user_id, post.organisation_id), held_by(post)) for post in self.posts]

    def readers(self, groups: Iterable[int]) -> frozenset[Reader]:
        """Return who holds any of these groups."""
        wanted = frozenset(groups)
        return frozenset(reader for reader, held in self.held if held & wanted)

    def names(self, readers: Iterable[Reader]) -> tuple[tuple[str, int], ...]:
        """Return organization → number of its people among these, by name."""
        by_key = {post.organisation_id: str(post.organisation.name) for post in self.posts}
        counts: dict[UUID, set[UUID]] = {}
        for person, place in readers:
            counts.setdefault(place, set()).add(person)
        return tuple(sorted((by_key[place], len(people)) for place, people in counts.items()))


def columns_for(words: Iterable[str], crowd: Crowd, owners: Iterable[int]) -> list[Column]:
    """Return a column for each known word, in a constant number of queries; the owners' people are not counted."""
    wanted = [word for word in dict.fromkeys([*STANDING_WORDS, *words]) if SLUG.fullmatch(word)]
    places = {o.slug: o for o in Organisation.objects.filter(slug__in=wanted)}
    teams = {w.slug: w for w in WorkingGroup.objects.filter(slug__in=wanted)}
    unoct = Organisation.objects.values_list("group_id", flat=True).get(slug=UNOCT)
    memberships: dict[UUID, set[int]] = {}
    members = WorkingGroup.objects.filter(members__slug__in=wanted).values_list("members", "group_id")
    for key, group in members:
        memberships.setdefault(key, set()).add(group)
    own = crowd.readers(owners)
    found = []
    for word in wanted:
        held: frozenset[int] = frozenset()
        if word in STANDING_WORDS:
            groups = frozenset({STANDING_WORDS[word], *([unoct] if word == "compact" else [])})
            label: str | Promise = STANDING[STANDING_WORDS[word]]
        elif place := places.get(word):
            groups, label = frozenset({place.group_id}), place.name
            held = groups | standing_of(place, Role.FOCAL_POINT) | memberships.get(place.pk, set())
        elif team := teams.get(word):
            groups, label = frozenset({team.group_id}), team.name
        else:
            continue
        readers = crowd.readers(groups) - own
        found.append(Column(word, label, groups, held, readers, crowd.names(readers)))
    return found


@dataclass(frozen=True)
class Grid:
    """The whole grid, for the items that can be released here."""

    columns: list[Column]
    rows: list[GridRow]

    @property
    def width(self) -> int:
        """The number of columns of the table."""
        return len(self.columns) + 2


def grid_of(
    items: Sequence[Item], columns: list[Column], ticked: Mapping[str, set[str]], changing: set[str], crowd: Crowd
) -> Grid:
    """Return the grid: `ticked` is item → words; those in `changing` can lose an audience too."""
    return Grid(columns, [_row(item, columns, ticked.get(item.key, set()), changing, crowd) for item in items])


def _row(item: Item, columns: list[Column], ticked: set[str], changing: set[str], crowd: Crowd) -> GridRow:
    row = item.row
    owners, now = groups_of(row.owners), policy.groups_now(row)
    is_changing = item.key in changing
    cells = [
        Cell(f"{item.key}|{column.word}", column, not is_changing and column.reads(now - owners), column.word in ticked)
        for column in columns
    ]
    would = frozenset[int]().union(*(column.groups for column in columns if column.word in ticked))
    reads = crowd.readers(would | (frozenset() if is_changing else now)) - crowd.readers(owners)
    reach = (len({person for person, _place in reads}), len({place for _person, place in reads}))
    return GridRow(item, cells, reach, is_changing)


def words_of_lines(lines: Iterable[PlanLine], words: Mapping[Any, list[str]]) -> dict[str, set[str]]:
    """Return item → words, as planned in these lines."""
    return {f"{line.row_name}:{line.row_id}": set(words.get(line.released_to_id, [])) for line in lines}

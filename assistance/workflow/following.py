"""What people follow or have muted: records, States and themes. Asked whenever a message about a record is queued.

A person who follows a topic is told of what concerns it, as far as they see the record and the event in its history. One
who has muted a topic is told only of what asks them to act. What was chosen for a record goes before what was chosen for
its State and theme; of these, being muted goes before being followed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.mail.messages import Reason, register_reason
from assistance import registry
from assistance.access.models import Restricted
from assistance.workflow.models import Follow, Interest

STATE, THEME = "state", "theme"
KINDS = {STATE: pgettext_lazy("country", "State"), THEME: pgettext_lazy("label", "Theme")}
BECAUSE = "followed"

register_reason(
    BECAUSE,
    Reason(gettext_lazy("You receive this because you follow this record, its State or its theme."), "following"),
)


@dataclass(frozen=True)
class Topic:
    """What can be followed: a record, a State or a theme. `name` reads what it is called, and is called on pages only."""

    kind: str
    key: object
    name: Callable[[], object]

    @property
    def value(self) -> str:
        """The topic as it is stored and sent: `<kind>:<key>`."""
        return f"{self.kind}:{self.key}"

    @property
    def label(self) -> str:
        """What kind of thing it is, in the active language."""
        own = registry.named(self.kind)
        return capfirst(str(own.model._meta.verbose_name if own else KINDS[self.kind]))


@dataclass(frozen=True)
class Interests:
    """The people who follow a row, and those who have muted it, by their keys; nobody is in both."""

    followed: frozenset[UUID] = frozenset()
    muted: frozenset[UUID] = frozenset()


# ── The topics of a row, for entries in the registry ─────────────────────────
def itself(row: Any) -> Iterator[Topic]:
    """Yield a record as a topic; on its own page it needs no name."""
    yield Topic(row.record_name(), row.pk, lambda: "")


def of_state(row: Any) -> Iterator[Topic]:
    """Yield the State of a row."""
    yield Topic(STATE, row.state_id, lambda: row.state.name)


def of_theme(row: Any) -> Iterator[Topic]:
    """Yield the theme of a row, if it has one."""
    if row.theme_id:
        yield Topic(THEME, row.theme_id, lambda: row.theme.name)


def of_themes(row: Any) -> Iterator[Topic]:
    """Yield the themes of a row with several."""
    for theme in row.themes.all():
        yield Topic(THEME, theme.pk, lambda theme=theme: theme.name)  # type: ignore[misc] # bound in the loop


def topics_of(row: Restricted) -> list[Topic]:
    """Return what there is to follow about a row, by its aggregate: the row itself first."""
    return list(registry.of(row).topics(row))


# ── Who wants to be told ─────────────────────────────────────────────────────
def interests_in(rows: Sequence[Restricted]) -> dict[object, Interests]:
    """Return the key of each of these rows → who follows it and who has muted it. One statement for all of them."""
    topics = {row.pk: [topic.value for topic in topics_of(row)] for row in rows}
    made: dict[str, list[tuple[UUID, str]]] = {}
    wanted = {value for values in topics.values() for value in values}
    if wanted:
        for topic, user, choice in Follow.objects.filter(topic__in=wanted).values_list("topic", "user", "choice"):
            made.setdefault(topic, []).append((user, choice))
    return {key: _interests(values, made) for key, values in topics.items()}


def _interests(topics: Sequence[str], made: Mapping[str, Iterable[tuple[UUID, str]]]) -> Interests:
    """Return who follows and who has muted a row with these topics, the row itself first."""
    of_row = dict(made.get(topics[0], ())) if topics else {}
    beside: dict[UUID, str] = {}
    for topic in topics[1:]:
        for user, choice in made.get(topic, ()):
            if beside.get(user) != Interest.MUTED:
                beside[user] = choice
    chosen = {**beside, **of_row}
    return Interests(
        frozenset(user for user, choice in chosen.items() if choice == Interest.FOLLOWED),
        frozenset(user for user, choice in chosen.items() if choice == Interest.MUTED),
    )

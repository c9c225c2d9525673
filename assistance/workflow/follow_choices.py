"""What a person has chosen to follow or to mute: read, listed and changed by pages and API alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from assistance import registry
from assistance.access.models import Restricted
from assistance.workflow.following import KINDS, STATE, THEME, Topic, topics_of
from assistance.workflow.models import Follow, Interest
from assistance.workflow.naming import in_words, rows_by_subject
from entities.actors import Actor
from entities.models import Organisation, Theme
from web.exceptions import Invalid

USUAL = "usual"
ORDER = {STATE: 1, THEME: 2}  # records come before them
CHOICES: list[tuple[str, str | Promise]] = [
    (USUAL, pgettext_lazy("notifications", "As usual: what concerns my organization")),
    *Interest.choices,
]

SHORT: dict[str, str | Promise] = {
    Interest.FOLLOWED: pgettext_lazy("notifications", "followed"),
    Interest.MUTED: pgettext_lazy("notifications", "muted"),
}


@dataclass(frozen=True)
class Chosen:
    """A topic, its name and address, and what the reader has chosen about it."""

    topic: Topic
    choice: str
    url: str = ""

    @property
    def value(self) -> str:
        """The topic as it is stored and sent."""
        return self.topic.value

    @property
    def label(self) -> str:
        """What kind of thing it is."""
        return self.topic.label

    @property
    def options(self) -> list[tuple[str, str | Promise]]:
        """The choices there are, each with its label."""
        return CHOICES

    @property
    def state(self) -> str | Promise:
        """The choice in one word; empty where nothing was chosen."""
        return SHORT.get(self.choice, "")

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.topic.name())


def choices_about(actor: Actor, row: Restricted) -> list[Chosen]:
    """Return the topics of a row with what this person has chosen about each. At most one statement.

    Another record, such as the need of a match, is among them only if whoever sees the row sees that one too.
    """
    seen = {row.pk, *(getattr(row, f"{name}_id") for name in registry.of(row).seen_with())}
    return _with_choices(actor, [one for one in topics_of(row) if one.kind in KINDS or one.key in seen])


def choices_about_state(actor: Actor, state: Organisation) -> list[Chosen]:
    """Return a State as a topic, with what this person has chosen about it. One statement."""
    return _with_choices(actor, [_topic_of_state(state)])


def choices_of(actor: Actor) -> list[Chosen]:
    """Return what this person follows and has muted, as far as they see it: records, then States, then themes."""
    made = dict(Follow.objects.filter(user=actor.user).order_by("-at").values_list("topic", "choice"))
    found = [Chosen(topic, made[value], url) for value, (topic, url) in named(actor, made).items()]
    return sorted(found, key=lambda one: (ORDER.get(one.topic.kind, 0), one.label, one.name))


def to_follow(actor: Actor) -> tuple[list[Chosen], list[Chosen]]:
    """Return the States and the themes that this person has chosen nothing about, in the order of their lists."""
    made = set(Follow.objects.filter(user=actor.user).values_list("topic", flat=True))
    states = [_topic_of_state(state) for state in Organisation.objects.states().by_name()]
    themes = [_topic_of_theme(theme) for theme in Theme.objects.by_pillar()]
    left = [[Chosen(topic, USUAL) for topic in topics if topic.value not in made] for topics in (states, themes)]
    return left[0], left[1]


def named(actor: Actor, values: Iterable[str]) -> dict[str, tuple[Topic, str]]:
    """Return topic → the topic with its name, and its address, for those that there are and that this person sees."""
    keys: dict[str, set[str]] = {}
    for value in values:
        kind, _colon, key = value.partition(":")
        if "\0" not in key:  # which the database refuses in any text
            keys.setdefault(kind, set()).add(key)
    found = {}
    for state in Organisation.objects.states().filter(pk__in=filter(_is_key, keys.pop(STATE, ()))):
        found[f"{STATE}:{state.pk}"] = _topic_of_state(state), state.get_absolute_url()
    for theme in Theme.objects.filter(code__in=keys.pop(THEME, ())):
        found[f"{THEME}:{theme.code}"] = _topic_of_theme(theme), ""
    subjects = [f"{kind}:{key}" for kind, own in keys.items() for key in own if _is_key(key)]
    for value, row in rows_by_subject(actor, subjects).items():
        if _is_followed(row):
            found[value] = _topic_of(row), row.get_absolute_url()
    return found


@transaction.atomic
def choose(actor: Actor, changes: Mapping[str, str]) -> None:
    """Save what this person chooses about these topics; what is not among them stays.

    Raises Invalid at the topics that there are not or that they do not see, and at those with an unknown choice.
    """
    seen, known = named(actor, changes), dict(CHOICES)
    errors = {topic: [_("Record, State or theme not found.")] for topic in changes if topic not in seen}
    errors |= {
        topic: [_("Select one of the choices given.")]
        for topic, choice in changes.items()
        if topic in seen and choice not in known
    }
    if errors:
        raise Invalid(errors)
    Follow.objects.filter(user=actor.user, topic__in=changes).delete()
    Follow.objects.bulk_create(
        (Follow(user=actor.user, topic=topic, choice=choice) for topic, choice in changes.items() if choice != USUAL),
        ignore_conflicts=True,
    )


def _with_choices(actor: Actor, topics: Sequence[Topic]) -> list[Chosen]:
    values = [topic.value for topic in topics]
    if not values:
        return []
    made = dict(Follow.objects.filter(user=actor.user, topic__in=values).values_list("topic", "choice"))
    return [Chosen(topic, made.get(topic.value, USUAL)) for topic in topics]


def _topic_of(row: Restricted) -> Topic:
    return Topic(row.record_name(), row.pk, lambda: in_words(row))


def _topic_of_state(state: Organisation) -> Topic:
    return Topic(STATE, state.pk, lambda: state.name)


def _topic_of_theme(theme: Theme) -> Topic:
    return Topic(THEME, theme.pk, lambda: theme.name)


def _is_followed(row: Restricted) -> bool:
    """Return whether a row is a topic itself; a match, for example, is followed with its need."""
    first = next(iter(topics_of(row)), None)
    return first is not None and first.key == row.pk


def _is_key(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True

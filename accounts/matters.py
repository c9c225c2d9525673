"""What a message, task or deadline is about, named as people name it; imports no model, for AppConfigs.

Upper apps register the function that names the subjects of their messages.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import get_language

if TYPE_CHECKING:
    from accounts.models import User

Text = str | Promise


@dataclass(frozen=True)
class Matter:
    """A record in words: its title and the language of it, facts such as State and priority, and its reference."""

    title: Text
    language: str = ""
    facts: tuple[Text, ...] = ()
    reference: str = ""

    @property
    def inline(self) -> str:
        """The title for a sentence: in another language than the reader's it is isolated, for its direction of writing."""
        foreign = self.language and self.language != get_language()
        return f"\u2068{self.title}\u2069" if foreign else str(self.title)

    def __str__(self) -> str:
        """Return the title and the facts, without the reference."""
        return " · ".join(map(str, (self.title, *self.facts)))


# The third argument is the actor limited by a token, as the upper apps know it; None means no limit.
MattersOf = Callable[["User", Iterable[str], Any], dict[str, Matter]]

_sources: dict[str, MattersOf | str] = {}


def register(source: str, matters_of: MattersOf | str) -> None:
    """Register the function, or its dotted path, that names those subjects of a source that a user sees now."""
    _sources[source] = matters_of


def matters_of(source: str, user: "User", subjects: set[str], actor: Any = None) -> dict[str, Matter]:
    """Return subject → matter, for the subjects of this source that the user sees now; none for an unknown source."""
    ask = _sources.get(source)
    if ask is None or not subjects:
        return {}
    return (import_string(ask) if isinstance(ask, str) else ask)(user, subjects, actor)

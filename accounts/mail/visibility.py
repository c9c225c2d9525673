"""What only upper apps know of a person: they register here; needs no model, so that an AppConfig may import it."""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

# The third is under what they ask, as the upper apps know it; None for all that they are now.
MayBeTold = Callable[["User", Iterable[str], Any], set[str]]

ACCOUNT = "accounts"

_sources: dict[str, MayBeTold | str] = {}
_welcomes: set[str] = set()


def register(source: str, may_be_told: MayBeTold | str) -> None:
    """Let an upper app answer, for messages of this source, of which subjects a person may be told *now*.

    `may_be_told(user, subjects, actor)` is the function or its dotted path, imported at the first question.
    """
    _sources[source] = may_be_told


def may_be_told(source: str, user: "User", subjects: set[str], actor: Any = None) -> set[str]:
    """Return those of the subjects this person may be told of now. Nobody answers for a source: nothing is told.

    `actor` narrows what they are now to what a token was issued under; it is handed on and not looked into.
    """
    if not user.is_active:
        return set()
    if source == ACCOUNT:
        return subjects
    ask = _sources.get(source)
    if ask is None:
        log.error("No app answers for messages of the source %r; they are withheld.", source)
        return set()
    return (import_string(ask) if isinstance(ask, str) else ask)(user, subjects, actor)


def register_welcome(is_let_in: str) -> None:
    """Let an upper app say who was let into the portal: `is_let_in(user)` by its dotted path, imported when asked."""
    _welcomes.add(is_let_in)


def may_come_in(user: "User") -> bool:
    """Return whether this active person may be given a way in: they have one, administer, or somebody let them in.

    An address alone is none: a nomination enters its person before anybody has approved it.
    """
    if not user.is_active:
        return False
    known = user.has_usable_password() or user.is_staff
    return known or any(import_string(is_let_in)(user) for is_let_in in _welcomes)

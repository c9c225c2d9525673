"""Registry of functions of upper apps that decide what a user may still see; imports no model, for AppConfigs."""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

# The third argument is the actor limited by a token, as the upper apps know it; None means no limit.
MayBeTold = Callable[["User", Iterable[str], Any], set[str]]

ACCOUNT = "accounts"

_sources: dict[str, MayBeTold | str] = {}
_welcomes: set[str] = set()


def register(source: str, may_be_told: MayBeTold | str) -> None:
    """Register the function that decides which subjects of this source's messages a user may see *now*.

    `may_be_told(user, subjects, actor)` is the function or its dotted path, imported at the first call.
    """
    _sources[source] = may_be_told


def may_be_told(source: str, user: "User", subjects: set[str], actor: Any = None) -> set[str]:
    """Return those of the subjects this user may see now; none if no function is registered for the source.

    `actor` is the user limited by a token; it is passed on unchanged.
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
    """Register the function that decides who has been admitted: `is_let_in(user)` by dotted path, imported on use."""
    _welcomes.add(is_let_in)


def may_come_in(user: "User") -> bool:
    """Return whether this active user may sign in: they have a password, are administrator, or have been admitted.

    An address alone is not enough: a nomination adds its user before anybody has approved it.
    """
    if not user.is_active:
        return False
    known = user.has_usable_password() or user.is_staff
    return known or any(import_string(is_let_in)(user) for is_let_in in _welcomes)

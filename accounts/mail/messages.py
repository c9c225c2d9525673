"""Messages: what each one says in its mail and under the bell, and the registry in which apps declare theirs.

Needs no model, so that an AppConfig may import it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

READ_IN_PORTAL = _("Read it in the portal:")


class UnknownMessage(LookupError):
    """No app has registered a message of this name."""


@dataclass(frozen=True)
class Message:
    """The texts of one message. Its mail is made of them by `templates/mail/<template>.txt` and `.html`.

    `subject` is both the subject of the mail and the text under the bell; it may hold placeholders such as
    `%(reference)s`. `reason` says why its reader gets it. `link_text` stands before the link. A mail that its reader
    cannot choose to get less often does not offer preferences.
    """

    name: str
    subject: "_StrPromise"
    reason: "_StrPromise"
    link_text: "_StrPromise" = READ_IN_PORTAL
    offers_preferences: bool = True
    template: str = "base"

    def render_subject(self, values: Mapping[str, object]) -> str:
        """Return the subject in the language in use, on one line: a line break would let a value write mail headers.

        Without a reference number its place stays empty. Raises KeyError if a value for another placeholder is missing.
        """
        return " ".join((self.subject % {"reference": "", **values}).split())


_messages: dict[str, Message] = {}


def register_messages(messages: Iterable[Message]) -> None:
    """Make messages known by their names. Raises ValueError for a name that is taken, and registers none of them then."""
    new: dict[str, Message] = {}
    for message in messages:
        if message.name in _messages or message.name in new:
            raise ValueError(f"A message named {message.name!r} is registered already.")
        new[message.name] = message
    _messages.update(new)


def registered_messages() -> list[Message]:
    """Return all messages, in the order in which they were registered."""
    return list(_messages.values())


def get_message(name: str) -> Message:
    """Return the message of this name. Raises UnknownMessage if no app has registered it."""
    try:
        return _messages[name]
    except KeyError:
        raise UnknownMessage(f"No app has registered a message named {name!r}.") from None


def render_subject(name: str, values: Mapping[str, object]) -> str:
    """Return the one line that is the subject of a mail and the text under the bell. Raises UnknownMessage."""
    return get_message(name).render_subject(values)

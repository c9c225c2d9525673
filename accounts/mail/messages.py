"""The texts of each message in mail and in the portal, and the registry in which apps declare their messages.

Imports no model, so that an AppConfig may import it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from web.texts import one_line

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NO_REFERENCE = " :：\u2068\u2069\u00a0\u202f"  # what stands round a reference number and after it, in all languages
READ_IN_PORTAL = _("Open it in the portal:")


class UnknownMessage(LookupError):
    """No app has registered a message of this name."""


@dataclass(frozen=True)
class Message:
    """The texts of one message; its mail is rendered from `templates/mail/<template>.txt` and `.html`.

    `subject` is both the subject of the mail and the text in the portal; it may hold placeholders such as
    `%(reference)s`. `reason` says why the reader gets it. `link_text` is placed before the link. A mail that its reader
    cannot choose to get less often does not offer preferences. A reminder asks again for what is known already: all those
    of one day come in one mail, to one person of each organization. `in_words` returns the values that placeholders name but
    that are stored otherwise, such as numbers to be counted in the language of the reader. `label` names the message in a
    list to choose from, where its subject cannot stand without values; `group` is set when it is registered.
    """

    name: str
    subject: "_StrPromise"
    reason: "_StrPromise"
    link_text: "_StrPromise" = READ_IN_PORTAL
    offers_preferences: bool = True
    template: str = "base"
    is_reminder: bool = False
    in_words: Callable[[Mapping[str, object]], Mapping[str, object]] = lambda values: {}
    label: "_StrPromise | str" = ""
    group: "_StrPromise | str" = ""

    @property
    def title(self) -> str:
        """What names the message in a list, in the active language: its label, else its subject without values."""
        return capfirst(str(self.label) or one_line(self.subject % _Blank()).lstrip(NO_REFERENCE))

    def render_subject(self, values: Mapping[str, object]) -> str:
        """Return the subject in the active language, on one line: a line break in a value would inject mail headers.

        Without a reference number the subject begins with the event. Raises KeyError if another value is missing.
        """
        text = one_line(self.subject % {"reference": "", **values, **self.in_words(values)})
        return text if values.get("reference") else capfirst(text.lstrip(NO_REFERENCE))


class _Blank(dict[str, str]):
    """Values of which each is empty but those that a sentence needs to be read."""

    def __missing__(self, name: str) -> str:
        return "" if name == "reference" else "…"


@dataclass(frozen=True)
class Reason:
    """Why somebody gets a message that does not concern their office, and the URL name of the page to change that."""

    text: "_StrPromise"
    page: str


_messages: dict[str, Message] = {}
_reasons: dict[str, Reason] = {}


def register_reason(name: str, reason: Reason) -> None:
    """Register a reason under the name that deliveries keep (`Recipient.because`)."""
    _reasons[name] = reason


def reason_named(name: object) -> Reason | None:
    """Return the reason of this name, or None where the message itself says why."""
    return _reasons.get(str(name))


def register_messages(messages: Iterable[Message], group: "_StrPromise | str" = "") -> None:
    """Register messages by their names, in the group under which their readers choose them; without one they cannot.

    Raises ValueError for a name in use, and then registers none of them.
    """
    new: dict[str, Message] = {}
    for message in messages:
        if message.name in _messages or message.name in new:
            raise ValueError(f"A message named {message.name!r} is registered already.")
        new[message.name] = replace(message, group=group)
    _messages.update(new)


def registered_messages() -> list[Message]:
    """Return all messages, in the order of registration."""
    return list(_messages.values())


def get_message(name: str) -> Message:
    """Return the message of this name. Raises UnknownMessage if no app has registered it."""
    try:
        return _messages[name]
    except KeyError:
        raise UnknownMessage(f"No app has registered a message named {name!r}.") from None


def render_subject(name: str, values: Mapping[str, object]) -> str:
    """Return the one-line subject for mail and portal. Raises UnknownMessage."""
    return get_message(name).render_subject(values)

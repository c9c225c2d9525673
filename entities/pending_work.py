"""Registry of pending work: upper apps list what waits for the holder of an appointment, for handovers.

Imports no model, so that an AppConfig may import it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from accounts.models import Delivery
    from entities.actors import Actor
    from entities.models import Appointment


@dataclass(frozen=True)
class OpenItem:
    """One thing that waits for an organisation: what is asked, the title, reference number, since when, and its URL."""

    text: str | Promise
    title: str | Promise
    reference: str
    since: datetime | None
    url: str


OpenItems = Callable[["Appointment", "Actor"], list[OpenItem]]
AskedOf = Callable[["Appointment", "Iterable[Delivery]"], "list[Delivery]"]


@dataclass(frozen=True)
class Source:
    """The functions of one source of messages, each as its dotted path, imported at the first call.

    `open_items(appointment, reader)` returns what waits for the holder, as far as the reader may see it;
    `asked_of(appointment, notifications)` those with an action for this appointment and no other of the same user.
    """

    open_items: str
    asked_of: str


_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Register the functions of an upper app for its messages."""
    _sources[name] = source


def open_items(appointment: "Appointment", reader: "Actor") -> list[OpenItem]:
    """Return what waits for the holder of an appointment, oldest first, limited to what the reader may see."""
    ask: list[OpenItems] = [import_string(source.open_items) for source in _sources.values()]
    return [item for answer in ask for item in answer(appointment, reader)]


def asked_of(appointment: "Appointment", notifications: "Iterable[Delivery]") -> "list[Delivery]":
    """Return those notifications with an action for the holder of this appointment, in this appointment."""
    by_source: dict[str, list[Delivery]] = {}
    for row in notifications:
        by_source.setdefault(row.source, []).append(row)
    found: list[Delivery] = []
    for name, rows in by_source.items():
        if name in _sources:
            answer: AskedOf = import_string(_sources[name].asked_of)
            found += answer(appointment, rows)
    return found

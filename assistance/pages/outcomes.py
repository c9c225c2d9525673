"""What a reader is told after an act: what changed, who is notified, what comes next and who can do it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Channel, Delivery
from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.workflow.announcements import people_to_be_told
from assistance.workflow.history import last_act, last_acts
from assistance.workflow.models import Event
from assistance.workflow.naming import matter_of
from entities.actors import Actor
from entities.models import Organisation
from web.phrases import sentences

FULL_STOPS = ".。 "  # left out at the end of a title, which stands before a full stop of the sentence
NAMED = 4  # organizations named in the sentence


def outcome(actor: Actor, row: Any, done: str, *, about: Iterable[Restricted] = ()) -> str:
    """Return the sentences shown after an act on a row: `done` says what was done.

    All that is named is known to whoever sees the row: its status, and organizations of which people see it. An act
    over several rows at once, such as a release, is recorded in those: pass them as `about`.
    """
    rows = list(about) or [row]
    told = notified(rows, last_acts(actor, rows))
    return sentences(done, told, comes_next(row))


def changed(actor: Actor, row: Any) -> str:
    """Return what the last act of this actor changed: the event, the row by its title, and its status now."""
    own = registry.of(row)
    event = last_act(actor, row)
    values = {
        "event": event.label if event else capfirst(str(own.label)),
        "title": str(matter_of(row).title).rstrip(FULL_STOPS),
    }
    status = row.get_status_display() if hasattr(row, "get_status_display") else ""
    if status in ("", values["event"]):
        return _("%(event)s: %(title)s.") % values
    return _("%(event)s: %(title)s. Status now: %(status)s.") % {**values, "status": status}


def notified(rows: Iterable[Restricted], events: Iterable[Event]) -> str:
    """Return who gets a notification of these events about these rows: the number of people, and their organizations.

    A worker queues the messages about several rows: until it has, those are counted whom it will tell.
    """
    events = list(events)
    keys = {key for event in events for key in (event.pk, event.batch_id) if key}
    told = set(Delivery.objects.filter(event__in=keys, channel=Channel.PORTAL).values_list("recipient", flat=True))
    told |= people_to_be_told(events)
    people = len(told)
    if not people:
        return _("No one else is notified.")
    by_audience = {policy.groups_now(row): row for row in rows}
    seeing: set[UUID] = {pk for row in by_audience.values() for pk in _posts(row, told)}
    places = list(Organisation.objects.filter(appointments__in=seeing).distinct().by_name())
    names = [place.short for place in places[:NAMED]]
    more = len(places) - len(names)
    if more > 0:
        names.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    text = ngettext("Notified: %(count)d person (%(names)s).", "Notified: %(count)d people (%(names)s).", people)
    return text % {"count": people, "names": " · ".join(names)}


def _posts(row: Restricted, told: Iterable[UUID]) -> Iterable[UUID]:
    return policy.appointments_seeing(row).filter(user__in=told).values_list("pk", flat=True)


def comes_next(row: Restricted) -> str:
    """Return what comes next and who can do it; empty where nothing does."""
    step = str(registry.of(row).next_step(row))
    return _("Next: %(step)s") % {"step": step} if step else ""

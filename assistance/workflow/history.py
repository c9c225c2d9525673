"""The history of a row: the events that refer to no row hidden from the reader."""

from django.db.models import QuerySet

from assistance import registry
from assistance.access.models import Restricted
from assistance.access.policy import empty_or_seen
from assistance.workflow.models import Event
from entities.actors import Actor


def history_of(actor: Actor, row: Restricted) -> QuerySet[Event]:
    """Return the history of one row: only events that refer to no row hidden from this actor."""
    own = registry.of(row)
    rows = own.history(actor, row, Event.objects.filter(**{own.name: row}))
    named = [one for one in registry.aggregates() if one is not own]
    for aggregate in named:
        if aggregate.hides_events:
            rows = rows.filter(empty_or_seen(actor, Event, aggregate.name))
    joined = [aggregate.name for aggregate in named if aggregate.about is not None]
    return rows.select_related("actor", "acting_as__organisation", *joined)


def last_act(actor: Actor, row: Restricted) -> Event | None:
    """Return the latest event of a row that this person caused, or None."""
    own = Event.objects.filter(**{registry.of(row).name: row}, actor=actor.user)
    return own.order_by("-at", "-pk").first()

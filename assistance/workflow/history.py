"""The history of a row: the events that refer to no row hidden from the reader."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from assistance import registry
from assistance.access.models import Restricted
from assistance.access.policy import empty_or_seen, owned
from assistance.access.reading import read
from assistance.workflow.models import Event
from entities.actors import Actor


def history_of(actor: Actor, row: Restricted) -> QuerySet[Event]:
    """Return the history of one row: only events that refer to no row hidden from this actor."""
    return registry.of(row).history(actor, row, _without_hidden(actor, row))


def _without_hidden(actor: Actor, row: Restricted) -> QuerySet[Event]:
    own = registry.of(row)
    rows = Event.objects.filter(**{own.name: row})
    named = [one for one in registry.aggregates() if one is not own]
    for aggregate in named:
        if aggregate.hides_events:
            rows = rows.filter(empty_or_seen(actor, Event, aggregate.name))
    for aggregate in registry.aggregates():
        if aggregate.private_events and (aggregate is own or own.name in aggregate.event_also):
            is_private = Q(name__in=aggregate.private_events)
            rows = rows.filter(~is_private | owned(actor, f"{aggregate.name}__"))
    joined = [aggregate.name for aggregate in named if aggregate.about is not None]
    return rows.select_related("actor", "acting_as__organisation", *joined)


def events_of(actor: Actor, row: Restricted) -> list[Event]:
    """Return the same events, oldest first: by a statement that the process keeps, because it is long to compose.

    Where a kind limits its history further, a short one asks which of them it leaves.
    """

    def build(actor: Actor, pk: UUID) -> QuerySet[Event]:
        return _without_hidden(actor, type(row)(pk=pk))  # type: ignore[misc] # each has a key

    found: list[Event] = read(("history", type(row)), build, actor, [row.pk])
    own = registry.of(row)
    if not own.limits_history:
        return found
    left = set(own.history(actor, row, Event.objects.filter(**{own.name: row})).values_list("pk", flat=True))
    return [event for event in found if event.pk in left]


def last_act(actor: Actor, row: Restricted) -> Event | None:
    """Return the latest event of a row that this person caused, or None."""
    return next(iter(last_acts(actor, [row])), None)


def last_acts(actor: Actor, rows: Iterable[Restricted]) -> list[Event]:
    """Return the latest event of each of these rows that this person caused: one query for each kind of row."""
    found: list[Event] = []
    for model, own in registry.by_model(rows).items():
        column = f"{registry.of(model).name}_id"
        events = Event.objects.filter(**{f"{column}__in": [row.pk for row in own]}, actor=actor.user)
        found += events.order_by(column, "-at", "-pk").distinct(column)
    return found


def event_in_batch(own: registry.Aggregate, key: UUID, batch: UUID) -> Event:
    """Return the event of a batch about one row, whose key `policy` has given, of which a message can tell."""
    names = [name for name, rule in own.messages.items() if rule.together]
    return Event.objects.filter(batch=batch, name__in=names, **{own.name: key}).latest("at")

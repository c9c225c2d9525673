"""Messages about decisions over several rows: a worker finds who sees which of them, and queues one message for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.mail import outbox
from accounts.mail.messages import Message
from assistance import registry
from assistance.access import policy, row_security
from assistance.access.models import Restricted, text_columns
from assistance.workflow.following import interests_in
from assistance.workflow.models import Batch, Event
from assistance.workflow.notifications import (
    BATCH,
    SOURCE,
    Rule,
    enqueue_for,
    kinds_told_together,
    parties,
    recipients_of,
)


@dataclass(frozen=True)
class Told:
    """One row of a batch, its event, the rule that says who is told of it, and the message about it and other rows."""

    event: Event
    row: Any
    rule: Rule
    together: Message


def announce_waiting() -> int:
    """Queue the messages of every batch that has none yet, each in a transaction of its own; return how many batches.

    Workers may run it at the same time: a batch is locked by one of them, the others leave it out.
    """
    count = 0
    while _announce_next():
        count += 1
    return count


@transaction.atomic
def _announce_next() -> bool:
    waiting = Batch.objects.filter(announced_at=None).order_by("at", "pk")
    batch = waiting.select_for_update(skip_locked=True).first()
    if batch is None:
        return False
    with row_security.bypass():
        for rows, recipients in _messages(batch):
            _enqueue(batch, rows, recipients)
    batch.announced_at = timezone.now()
    batch.save(update_fields=["announced_at"])
    return True


def people_to_be_told(events: list[Event]) -> set[UUID]:
    """Return the people whom a worker will tell of these events: those of batches of which no message is queued yet."""
    waiting = Batch.objects.filter(pk__in={event.batch_id for event in events}, announced_at=None)
    with row_security.bypass():
        return {
            recipient.user.pk for batch in waiting for _rows, everyone in _messages(batch) for recipient in everyone
        }


def oldest_waiting() -> float:
    """Return for how many seconds the oldest batch has waited for its messages; 0 when none waits."""
    first = Batch.objects.filter(announced_at=None).order_by("at").values_list("at", flat=True).first()
    return (timezone.now() - first).total_seconds() if first else 0.0


def _messages(batch: Batch) -> Iterator[tuple[list[Told], list[outbox.Recipient]]]:
    """Yield rows of a batch and who is told of exactly these: each person once for each message, such as a release."""
    alike: dict[tuple[Any, ...], list[Told]] = {}
    every = list(_told(batch))
    interests = interests_in([told.row for told in every])
    for told in every:
        alike.setdefault((*_readers_of(told), interests[told.row.pk].muted), []).append(told)
    people: dict[tuple[UUID, str], outbox.Recipient] = {}
    numbers: dict[tuple[UUID, str], list[int]] = {}
    groups = list(alike.values())
    for number, own in enumerate(groups):
        first = own[0]
        muted = interests[first.row.pk]
        for recipient in recipients_of(first.rule, first.row, first.event.actor_id, interests=muted):
            key = (recipient.user.pk, first.together.name)
            known = people.get(key, recipient)
            people[key] = outbox.Recipient(recipient.user, by_mail=known.by_mail or recipient.by_mail)
            numbers.setdefault(key, []).append(number)
    by_rows: dict[tuple[int, ...], list[outbox.Recipient]] = {}
    for key, seen in numbers.items():
        by_rows.setdefault(tuple(dict.fromkeys(seen)), []).append(people[key])
    for seen_by, recipients in by_rows.items():
        yield [told for number in seen_by for told in groups[number]], recipients


def _told(batch: Batch) -> Iterator[Told]:
    """Yield the rows of a batch of which somebody is told, without their texts."""
    for own in kinds_told_together():
        messages = {name: rule.together for name, rule in own.messages.items() if rule.together}
        events = batch.events.filter(Q(**{f"{own.name}__isnull": False}), name__in=messages).order_by("at", "pk")
        rows = own.model._default_manager.select_related("audience", "owners").defer(*text_columns(own.model))
        by_key = rows.in_bulk([getattr(event, f"{own.name}_id") for event in events])
        for event in events:
            row = by_key[getattr(event, f"{own.name}_id")]
            yield Told(event, row, own.messages[event.name], messages[event.name])


def _readers_of(told: Told) -> tuple[Any, ...]:
    """Return what decides who is told of a row: rows in which it is the same have the same recipients."""
    row: Restricted = told.row
    beside = tuple(getattr(row, f"{name}_id") for name in registry.of(row).seen_with())
    return (told.rule.message.name, policy.groups_now(row), frozenset(parties(told.rule, row)), beside)


def _enqueue(batch: Batch, told: list[Told], recipients: list[outbox.Recipient]) -> None:
    first = told[0]
    if len(told) == 1:
        enqueue_for(first.event, first.row, first.rule, recipients)
        return
    rows: dict[str, int] = {}
    for one in told:
        kind = one.row.record_name()
        rows[kind] = rows.get(kind, 0) + 1
    outbox.enqueue(
        event=batch.pk,
        source=SOURCE,
        subject=f"{BATCH}:{batch.pk}",
        message=first.together.name,
        values={"rows": rows},
        path=batch.get_absolute_url(),
        recipients=recipients,
    )

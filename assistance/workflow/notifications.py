"""Who is notified of which event: a table from event to message and parties. Policy limits them to those who see it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.mail.broker import notify_workers
from accounts.mail.messages import Message
from accounts.models import User
from assistance import registry
from assistance.access import policy, row_security
from assistance.access.models import Restricted
from assistance.access.reading import STATEMENTS, read
from assistance.workflow.following import BECAUSE, Interests, interests_in
from assistance.workflow.history import history_of
from assistance.workflow.models import Batch, Event
from entities.actors import CTED, UNOCT, Actor, actor_of
from entities.delegation import recipients, reminded
from entities.models import TOLD_ROLES, Appointment, AppointmentQuerySet
from web.conditions import among

SOURCE = "assistance"
NO_GROUP = 2**31 - 1  # that nobody has
BATCH = "batch"  # the kind of subject of messages about several rows: ``batch:<key>``
ANNOUNCE = "assistance.tasks.announce"

Parts = Callable[[Any], set[object]]


# ── Why somebody gets a message ──
ANSWER_REASON = _("You receive this because a response is expected from your organization.")
ASSESSOR_REASON = _("You receive this because your organization recorded this item.")
AUDIENCE_REASON = _("You receive this because the State released this to your organization.")
PARTY_REASON = _("You receive this because your organization is involved in this.")
PROVIDER_REASON = _("You receive this because your organization may be able to assist.")
STATE_REASON = _("You receive this because you act for the State concerned.")


# ── Parties of an event: organisations by key or slug, "*" for everybody who sees the row ──
def state(row: Any) -> set[object]:
    """Return the State of a row, as a party."""
    return {row.state_id}


def provider(row: Any) -> set[object]:
    """Return the provider of a row, as a party."""
    return {row.provider_id}


def cted(row: Restricted) -> set[object]:
    """Return CTED, as a party."""
    return {CTED}


def unoct(row: Restricted) -> set[object]:
    """Return UNOCT, as a party."""
    return {UNOCT}


def everyone(row: Restricted) -> set[object]:
    """Return "*": everybody who sees the row is a party."""
    return {"*"}


@dataclass(frozen=True)
class Rule:
    """The message of an event, whom it asks to act, who else gets it, and which earlier requests it marks as done.

    `together` is the message about several rows of one decision, which may be rows of different kinds: its value `rows`
    holds their number by kind. `settles` names messages about the row itself, `settles_on` those about the rows of one of
    its relations. `values` are what its text names besides the reference.
    """

    message: Message
    together: Message | None = None
    asks: Parts | None = None
    tells: tuple[Parts, ...] = ()
    settles: tuple[str, ...] = ()
    settles_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Callable[[Event], Mapping[str, str]] | None = None


def announce(event: Event, row: Restricted, without: Collection[UUID] = ()) -> None:
    """Queue this event's messages for everyone involved who can see the row, except the actor and those in `without`.

    Requests that the event answers are marked as done. Called inside the transaction that records the event.
    """
    own = registry.of(row)
    rule = own.messages.get(event.name)
    if rule is None:
        return
    _settle_requests(rule, [row])
    enqueue_for(event, row, rule, recipients_of(rule, row, event.actor_id, event=event, without=without))


def announce_all(events: Sequence[Event], rows: Sequence[Restricted]) -> None:
    """Mark as done the requests that these events answer; their messages are queued by a worker, each batch once.

    `rows` are the rows of the events, all of one kind. Called inside the transaction that records the events. Raises
    ImproperlyConfigured for an event that asks somebody to act: such a request is never left to a worker.
    """
    rule = registry.of(rows[0]).messages.get(events[0].name)
    if rule is None:
        return
    if rule.together is None or rule.asks is not None:
        raise ImproperlyConfigured(f"The event “{events[0].name}” has no message about several rows (`Rule.together`).")
    _settle_requests(rule, rows)
    transaction.on_commit(partial(notify_workers, ANNOUNCE))


def _settle_requests(rule: Rule, rows: Sequence[Restricted]) -> None:
    if rule.settles:
        settle(rows, rule.settles)
    for relation, messages in rule.settles_on.items():
        settle([other for row in rows for other in getattr(row, relation).all()], messages)


def settle(rows: Iterable[Restricted], messages: Iterable[str]) -> None:
    """Mark the requests of these messages about rows as done."""
    outbox.settle(source=SOURCE, subjects=map(subject_of, rows), messages=messages)


def enqueue_for(event: Event, row: Restricted, rule: Rule, recipients: Iterable[outbox.Recipient]) -> None:
    """Queue the message of an event about one row."""
    _enqueue(event.pk, row, rule, recipients, rule.values(event) if rule.values else {})


def enqueue_again(row: Restricted, rule: Rule, recipients: Iterable[outbox.Recipient]) -> None:
    """Queue the message of a rule about one row without an event, for people who wished to be told again."""
    _enqueue(uuid4(), row, rule, recipients, {})


def _enqueue(
    event: UUID, row: Restricted, rule: Rule, recipients: Iterable[outbox.Recipient], values: Mapping[str, str]
) -> None:
    outbox.enqueue(
        event=event,
        source=SOURCE,
        subject=subject_of(row),
        message=rule.message.name,
        values={"reference": registry.of(row).message_reference(row), **values},
        path=row.get_absolute_url(),
        recipients=recipients,
    )


def recipients_of(
    rule: Rule,
    row: Restricted,
    actor_id: UUID | None,
    *,
    event: Event | None = None,
    without: Collection[UUID] = (),
    only: UUID | None = None,
    interests: Interests | None = None,
) -> list[outbox.Recipient]:
    """Return who gets the message of a rule about a row: the parties involved who see the row, except the actor.

    Those who have muted it only if they are asked to act. With an `event`, those who follow it too, if they see this
    event in its history. Without those in `without`; with `only`, nobody but this person. Of a reminder one person of
    each organisation gets mail. `interests` are read where they are not given.
    """
    interests = interests_in([row])[row.pk] if interests is None else interests
    asked = rule.asks(row) if rule.asks else set()
    told = set().union(asked, parties(rule, row))
    involved, to_act, beside = [], [], {}
    for appointment in readers_of(row):
        if appointment.user_id in {actor_id, *without} or (only and appointment.user_id != only):
            continue
        names = {appointment.organisation_id, appointment.organisation.slug, "*"}
        if names & asked:
            to_act.append(appointment.pk)
        elif appointment.user_id in interests.muted:
            continue
        if names & told:
            involved.append(appointment)
        elif appointment.user_id in interests.followed:
            beside[appointment.user_id] = appointment.user
    told_with = _followers(beside.values(), rule, row, event) if event else []
    return [*(reminded if rule.message.is_reminder else recipients)(involved, to_act), *told_with]


def readers_of(row: Restricted) -> list[Appointment]:
    """Return the appointments, with user, organization and who stands in, whose holders see a row and may be told.

    By a statement that the process keeps: it is run for each event.
    """
    sets = [sorted(groups) for groups in policy.groups_seeing(row)]
    standing = [[group for group in groups if group < 0] for groups in sets]  # they are conditions, not values
    others = [[*groups, NO_GROUP - place] for place, groups in enumerate(standing)]
    return STATEMENTS.rows(("readers", str(standing)), _readers, sets, others)


def _readers(*sets: list[int]) -> AppointmentQuerySet:
    rows = policy.appointments_in_all(sets).filter(role__in=TOLD_ROLES)
    return rows.with_cover().select_related("user", "organisation")


def _followers(users: Iterable[User], rule: Rule, row: Restricted, event: Event) -> list[outbox.Recipient]:
    """Return those of the people who follow a row who see this event in its history: two statements for each.

    What only asks somebody to act, or reminds them, is not told to others.
    """
    if not rule.tells or rule.message.is_reminder:
        return []
    with row_security.bypass():  # asked about other people than the one who acts
        seen = [user for user in users if history_of(actor_of(user), row).filter(pk=event.pk).exists()]
    return [outbox.Recipient(user, because=BECAUSE) for user in seen]


def parties(rule: Rule, row: Restricted) -> set[object]:
    """Return the parties that a rule tells about a row, without those it asks to act."""
    return set().union(*(part(row) for part in rule.tells))


def subject_of(row: Restricted) -> str:
    """Return the outbox subject of this row: ``<model name>:<key>``."""
    return f"{row.record_name()}:{row.pk}"


def may_be_told(user: User, subjects: Iterable[str], actor: Actor | None = None) -> set[str]:
    """Return those subjects this user sees now: one query for each kind of row, whatever their number.

    `actor` restricts the answer, such as to the scope of a token; by default all appointments of the user count.
    """
    actor = actor or actor_of(user)
    by_kind: dict[str, set[str]] = {}
    for subject in subjects:
        kind, _colon, pk = subject.partition(":")
        by_kind.setdefault(kind, set()).add(pk)
    with row_security.bypass():  # asked about recipients, also where no reader's groups are set
        of_batches = batches_seen(actor, by_kind.pop(BATCH, ()))
        return {f"{BATCH}:{batch.pk}" for batch in of_batches} | {
            f"{kind}:{row.pk}"
            for kind, keys in by_kind.items()
            if (own := registry.named(kind)) is not None
            for row in _notifiable(actor, own, keys)
        }


def _notifiable(actor: Actor, own: registry.Aggregate, keys: Iterable[str]) -> Iterable[Restricted]:
    """Return those of these rows of one kind that this actor sees and may be notified of, their keys only."""

    def build(actor: Actor, keys: list[UUID]) -> QuerySet[Restricted]:
        rows = own.notifiable(actor, policy.visible(actor, own.model))
        return rows.filter(among("pk", keys, "uuid")).order_by().only("pk")

    known = [UUID(key) for key in keys]
    if own.limits_notifications:
        return build(actor, known)
    return read(("notifiable", own.model), build, actor, [known])


outbox.register(SOURCE, may_be_told)


def batches_seen(actor: Actor, keys: Iterable[object]) -> QuerySet[Batch]:
    """Return those batches of which this actor sees a row, and may be notified of it, now."""
    seen = Q()
    for own in kinds_told_together():
        rows = own.notifiable(actor, policy.visible(actor, own.model))
        seen |= Q(Exists(rows.filter(events__batch=OuterRef("pk"))))
    return Batch.objects.filter(seen, pk__in=list(keys)) if keys else Batch.objects.none()


def kinds_told_together() -> list[registry.Aggregate]:
    """Return the aggregates of whose rows several can be told in one message."""
    return [own for own in registry.aggregates() if any(rule.together for rule in own.messages.values())]


def messages() -> Iterator[tuple[list[Message], str | Promise]]:
    """Yield the messages of each aggregate with its label, each message once; those about several kinds come last."""
    known: set[str] = set()
    together: dict[str, Message] = {}
    for aggregate in registry.aggregates():
        rules = aggregate.messages.values()
        own = {rule.message.name: rule.message for rule in rules if rule.message.name not in known}
        together |= {rule.together.name: rule.together for rule in rules if rule.together}
        known |= set(own)
        yield list(own.values()), aggregate.label
    yield [one for name, one in together.items() if name not in known], _("Several records together")

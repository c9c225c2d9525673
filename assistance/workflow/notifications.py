"""Who is notified of which event: a table from event to message and parties. Policy limits them to those who see it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.mail.messages import Message
from accounts.models import User
from assistance import registry
from assistance.access import policy, row_security
from assistance.access.models import Restricted
from assistance.workflow.models import Event
from entities.actors import CTED, UNOCT, Actor, actor_of
from entities.delegation import recipients
from entities.models import TOLD_ROLES

SOURCE = "assistance"

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

    `settles` names messages about the row itself, `settles_on` those about the rows of one of its relations.
    """

    message: Message
    asks: Parts | None = None
    tells: tuple[Parts, ...] = ()
    settles: tuple[str, ...] = ()
    settles_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def announce(event: Event, row: Restricted) -> None:
    """Queue this event's messages for everyone involved who can see the row, except the actor.

    Requests that the event answers are marked as done. Called inside the transaction that records the event.
    """
    own = registry.of(row)
    rule = own.messages.get(event.name)
    if rule is None:
        return
    if rule.settles:
        settle(row, rule.settles)
    for relation, messages in rule.settles_on.items():
        for other in getattr(row, relation).all():
            settle(other, messages)
    outbox.enqueue(
        event=event.pk,
        source=SOURCE,
        subject=subject_of(row),
        message=rule.message.name,
        values={"reference": own.message_reference(row)},
        path=row.get_absolute_url(),
        recipients=_recipients(rule, row, event.actor_id),
    )


def settle(row: Restricted, messages: Iterable[str]) -> None:
    """Mark the requests of these messages about a row as done."""
    outbox.settle(source=SOURCE, subject=subject_of(row), messages=messages)


def _recipients(rule: Rule, row: Restricted, actor_id: UUID | None) -> list[outbox.Recipient]:
    asked = rule.asks(row) if rule.asks else set()
    told = set().union(asked, *(part(row) for part in rule.tells))
    readers = policy.appointments_seeing(row).filter(role__in=TOLD_ROLES).exclude(user=actor_id).with_cover()
    involved, to_act = [], []
    for appointment in readers.select_related("user", "organisation"):
        names = {appointment.organisation_id, appointment.organisation.slug, "*"}
        if names & told:
            involved.append(appointment)
        if names & asked:
            to_act.append(appointment.pk)
    return recipients(involved, to_act)


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
        return {
            f"{kind}:{pk}"
            for kind, pks in by_kind.items()
            if (own := registry.named(kind)) is not None
            for pk in own.notifiable(actor, policy.visible(actor, own.model))
            .filter(pk__in=pks)
            .values_list("pk", flat=True)
        }


outbox.register(SOURCE, may_be_told)


def messages() -> list[Message]:
    """Return the messages of all aggregates, each once."""
    rules = (rule for aggregate in registry.aggregates() for rule in aggregate.messages.values())
    return list({rule.message.name: rule.message for rule in rules}.values())

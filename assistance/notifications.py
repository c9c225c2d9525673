"""Who is told of what: a table from event to message and people. Policy says who may see; this says who has a part."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts import outbox
from accounts.models import User
from assistance import policy, wall
from assistance.models import (
    Consent,
    Event,
    Match,
    Need,
    Offer,
    Project,
    Release,
    Restricted,
    Section,
    TwoPersonRule,
    Visit,
)  # fmt: skip
from assistance.states import MatchStatus
from entities.actors import CTED, UNOCT, Actor, actor_of
from entities.models import TOLD_ROLES
from entities.standing_in import recipients

SOURCE = "assistance"

Parts = Callable[[Any], set[object]]


def _state(row: Any) -> set[object]:
    return {row.state_id}


def _provider(row: Any) -> set[object]:
    return {row.provider_id}


def _providers(row: Any) -> set[object]:
    return set(row.matches.values_list("provider_id", flat=True))


def _cted(row: Restricted) -> set[object]:
    return {CTED}


def _unoct(row: Restricted) -> set[object]:
    return {UNOCT}


def _everyone(row: Restricted) -> set[object]:
    return {"*"}


def _side_asked(row: Any) -> set[object]:
    return {row.provider_id} if row.status == MatchStatus.SUGGESTED else {row.need.state_id}


@dataclass(frozen=True)
class Rule:
    """What an event owes: a message, to whom action falls, who is told besides, and which earlier asks it settles."""

    message: str
    asks: Parts | None = None
    tells: tuple[Parts, ...] = ()
    settles: tuple[str, ...] = ()


RULES: dict[str, Rule] = {
    "need_put_to_state": Rule("need_put_to_state", asks=_state),
    "need_agreed": Rule("need_agreed", tells=(_cted, _state), settles=("need_put_to_state",)),
    "consent_asked": Rule("consent_asked", asks=_state),
    "consent_declined": Rule("consent_declined", tells=(_cted,), settles=("consent_asked",)),
    "need_shared": Rule("need_shared", tells=(_everyone,)),
    "section_released": Rule("section_released", tells=(_everyone,)),
    "consent_withdrawn": Rule("consent_withdrawn", tells=(_cted, _state)),
    "consent_expired": Rule("consent_expired", tells=(_cted, _state)),
    "release_proposed": Rule("release_proposed", asks=_state),
    "release_confirmed": Rule("release_confirmed", tells=(_state,), settles=("release_proposed",)),
    "release_returned": Rule("release_returned", tells=(_state,), settles=("release_proposed",)),
    "release_lapsed": Rule("release_lapsed", tells=(_state,), settles=("release_proposed",)),
    "two_person_off_asked": Rule("two_person_off_asked", asks=_state),
    "two_person_off": Rule("two_person_changed", tells=(_state,), settles=("two_person_off_asked",)),
    "two_person_kept": Rule("two_person_changed", tells=(_state,), settles=("two_person_off_asked",)),
    "two_person_on": Rule("two_person_changed", tells=(_state,)),
    "offer_published": Rule("offer_published", tells=(_cted, _unoct)),
    "match_suggested": Rule("match_suggested", asks=_provider),
    "match_confirmed_by_provider": Rule("match_proposed", asks=_state, tells=(_cted,), settles=("match_suggested",)),
    "match_proposed": Rule("match_proposed", asks=_state, tells=(_cted, _unoct)),
    "match_accepted": Rule(
        "match_accepted", tells=(_provider, _state, _cted, _unoct),
        settles=("match_proposed", "match_reminder", "match_last_call"),
    ),
    "match_declined": Rule(
        "match_declined", tells=(_provider, _state, _cted),
        settles=("match_suggested", "match_proposed", "match_reminder", "match_last_call"),
    ),
    "match_retracted": Rule(
        "match_retracted", tells=(_provider, _state, _cted),
        settles=("match_suggested", "match_proposed", "match_reminder", "match_last_call"),
    ),
    "match_started": Rule("match_started", tells=(_state, _cted, _unoct)),
    "match_delivered": Rule("match_delivered", asks=_cted, tells=(_state, _unoct)),
    "match_reminder": Rule("match_reminder", asks=_side_asked),
    "match_last_call": Rule("match_last_call", asks=_side_asked, tells=(_cted,)),
    "match_lapsed": Rule(
        "match_lapsed", tells=(_provider, _state, _cted),
        settles=("match_suggested", "match_proposed", "match_reminder", "match_last_call"),
    ),
    "need_verified": Rule("need_verified", tells=(_state, _providers, _unoct, _cted)),
    "need_closed": Rule("need_closed", tells=(_state, _providers, _cted), settles=("need_put_to_state",)),
}  # fmt: skip


def announce(event: Event, row: Restricted) -> None:
    """Owe the event's messages to those who see the row and have a part in it, its actor apart; settle what it answers.

    Called inside the transaction that records the event.
    """
    rule = RULES.get(event.verb)
    if rule is None:
        return
    if rule.settles:
        outbox.settle(source=SOURCE, subject=subject_of(row), messages=rule.settles)
    if event.verb == "need_verified":
        for match in event.need.matches.all():  # type: ignore[union-attr]
            outbox.settle(source=SOURCE, subject=subject_of(match), messages=("match_delivered",))
    outbox.enqueue(
        event=event.pk,
        source=SOURCE,
        subject=subject_of(row),
        message=rule.message,
        values={"reference": reference_of(row)},
        path=path_of(row),
        recipients=_recipients(rule, row, event.actor_id),
    )


def _recipients(rule: Rule, row: Restricted, actor_id: UUID | None) -> list[outbox.Recipient]:
    asked = rule.asks(row) if rule.asks else set()
    told = set().union(asked, *(part(row) for part in rule.tells))
    seers = policy.seers(row).filter(role__in=TOLD_ROLES).exclude(user=actor_id).with_cover()
    involved, to_act = [], []
    for appointment in seers.select_related("user", "organisation"):
        names = {appointment.organisation_id, appointment.organisation.slug, "*"}
        if names & told:
            involved.append(appointment)
        if names & asked:
            to_act.append(appointment.pk)
    return recipients(involved, to_act)


SUBJECTS: dict[str, type[Restricted]] = {
    "visit": Visit, "section": Section, "need": Need, "consent": Consent,
    "offer": Offer, "match": Match, "project": Project, "release": Release, "twopersonrule": TwoPersonRule,
}  # fmt: skip


def subject_of(row: Restricted) -> str:
    """Return how the outbox names this row."""
    return f"{row._meta.model_name}:{row.pk}"


def reference_of(row: Restricted) -> str:
    """Return the number a message names: a match is known by its need's, and a State's rule has none."""
    if isinstance(row, TwoPersonRule):
        return ""
    return row.need.reference if isinstance(row, Match) else str(row)


def path_of(row: Restricted) -> str:
    """Return the page of this row. A section has one of its own: not everyone it is released to sees the visit."""
    if isinstance(row, TwoPersonRule):
        return reverse("two-persons", args=[row.state.slug])
    return reverse(str(row._meta.model_name), args=[row.pk])


def may_be_told(user: User, subjects: Iterable[str], actor: Actor | None = None) -> set[str]:
    """Return those subjects this user sees now: one statement for each kind of row, whatever their number.

    `actor` is what a token makes of them, where one asks.
    """
    actor = actor or actor_of(user)
    by_kind: dict[str, set[str]] = {}
    for subject in subjects:
        kind, _colon, pk = subject.partition(":")
        by_kind.setdefault(kind, set()).add(pk)
    with wall.lifted():  # asked of whoever the message is for, by pages that never asked who reads
        return {
            f"{kind}:{pk}"
            for kind, pks in by_kind.items()
            if kind in SUBJECTS
            for pk in _rows(actor, SUBJECTS[kind]).filter(pk__in=pks).values_list("pk", flat=True)
        }


def _rows(actor: Actor, model: type[Any]) -> QuerySet[Any]:
    """Return the rows an actor may be told about: all that is told of a visit is how the State's consent stands."""
    rows = policy.visible(actor, model)
    if model is Visit and not actor.is_cted:
        rows = rows.filter(state__in=[organisation.pk for organisation in actor.organisations])
    return rows


outbox.register(SOURCE, may_be_told)

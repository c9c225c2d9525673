"""Access rules of consents, release plans and the two-person rule, and guards of plans."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.access.rules import AccessReason, cted, last_release, state
from assistance.consents.models import Consent, ReleasePlan, TwoPersonRule
from assistance.consents.states import PROPOSAL_STANDS
from entities.actors import CTED, Actor
from web.exceptions import Conflict


def consent_access_reasons(consent: Consent) -> Iterator[AccessReason]:
    """Yield the access reasons of a consent: CTED and the State itself."""
    yield cted()
    yield state(consent.state)


def plan_access_reasons(plan: ReleasePlan) -> Iterator[AccessReason]:
    """Yield the access reasons of a plan: only the State may know how a release came about; CTED sees its consents."""
    yield state(plan.state)


def two_person_rule_access_reasons(rule: TwoPersonRule) -> Iterator[AccessReason]:
    """Yield the access reasons of the two-person rule: only the State may know whether it requires two persons."""
    yield state(rule.state)


def states_of(rows: Sequence[Any]) -> dict[UUID, UUID]:
    """Return the State of each consent or plan, by its key."""
    return {row.pk: row.state_id for row in rows}


def reads_consents(actor: Actor) -> bool:
    """Return whether this actor reads consents: CTED and the people of a State do."""
    told = [one for one in actor.organisations if one.is_state or one.slug == CTED]
    return any(policy.sees_consents(actor, one.pk) for one in told)


def may_create(actor: Actor) -> bool:
    """Return whether this actor decides on releases: those who act for a State do."""
    return bool(actor.states())


def colleague(actor: Actor, plan: ReleasePlan) -> Iterable[UUID | None]:
    """Return the State, except for the person who proposed the plan, under any of their appointments."""
    return [] if plan.proposed_by_id == actor.user.pk else [plan.state_id]


def is_released(row: Any) -> None:
    """Raise Conflict when nothing has been released.

    Whoever may withdraw sees every consent of their State.
    """
    released_to = row.last_released_to if hasattr(row, "last_released_to") else last_release(row.consents.all())
    if released_to is None:
        raise Conflict(_("The record has not been released and cannot be withdrawn."))


def has_lines(plan: ReleasePlan) -> None:
    """Raise Conflict while a plan has no lines."""
    if not plan.lines.exists():
        raise Conflict(_("The plan is empty. Add at least one section or need first."))


def proposal_stands(plan: ReleasePlan) -> None:
    """Raise Conflict when nobody has confirmed a proposal in time."""
    if plan.proposed_at is None or plan.proposed_at + PROPOSAL_STANDS <= timezone.now():
        raise Conflict(_("The proposal is older than 14 days. Return it, so that it can be read and proposed again."))

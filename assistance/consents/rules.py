"""Who sees and decides consents, plans of releases and the rule of two persons, and when plans can be published."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access.rules import AccessReason, cted, last_release, state
from assistance.consents.models import Consent, Release, TwoPersonRule
from assistance.consents.states import PROPOSAL_STANDS
from entities.actors import Actor
from web.exceptions import Conflict


def consent_access_reasons(consent: Consent) -> Iterator[AccessReason]:
    """Yield why anybody sees a State's decision: CTED and the State itself."""
    yield cted()
    yield state(consent.state)


def release_access_reasons(release: Release) -> Iterator[AccessReason]:
    """Yield why anybody sees a plan: how a release came about is known to the State alone, its consents to CTED too."""
    yield state(release.state)


def two_person_rule_access_reasons(rule: TwoPersonRule) -> Iterator[AccessReason]:
    """Yield why anybody sees whether a State asks for two persons: it is the State's own affair."""
    yield state(rule.state)


def states_of(rows: Sequence[Any]) -> dict[UUID, UUID]:
    """Return the State of each consent or plan, by its key."""
    return {row.pk: row.state_id for row in rows}


def may_create(actor: Actor) -> bool:
    """Whether this actor decides over releases: those who act for a State do."""
    return bool(actor.states())


def colleague(actor: Actor, release: Release) -> Iterable[UUID | None]:
    """Return the State, but for the person who proposed it, under whatever other appointment."""
    return [] if release.proposed_by_id == actor.user.pk else [release.state_id]


def is_released(row: Any) -> None:
    """Raise Conflict when nothing has been released.

    Whoever may withdraw reads every consent of their State, so those that a list has read at once are all there are.
    """
    if last_release(row.consents.all()) is None:
        raise Conflict(_("This has not been released, so there is nothing to withdraw."))


def has_lines(release: Release) -> None:
    """Raise Conflict while a plan names nothing."""
    if not release.lines.exists():
        raise Conflict(_("Put at least one section or need into the plan first."))


def proposal_stands(release: Release) -> None:
    """Raise Conflict when nobody has confirmed a proposal in time."""
    if release.proposed_at is None or release.proposed_at + PROPOSAL_STANDS <= timezone.now():
        raise Conflict(_("This proposal is older than 14 days. Return it, so that it is read and proposed again."))

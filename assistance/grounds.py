"""Why anybody may see a row: the facts, one by one. Audiences are made of them, and "who can see this" names them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import singledispatch
from typing import Any

from assistance import wall
from assistance.models import (
    Consent,
    Document,
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
from assistance.states import CONFIRMED_MATCH, Decision, OfferStatus
from entities.actors import CTED, UNOCT, includes
from entities.groups import COMPACT, MEMBERS
from entities.models import Organisation


class Why(StrEnum):
    """The kinds of fact from which a sight follows. Source: domain rules, section 6."""

    STATE = "state"
    CTED = "cted"
    UNOCT = "unoct"
    COMPACT = "compact"
    CONSENT = "consent"
    PROVIDER = "provider"
    PUBLISHED = "published"
    NAMED_STATE = "named_state"
    WITH_NEED = "with_need"
    LEAD = "lead"
    PARTNER = "partner"
    PROJECT_STATE = "project_state"
    IMPORTED = "imported"
    ATTACHED = "attached"


@dataclass(frozen=True)
class Ground:
    """One fact by which a group sees a row: for good when it makes an owner, else until the consent's end."""

    group: int
    why: Why
    owner: bool = True
    consent: Consent | None = None
    role: str = ""


def office(slug: str) -> int:
    """Return the group id of one of the two offices (CTED, UNOCT).

    Raises Organisation.DoesNotExist when reference data has not been loaded.
    """
    return Organisation.objects.values_list("group_id", flat=True).get(slug=slug)


def last_release(words: Iterable[Consent]) -> Consent | None:
    """Return the last of these words of a State when it is a release, else None. Its end date is not looked at."""
    last = max(words, key=lambda consent: (consent.given_at, consent.pk), default=None)
    return last if last and last.decision == Decision.GRANTED else None


def consent_in_force(row: Any) -> Consent | None:
    """Return the last word of the State on this row when it is a release, else None, whoever asks."""
    if not row.pk:
        return None
    with wall.lifted():  # whether a release stands counts for those too who may not read the State's decision
        return last_release(row.consents.select_related("released_to"))


@singledispatch
def grounds(row: Restricted) -> Iterator[Ground]:
    """Yield every fact by which this row is seen. Raises TypeError for a kind of row nobody gave a rule."""
    raise TypeError(f"No rule says who may see a {type(row).__name__}.")


def _recorder() -> Ground:
    return Ground(office(CTED), Why.CTED)


def _state(state: Organisation) -> Ground:
    return Ground(state.group_id, Why.STATE)


@grounds.register
def _visit(row: Visit) -> Iterator[Ground]:
    yield _recorder()
    yield _state(row.state)
    yield Ground(office(UNOCT), Why.UNOCT)
    yield Ground(COMPACT, Why.COMPACT)


def _released(row: Need | Section) -> Iterator[Ground]:
    consent = consent_in_force(row)
    if consent is not None and consent.released_to is not None:
        for group in consent.released_to.groups:
            yield Ground(group, Why.CONSENT, owner=False, consent=consent)


@grounds.register
def _section(row: Section) -> Iterator[Ground]:
    yield _recorder()
    yield _state(row.visit.state)
    yield from _released(row)


@grounds.register
def _need(row: Need) -> Iterator[Ground]:
    yield _recorder()
    if row.put_to_state_at is not None:
        yield _state(row.state)
        yield from _released(row)


@grounds.register
def _consent(row: Consent) -> Iterator[Ground]:
    yield _recorder()
    yield _state(row.state)


@grounds.register
def _release(row: Release) -> Iterator[Ground]:
    """How a release came about is the State's own affair; what it became, its consents, CTED sees too."""
    yield _state(row.state)


@grounds.register
def _two_person_rule(row: TwoPersonRule) -> Iterator[Ground]:
    yield _state(row.state)


@grounds.register
def _offer(row: Offer) -> Iterator[Ground]:
    yield Ground(row.provider.group_id, Why.PROVIDER)
    if row.status != OfferStatus.PUBLISHED:
        return
    if not row.visible_to_named_only:
        yield Ground(MEMBERS, Why.PUBLISHED, owner=False)
        return
    for group in row.for_states.values_list("group_id", flat=True):
        yield Ground(group, Why.NAMED_STATE, owner=False)
    yield Ground(office(CTED), Why.CTED, owner=False)
    yield Ground(office(UNOCT), Why.UNOCT, owner=False)


@grounds.register
def _match(row: Match) -> Iterator[Ground]:
    """A match is seen by those named here who also see its need (policy adds the second half)."""
    yield Ground(row.provider.group_id, Why.PROVIDER)
    yield _state(row.need.state)
    yield _recorder()
    yield Ground(office(UNOCT), Why.UNOCT)
    if row.status in CONFIRMED_MATCH:
        yield Ground(MEMBERS, Why.WITH_NEED, owner=False)


@grounds.register
def _project(row: Project) -> Iterator[Ground]:
    if row.is_imported:
        yield Ground(MEMBERS, Why.IMPORTED)
        return
    if row.lead:
        yield Ground(row.lead.group_id, Why.LEAD)
    parties = row.parties.filter(organisation__isnull=False)
    for group, role in parties.values_list("organisation__group_id", "role"):
        yield Ground(group, Why.PARTNER, role=role)
    if not row.is_restricted:
        for group in row.states.values_list("group_id", flat=True):
            yield Ground(group, Why.PROJECT_STATE)
        yield Ground(COMPACT, Why.COMPACT)


@grounds.register
def _document(row: Document) -> Iterator[Ground]:
    """A document is for whom its row is for; once removed, for the organisation that attached it, while it sees the row."""
    of_parent = list(grounds(row.parent))
    own = row.attached_as.organisation
    if row.removed_at is None:
        yield from of_parent
    elif includes({ground.group for ground in of_parent}, own):
        yield Ground(own.group_id, Why.ATTACHED)

"""The only writer of audiences: works out from facts and consents who a row is for, and points the row there.

Consent rows are the truth, audiences an index of it. `place` may be called again at any time; `drift` says whether
any row points elsewhere than the facts say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from typing import Any

from django.db import transaction
from guardian.shortcuts import get_perms_for_model

from assistance.models import Audience, AudienceGrant, Consent, Match, Need, Offer, Project, Restricted, Section, Visit
from assistance.models.audience import audience_key
from assistance.states import CONFIRMED_MATCH, Decision, OfferStatus
from entities.actors import CTED, UNOCT
from entities.groups import COMPACT, MEMBERS
from entities.models import Organisation


@dataclass(frozen=True)
class Placement:
    """Who a row is for: groups that see it until `until`, and owners who see it after that too."""

    audience: frozenset[int]
    owners: frozenset[int]
    until: date | None = None


def office(slug: str) -> int:
    """Return the group id of one of the two offices (CTED, UNOCT).

    Raises Organisation.DoesNotExist when reference data has not been loaded.
    """
    return Organisation.objects.values_list("group_id", flat=True).get(slug=slug)


def audience_of(groups: Iterable[int]) -> Audience:
    """Return the audience of exactly these groups, making it and its grants when it is new."""
    wanted = frozenset(groups)
    audience, created = Audience.objects.get_or_create(key=audience_key(wanted), defaults={"groups": sorted(wanted)})
    if created:
        _grant(audience)
    return audience


def _grant(audience: Audience) -> None:
    view = get_perms_for_model(Audience).get(codename="view_audience")
    AudienceGrant.objects.bulk_create(
        [AudienceGrant(content_object=audience, group_id=group, permission=view) for group in audience.groups]
    )


def groups_of(audience: Audience) -> frozenset[int]:
    """Return the ids of the groups of an audience."""
    return frozenset(audience.groups)


def consent_in_force(row: Any) -> Consent | None:
    """Return the last word of the State on this row when it is a release, else None. Its end date is not looked at.

    A list that has read the consents of all its rows at once is not asked again for each.
    """
    if "consents" in getattr(row, "_prefetched_objects_cache", ()):
        last = max(row.consents.all(), key=lambda consent: (consent.given_at, consent.pk), default=None)
    else:
        last = row.consents.select_related("released_to").order_by("-given_at", "-id").first() if row.pk else None
    return last if last and last.decision == Decision.GRANTED else None


@singledispatch
def placement(row: Restricted) -> Placement:
    """Return who this row is for, from the facts alone. Source: domain rules, section 6."""
    raise TypeError(f"No rule says who may see a {type(row).__name__}.")


@placement.register
def _visit(row: Visit) -> Placement:
    seen_by = frozenset({office(CTED), office(UNOCT), row.state.group_id, COMPACT})
    return Placement(seen_by, seen_by)


def _released(row: Need | Section, owners: frozenset[int]) -> Placement:
    consent = consent_in_force(row)
    if consent is None or consent.released_to is None:
        return Placement(owners, owners)
    return Placement(owners | groups_of(consent.released_to), owners, consent.until)


@placement.register
def _section(row: Section) -> Placement:
    return _released(row, frozenset({office(CTED), row.visit.state.group_id}))


@placement.register
def _need(row: Need) -> Placement:
    if row.put_to_state_at is None:
        only_cted = frozenset({office(CTED)})
        return Placement(only_cted, only_cted)
    return _released(row, frozenset({office(CTED), row.state.group_id}))


@placement.register
def _consent(row: Consent) -> Placement:
    owners = frozenset({office(CTED), row.state.group_id})
    return Placement(owners, owners)


@placement.register
def _offer(row: Offer) -> Placement:
    owners = frozenset({row.provider.group_id})
    if row.status != OfferStatus.PUBLISHED:
        return Placement(owners, owners)
    if not row.visible_to_named_only:
        return Placement(owners | {MEMBERS}, owners)
    named = frozenset(row.for_states.values_list("group_id", flat=True))
    return Placement(owners | named | {office(CTED), office(UNOCT)}, owners)


@placement.register
def _match(row: Match) -> Placement:
    """A match is seen by those named here who also see its need (policy adds the second half)."""
    parties = frozenset({row.provider.group_id, row.need.state.group_id, office(CTED), office(UNOCT)})
    confirmed = row.status in CONFIRMED_MATCH
    return Placement(parties | {MEMBERS} if confirmed else parties, parties)


@placement.register
def _project(row: Project) -> Placement:
    if row.is_imported:
        return Placement(frozenset({MEMBERS}), frozenset({MEMBERS}))
    parties = {o.group_id for o in Organisation.objects.filter(parts__project=row)}
    states = set() if row.is_restricted else {*row.states.values_list("group_id", flat=True), COMPACT}
    lead = {row.lead.group_id} if row.lead else set()
    seen_by = frozenset(parties | states | lead)
    return Placement(seen_by, seen_by)


def place(row: Restricted) -> bool:
    """Point the row (in memory) at the audience the facts give; return whether anything changed. Does not save."""
    want = placement(row)
    audience = audience_of(want.audience)
    owners = audience if want.owners == want.audience else audience_of(want.owners)
    before = (row.audience_id, row.owners_id, row.released_until)
    row.audience, row.owners, row.released_until = audience, owners, want.until
    return before != (audience.pk, owners.pk, want.until)


PLACED = ["audience", "owners", "released_until"]
RETIRED = "retired-"
RESTRICTED: tuple[type[Restricted], ...] = (Visit, Section, Need, Consent, Offer, Match, Project)


@dataclass(frozen=True)
class Drift:
    """A row that points elsewhere than the facts say."""

    model: str
    pk: object


def drift(*, mend: bool) -> Iterator[Drift]:
    """Yield every row, and every audience, that is not as the facts say; with `mend`, put it right as well."""
    yield from _audiences_adrift(mend=mend)
    for model in RESTRICTED:
        for pk in model._default_manager.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=500):
            with transaction.atomic():  # read anew under its lock, so that nothing a State does meanwhile is undone
                row = model._default_manager.select_for_update(of=("self",)).get(pk=pk)
                if place(row):
                    if mend:
                        row.save(update_fields=PLACED)
                    yield Drift(model._meta.label, row.pk)


def _audiences_adrift(*, mend: bool) -> Iterator[Drift]:
    """An audience is named by its content: one whose set or grants say otherwise has been tampered with."""
    in_use = Audience.objects.exclude(key__startswith=RETIRED)
    for audience in in_use.prefetch_related("grants").iterator(chunk_size=500):
        granted = sorted(grant.group_id for grant in audience.grants.all())
        if audience.key == audience_key(audience.groups) and granted == sorted(audience.groups):
            continue
        if mend:
            with transaction.atomic():
                _restore(audience, granted)
        yield Drift(Audience._meta.label, audience.pk)


def _restore(audience: Audience, granted: list[int]) -> None:
    """Make the grants again from the set, or the set from the grants, whichever its name vouches for.

    Where it vouches for neither, nobody sees what points here until the row is placed again.
    """
    whole = next((groups for groups in (audience.groups, granted) if audience_key(groups) == audience.key), None)
    audience.groups = sorted(whole or [])
    if whole is None:
        audience.key = f"{RETIRED}{audience.pk}"
    audience.save(update_fields=["groups", "key"])
    audience.grants.all().delete()
    _grant(audience)

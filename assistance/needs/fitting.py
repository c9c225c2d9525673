"""The other direction: the needs that fit an offer or a project, for its provider, by the same score."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assistance.access import policy
from assistance.needs.matching import MOST, TOP, CandidateSide, NeedSide, Score, best, score
from assistance.needs.models import Dismissal, Match, Need
from assistance.needs.queries import with_coverage
from assistance.needs.states import CONFIRMED_MATCH, OPEN_MATCH, OPEN_TO_OFFERS
from assistance.needs.suggestion_facts import LEAST_LEFT, asked, declines, deliveries
from assistance.needs.suggestions import Candidate
from assistance.offers.capacity import capacities
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from assistance.pages.filters import inside
from assistance.projects.states import UNDER_WAY
from entities.actors import Actor
from entities.models import Region


@dataclass(frozen=True)
class Fit:
    """A need that an offer or a project fits, and how well."""

    need: Need
    score: Score


def owner_of(row: Candidate) -> UUID | None:
    """Return the key of whoever provides by an offer or a project."""
    return row.provider_id if isinstance(row, Offer) else row.lead_id


def is_for(actor: Actor, row: Candidate) -> bool:
    """Return whether this actor is shown the needs that fit: whoever acts for the provider, and does not view as another."""
    return actor.viewer is None and actor.acts_for(owner_of(row)) and policy.may_create(actor, Match)


def can_serve(row: Candidate) -> bool:
    """Return whether an offer or project could be proposed for long enough: `suggestions` ranks no others."""
    if isinstance(row, Offer):
        return row.status == OfferStatus.PUBLISHED and not row.is_expired
    ends = row.actual_end or row.planned_end
    return row.status in UNDER_WAY and (ends is None or ends >= timezone.now().date() + LEAST_LEFT)


def needs_that_fit(actor: Actor, row: Candidate) -> list[Fit]:
    """Return the needs open to offers that this provider sees, best fitting first; none for other actors."""
    if not is_for(actor, row) or not can_serve(row):
        return []
    side = candidate_side(actor, row)
    rows = _open_needs(actor, row).filter(_of_theme_or_type(side), _of_place(row))
    ranked = best(_scores(actor, row, side, rows))[:MOST]
    kept = policy.visible(actor, Need).select_related("state", "theme").in_bulk([one.key for one in ranked])
    return [Fit(kept[one.key], one) for one in ranked if one.key in kept]


def fitting_context(actor: Actor, row: Candidate) -> dict[str, Any]:
    """Return what the page of an offer or project shows of the needs that fit: nothing for others than its provider."""
    if not is_for(actor, row) or not can_serve(row):
        return {}
    found = needs_that_fit(actor, row)
    return {
        "shows_fitting": True,
        "fitting": found[:TOP],
        "fitting_others": found[TOP:],
        "fitting_by": row.record_name(),
    }


# ── The candidate ────────────────────────────────────────────────────────────
def candidate_side(actor: Actor, row: Candidate) -> CandidateSide:
    """Return of an offer or project what scoring compares with every need."""
    served = policy.visible(actor, Match).filter(**{row.record_name(): row}, status__in=CONFIRMED_MATCH)
    instruments = set(served.order_by().values_list("need__instrument", flat=True).distinct())
    themes = frozenset(row.themes.values_list("pk", flat=True))
    if isinstance(row, Offer):
        return CandidateSide(
            key=row.pk, themes=themes, assistance_types=frozenset(row.assistance_types),
            states=frozenset(row.for_states.values_list("pk", flat=True)),
            regions=frozenset(row.for_regions.values_list("pk", flat=True)),
            languages=frozenset(row.working_languages), opens_on=row.opens_on, closes_on=row.closes_on,
            free={one.name: one.free for one in capacities(actor, row) if getattr(row, one.name) is not None},
            instruments=frozenset(instruments - {None}),
        )  # fmt: skip
    addressed = policy.visible(actor, Need).filter(projects=row).order_by()
    instruments |= set(addressed.values_list("instrument", flat=True).distinct())
    return CandidateSide(
        key=row.pk, themes=themes, states=frozenset(row.states.values_list("pk", flat=True)),
        regions=frozenset(row.regions.values_list("pk", flat=True)), opens_on=row.actual_start or row.planned_start,
        closes_on=row.actual_end or row.planned_end, open_by_default=False, instruments=frozenset(instruments - {None}),
    )  # fmt: skip


# ── The needs ────────────────────────────────────────────────────────────────
def _open_needs(actor: Actor, row: Candidate) -> QuerySet[Need]:
    """Return the needs of which something is open and for which this can be proposed; not those it was set aside for."""
    here = OuterRef("pk")
    running = Match.objects.filter(need=here, provider=owner_of(row), verified_share=None)
    aside = Dismissal.objects.filter(need=here, undone_at=None, by_org__in=[one.pk for one in actor.organisations])
    rows: QuerySet[Any] = policy.visible(actor, Need).filter(status__in=OPEN_TO_OFFERS).exclude(state=owner_of(row))
    rows = rows.exclude(Exists(running.filter(status__in=(*OPEN_MATCH, *CONFIRMED_MATCH))))
    rows = rows.exclude(Exists(aside.filter(**{row.record_name(): row})))
    covered: QuerySet[Any] = with_coverage(rows)
    return covered.filter(confirmed__lt=100)


def _of_theme_or_type(side: CandidateSide) -> Q:
    theme = Q(theme__in=side.themes)
    return theme if side.assistance_types is None else theme | Q(assistance_type__in=side.assistance_types)


def _of_place(row: Candidate) -> Q:
    own = ("for_states", "for_regions") if isinstance(row, Offer) else ("states", "regions")
    states, regions = (getattr(row, name) for name in own)
    named, around = list(states.values_list("pk", flat=True)), list(regions.all())
    found = Q(state__in=named)
    for region in around:
        found |= inside(region, "state__region")
    return found if named or around else Q()


NEED_VALUES = (
    "pk", "theme", "assistance_type", "state", "state__region", "language", "deadline", "instrument", "source",
)  # fmt: skip


def _scores(actor: Actor, row: Candidate, side: CandidateSide, rows: QuerySet[Need]) -> Iterator[Score | None]:
    """Yield the score of the candidate for each of these needs, under the key of the need."""
    owner = owner_of(row)
    values = list(rows.order_by().values(*NEED_VALUES))
    around = _regions_around(dict(Region.objects.values_list("pk", "parent")))
    declined = {need: day for need, _provider, day in declines(actor, provider=owner)}
    delivered = set(
        deliveries(actor).filter(provider=owner).order_by().values_list("need__state", "need__state__region").distinct()
    )
    states, regions = {state for state, _region in delivered}, {region for _state, region in delivered if region}
    wanted = asked(actor, [(need["pk"], need["source"]) for need in values])
    for need in values:
        near = "region" if need["state__region"] in regions else ""
        one = replace(
            side,
            key=need["pk"],
            delivered="state" if need["state"] in states else near,
            declined_on=declined.get(need["pk"]),
        )
        yield score(
            NeedSide(
                theme=need["theme"], assistance_type=need["assistance_type"], state=need["state"],
                regions=around.get(need["state__region"], frozenset()), language=need["language"],
                deadline=need["deadline"], instrument=need["instrument"], asked=wanted.get(need["pk"]),
            ),
            one,
        )  # fmt: skip


def _regions_around(parents: Mapping[Any, Any]) -> dict[Any, frozenset[str]]:
    """Return of each region its code and those of the wider regions that contain it."""

    def around(code: Any) -> frozenset[str]:
        return frozenset() if code is None else frozenset([code]) | around(parents.get(code))

    return {code: around(code) for code in parents}

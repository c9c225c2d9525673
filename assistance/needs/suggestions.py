"""Ranking: the offers that fit a need, best first. Each query starts from policy."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assistance.access import policy
from assistance.needs.matching import NeedSide, OfferSide, Score, rank, score
from assistance.needs.models import Need
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from entities.actors import Actor
from entities.local_days import today_at
from entities.regions import regions_around


def ranked_offers(actor: Actor, need: Need) -> list[tuple[Offer, Score]]:
    """Return published offers this actor sees, best fitting first, each with its score and the reasons for it.

    For a provider, its own offers are ranked together with those of others. Those of the State itself are left out.
    """
    rows = policy.visible(actor, Offer).filter(status=OfferStatus.PUBLISHED).exclude(provider=need.state_id)
    return rank_for(need, rows.select_related("provider"))


def rank_for(need: Need, rows: QuerySet[Offer]) -> list[tuple[Offer, Score]]:
    """Return the best of the offers that fit, best first, with their providers. Two statements, however many offers.

    The condition leaves out what `score` would: offers that meet neither theme nor type, and those for other places.
    """
    side = _need_side(need)
    links: tuple[Any, ...] = (Offer.themes.through, Offer.for_states.through, Offer.for_regions.through)
    theme, named, region = (
        Exists(link.objects.filter(offer=OuterRef("pk"), **{f"{name}__in": keys}))
        for link, name, keys in zip(
            links, ("theme", "organisation", "region"), ([side.theme], [side.state], side.regions), strict=True
        )
    )
    elsewhere = [Exists(link.objects.filter(offer=OuterRef("pk"))) for link in links[1:]]
    fitting = rows.annotate(has_theme=theme, is_named=named, in_region=region).filter(
        Q(has_theme=True) | Q(assistance_types__contains=[side.assistance_type]),
        Q(is_named=True) | Q(in_region=True) | (~elsewhere[0] & ~elsewhere[1]),
        Q(closes_on=None) | Q(closes_on__gte=today_at("provider__time_zone")),
    )
    ranked = rank(side, (_part_of(side, values) for values in fitting.order_by().values(*COMPARED)))
    best = rows.select_related("provider").in_bulk([found.key for found in ranked])
    return [(best[found.key], found) for found in ranked if found.key in best]


COMPARED = (
    "pk", "has_theme", "is_named", "in_region", "assistance_types", "working_languages", "opens_on", "closes_on", "places",
    "expert_days", "amount",
)  # fmt: skip


def _part_of(need: NeedSide, offer: Mapping[str, Any]) -> OfferSide:
    """Return of an offer what scoring compares with this need."""
    return OfferSide(
        key=offer["pk"],
        themes=frozenset([need.theme] if offer["has_theme"] else ()),
        assistance_types=frozenset(offer["assistance_types"]),
        states=frozenset([need.state] if offer["is_named"] else ()),
        regions=need.regions if offer["in_region"] else frozenset(),
        languages=frozenset(offer["working_languages"]),
        opens_on=offer["opens_on"],
        closes_on=offer["closes_on"],
        states_capacity=bool(offer["places"] or offer["expert_days"] or offer["amount"]),
    )


def score_of(need: Need, offer: Offer) -> Score | None:
    """Return how well one offer fits a need; None when it is for other States, or meets neither theme nor type."""
    return score(_need_side(need), _offer_side(offer))


def _need_side(need: Need) -> NeedSide:
    return NeedSide(
        theme=need.theme_id,
        assistance_type=need.assistance_type,
        state=need.state_id,
        regions=frozenset(region.pk for region in regions_around(need.state.region)),
        language=need.language,
        deadline=need.deadline,
    )


def _offer_side(offer: Offer) -> OfferSide:
    return OfferSide(
        key=offer.pk,
        themes=frozenset(theme.pk for theme in offer.themes.all()),
        assistance_types=frozenset(offer.assistance_types),
        states=frozenset(state.pk for state in offer.for_states.all()),
        regions=frozenset(region.pk for region in offer.for_regions.all()),
        languages=frozenset(offer.working_languages),
        opens_on=offer.opens_on,
        closes_on=offer.closes_on,
        states_capacity=bool(offer.places or offer.expert_days or offer.amount),
    )

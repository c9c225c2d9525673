"""Scoring of offers against a need: every point has a reason, and a better fit never lowers the score."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistance.needs.matching import REASONS, NeedSide, OfferSide, rank, score
from assistance.needs.suggestions import rank_for, score_of
from assistance.offers.models import Offer
from assistance.tests.cast import Cast
from entities.models import Region, Theme
from entities.regions import regions_around

THEMES, TYPES, STATES, REGIONS, LANGUAGES = (
    ("border", "cft"),
    ("training", "ict"),
    ("a", "b"),
    ("002", "014"),
    ("en", "ar"),
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 20))
KEY = UUID(int=1)

NEED = NeedSide("border", "training", "a", frozenset({"014", "202", "002"}), "en", date(2026, 6, 1))
OFFER = OfferSide(KEY, frozenset(), frozenset(), frozenset(), frozenset(), frozenset())


def some(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values))


needs = st.builds(
    NeedSide,
    theme=st.sampled_from(THEMES),
    assistance_type=st.sampled_from(TYPES),
    state=st.sampled_from(STATES),
    regions=some(REGIONS),
    language=st.sampled_from(LANGUAGES),
    deadline=st.none() | DAYS,
)
offers = st.builds(
    OfferSide,
    key=st.uuids(),
    themes=some(THEMES),
    assistance_types=some(TYPES),
    states=some(STATES),
    regions=some(REGIONS),
    languages=some(LANGUAGES),
    opens_on=st.none() | DAYS,
    closes_on=st.none() | DAYS,
    states_capacity=st.booleans(),
)


def points(need: NeedSide, offer: OfferSide) -> int:
    found = score(need, offer)
    return -1 if found is None else found.points


@given(needs, offers)
def test_the_reasons_sum_to_the_total_which_is_at_most_100(need: NeedSide, offer: OfferSide) -> None:
    found = score(need, offer)
    if found is not None:
        assert found.points == sum(part for _name, part in found.parts) <= 100
        assert all(part > 0 for _name, part in found.parts)
        assert len(found.reasons) == len({name for name, _part in found.parts}) == len(found.parts)


@given(needs, offers)
def test_a_fitting_property_more_never_lowers_the_score(need: NeedSide, offer: OfferSide) -> None:
    before = points(need, offer)
    better = [
        replace(offer, themes=offer.themes | {need.theme}),
        replace(offer, assistance_types=offer.assistance_types | {need.assistance_type}),
        replace(offer, states=offer.states | {need.state}),
        replace(offer, languages=offer.languages | {need.language}),
        replace(offer, opens_on=None),
        replace(offer, closes_on=None),
        replace(offer, states_capacity=True),
        *(replace(offer, regions=offer.regions | {region}) for region in need.regions),
    ]
    assert all(points(need, other) >= before for other in better)


@given(needs, offers)
def test_an_offer_for_other_states_only_is_no_match(need: NeedSide, offer: OfferSide) -> None:
    elsewhere = replace(offer, states=frozenset({"elsewhere"}), regions=frozenset({"999"}))
    assert score(need, elsewhere) is None


@given(needs, st.lists(offers, max_size=8))
def test_ranking_is_by_points_and_does_not_depend_on_the_order_given(need: NeedSide, given_: list[OfferSide]) -> None:
    ranked = rank(need, given_)
    assert [found.points for found in ranked] == sorted((found.points for found in ranked), reverse=True)
    assert [found.key for found in rank(need, reversed(given_))] == [found.key for found in ranked]


def test_the_best_offer_earns_100() -> None:
    best = OfferSide(
        KEY, frozenset({"border"}), frozenset({"training"}), frozenset({"a"}), frozenset(), frozenset({"en"}),
        date(2026, 1, 1), date(2026, 12, 31), states_capacity=True,
    )  # fmt: skip
    found = score(NEED, best)
    assert found is not None
    assert found.points == 100


def test_meeting_neither_theme_nor_type_is_no_match() -> None:
    assert score(NEED, replace(OFFER, themes=frozenset({"cft"}), languages=frozenset({"en"}))) is None


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ({"states": frozenset({"a", "b"})}, "state_named"),
        ({"regions": frozenset({"002"})}, "region"),
        ({"states": frozenset({"b"}), "regions": frozenset({"002"})}, "region"),
        ({}, "any_state"),
    ],
)
def test_where_an_offer_helps_counts_once_by_its_closest_reason(place: dict[str, frozenset[str]], name: str) -> None:
    found = score(NEED, replace(OFFER, themes=frozenset({"border"}), **place))
    assert found is not None
    assert [part for part, _points in found.parts if part in ("state_named", "region", "any_state")] == [name]
    assert name in REASONS


@pytest.mark.parametrize(
    ("opens", "closes", "fits"),
    [
        (None, None, True),
        (date(2026, 6, 1), date(2026, 6, 1), True),
        (None, date(2026, 5, 31), False),
        (date(2026, 6, 2), None, False),
    ],
)
def test_in_time_means_open_on_the_day_the_need_names(opens: date | None, closes: date | None, fits: bool) -> None:
    offer = replace(OFFER, themes=frozenset({"border"}), opens_on=opens, closes_on=closes)
    found = score(NEED, offer)
    assert found is not None
    assert ("in_time" in dict(found.parts)) is fits
    undated = score(replace(NEED, deadline=None), offer)
    assert undated is not None
    assert "in_time" in dict(undated.parts)


def test_a_region_counts_for_the_states_of_the_regions_inside_it(cast: Cast) -> None:
    wide = Region.objects.create(code="202", name="Sub-Saharan Africa", parent=cast.region)
    east = Region.objects.create(code="014", name="Eastern Africa", parent=wide)
    state = cast.org("carana")
    state.region = east
    state.save()
    assert [region.pk for region in regions_around(east)] == ["014", "202", "002"]
    need = cast.need("shared")
    cast.offer(for_regions=[cast.region])
    [(_offer, found)] = rank_for(need, Offer.objects.all())
    assert "region" in dict(found.parts)


@given(needs, offers)
def test_what_does_not_fit_is_said_for_every_point_that_is_not_met(need: NeedSide, offer: OfferSide) -> None:
    found = score(need, offer)
    if found is not None:
        assert len(found.reasons) + len(found.misses) == found.compared
        assert found.points_met == len(found.reasons), "the number says how many of the points fit"


def test_each_miss_has_its_words() -> None:
    found = score(replace(NEED, deadline=date(2026, 6, 1)), replace(OFFER, themes=frozenset({"border"})))
    assert found is not None
    assert [str(text) for text in found.misses] == [
        "Does not provide this type of assistance",
        "Not available in the language of the need",
        "Capacity not stated",
    ]


def test_the_offers_chosen_by_the_database_are_those_that_score_finds(cast: Cast) -> None:
    state, region = cast.org("carana"), cast.region
    state.region = Region.objects.create(code="202", name="Sub-Saharan Africa", parent=region)
    state.save()
    elsewhere = Region.objects.create(code="019", name="Americas")
    need = cast.need("shared", audience="compact")
    other = Theme.objects.create(code="other", name="Other", pillar=need.pillar)
    places: tuple[dict[str, Any], ...] = (
        {}, {"for_states": [need.state]}, {"for_states": [cast.org("sumora")]}, {"for_regions": [region]},
        {"for_regions": [elsewhere]}, {"for_states": [cast.org("sumora")], "for_regions": [region]},
    )  # fmt: skip
    for theme in (cast.theme, other):
        for kind in (need.assistance_type, "equipment"):
            for place in places:
                cast.offer(themes=[theme], assistance_types=[kind], **place)
    over = cast.offer()
    Offer.objects.filter(pk=over.pk).update(closes_on=date(2020, 1, 1))
    scores = {offer.pk: score_of(need, offer) for offer in Offer.objects.exclude(pk=over.pk)}
    fitting = [(-found.points, str(pk)) for pk, found in scores.items() if found is not None]
    ranked = rank_for(need, Offer.objects.all())
    assert [(-found.points, str(offer.pk)) for offer, found in ranked] == sorted(fitting)[:20]
    assert 10 < len(ranked) < len(scores) and all(found == scores[offer.pk] for offer, found in ranked)

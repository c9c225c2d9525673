"""Scoring of offers and projects against a need: every point has a reason, a better fit never lowers the score."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assistance.needs.fitting import needs_that_fit
from assistance.needs.matching import (
    DECLINED,
    MISSES,
    PLACES,
    REASONS,
    UNKNOWN,
    WEIGHTS,
    Asked,
    CandidateSide,
    NeedSide,
    Verdict,
    rank,
    score,
)
from assistance.needs.suggestions import Ranking, nobody_because, score_of
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.tests.cast import Cast
from entities.models import Region, Theme
from entities.regions import regions_around

THEMES, TYPES, STATES, REGIONS, LANGUAGES, KINDS = (
    ("border", "cft"),
    ("training", "ict"),
    ("a", "b"),
    ("002", "014"),
    ("en", "ar"),
    ("places", "expert_days"),
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 20))
KEY = UUID(int=1)

NEED = NeedSide("border", "training", "a", frozenset({"014", "202", "002"}), "en", date(2026, 6, 1), "S/RES/1373")
OFFER = CandidateSide(KEY, frozenset({"border"}), frozenset())
BEST = CandidateSide(
    KEY, frozenset({"border"}), frozenset({"training"}), frozenset({"a"}), frozenset(), frozenset({"en"}),
    date(2026, 1, 1), date(2026, 12, 31), free={"places": 20}, instruments=frozenset({"S/RES/1373"}), delivered="state",
)  # fmt: skip
PROJECT = CandidateSide(KEY, frozenset({"border"}), open_by_default=False)


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
    instrument=st.none() | st.just("S/RES/1373"),
    asked=st.none() | st.builds(Asked, st.sampled_from(KINDS), st.integers(1, 30)),
)
candidates = st.builds(
    CandidateSide,
    key=st.uuids(),
    themes=some(THEMES),
    assistance_types=st.none() | some(TYPES),
    states=some(STATES),
    regions=some(REGIONS),
    languages=st.none() | some(LANGUAGES),
    opens_on=st.none() | DAYS,
    closes_on=st.none() | DAYS,
    open_by_default=st.booleans(),
    free=st.dictionaries(st.sampled_from(KINDS), st.integers(0, 40)),
    instruments=some(("S/RES/1373", "S/RES/2396")),
    delivered=st.sampled_from(("", "region", "state")),
    declined_on=st.none() | DAYS,
)


def points(need: NeedSide, candidate: CandidateSide) -> int:
    found = score(need, candidate)
    return -1 if found is None else found.points


def test_the_weights_sum_to_100() -> None:
    assert sum(WEIGHTS.values()) == 100 and max(PLACES.values()) == WEIGHTS["place"]


@given(needs, candidates)
def test_the_parts_sum_to_the_total_which_is_at_most_100(need: NeedSide, candidate: CandidateSide) -> None:
    found = score(need, candidate)
    if found is not None:
        assert found.points == sum(part.points for part in found.parts)
        assert 0 <= found.points <= 100
        assert sum(part.points for part in found.parts if part.points > 0) <= 100
        assert all((part.points > 0) is (part.verdict == Verdict.FITS) for part in found.parts)
        assert {part.points for part in found.parts if part.points < 0} <= {DECLINED}


@given(needs, candidates)
def test_a_fitting_fact_more_never_lowers_the_score(need: NeedSide, candidate: CandidateSide) -> None:
    before = points(need, candidate)
    day = need.deadline or date(2026, 1, 1)
    begins, ends = candidate.opens_on or day, candidate.closes_on or day
    better = [
        replace(candidate, themes=candidate.themes | {need.theme}),
        replace(candidate, assistance_types=(candidate.assistance_types or frozenset()) | {need.assistance_type}),
        replace(candidate, states=candidate.states | {need.state}),
        replace(candidate, languages=(candidate.languages or frozenset()) | {need.language}),
        replace(candidate, opens_on=min(begins, day), closes_on=max(ends, day)),
        replace(candidate, free={**candidate.free, **dict.fromkeys(KINDS, 99)}),
        replace(candidate, instruments=candidate.instruments | {need.instrument}),
        replace(candidate, delivered="state"),
        replace(candidate, declined_on=None),
        *(replace(candidate, regions=candidate.regions | {region}) for region in need.regions),
    ]
    assert all(points(need, other) >= before for other in better)


@given(needs, candidates)
def test_to_have_declined_costs_20_and_nothing_else(need: NeedSide, candidate: CandidateSide) -> None:
    without = score(need, replace(candidate, declined_on=None))
    found = score(need, replace(candidate, declined_on=date(2026, 3, 1)))
    assert (found is None) is (without is None)
    if found is not None and without is not None:
        assert found.points == without.points + DECLINED and found.parts[:-1] == without.parts
        assert str(found.parts[-1].text) == "Declined this need on 1 March 2026" and found.parts[-1].signed == "−20"
        assert found.compared == without.compared, "it is no criterion of the need"


@given(needs, candidates)
def test_a_candidate_for_other_states_only_is_no_match(need: NeedSide, candidate: CandidateSide) -> None:
    elsewhere = replace(candidate, states=frozenset({"elsewhere"}), regions=frozenset({"999"}))
    assert score(need, elsewhere) is None


@given(needs, st.lists(candidates, max_size=8))
def test_ranking_is_by_points_and_does_not_depend_on_the_order_given(
    need: NeedSide, given_: list[CandidateSide]
) -> None:
    ranked = rank(need, given_)
    assert [found.points for found in ranked] == sorted((found.points for found in ranked), reverse=True)
    assert [found.key for found in rank(need, reversed(given_))] == [found.key for found in ranked]


@given(needs, candidates)
def test_every_part_has_its_words(need: NeedSide, candidate: CandidateSide) -> None:
    found = score(need, candidate)
    if found is not None:
        assert all(str(part.text) for part in found.parts)
        assert len(found.reasons) + len([one for one in found.misses if one.name != "declined"]) == found.compared


def test_the_best_offer_earns_100() -> None:
    found = score(NEED, BEST)
    assert found is not None and found.points == 100 and not found.misses
    assert {part.text for part in found.parts} <= set(REASONS.values())


def test_what_a_project_does_not_state_is_said_and_never_made_up() -> None:
    found = score(NEED, PROJECT)
    assert found is not None and found.points == WEIGHTS["theme"]
    unknown = [part.name for part in found.parts if part.verdict == Verdict.UNKNOWN]
    assert unknown == ["assistance_type", "place", "in_time", "language", "capacity"]
    assert {str(part.text) for part in found.parts if part.verdict == Verdict.UNKNOWN} <= set(
        map(str, UNKNOWN.values())
    )
    assert score(NEED, replace(PROJECT, themes=frozenset())) is None, "a project without themes fits nothing"


@pytest.mark.parametrize(
    ("asked", "free", "verdict"),
    [
        (None, {}, Verdict.UNKNOWN),
        (None, {"places": 0}, Verdict.MISSES),
        (None, {"places": 0, "expert_days": 1}, Verdict.FITS),
        (Asked("places", 10), {"places": 10}, Verdict.FITS),
        (Asked("places", 10), {"places": 9}, Verdict.MISSES),
        (Asked("places", 10), {"expert_days": 90}, Verdict.UNKNOWN),
    ],
)
def test_capacity_is_compared_with_what_the_need_asks_for(
    asked: Asked | None, free: dict[str, int], verdict: Verdict
) -> None:
    found = score(replace(NEED, asked=asked), replace(OFFER, free=free))
    assert found is not None
    assert next(part.verdict for part in found.parts if part.name == "capacity") == verdict


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
    found = score(NEED, replace(OFFER, **place))
    assert found is not None
    placed = [part for part in found.parts if part.name in PLACES]
    assert [(part.name, part.points) for part in placed] == [(name, PLACES[name])]
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
    offer = replace(OFFER, opens_on=opens, closes_on=closes)
    found = score(NEED, offer)
    assert found is not None
    assert ("in_time" in {part.name for part in found.reasons}) is fits
    undated = score(replace(NEED, deadline=None), offer)
    assert undated is not None
    assert "in_time" in {part.name for part in undated.reasons}


def test_a_region_counts_for_the_states_of_the_regions_inside_it(cast: Cast) -> None:
    wide = Region.objects.create(code="202", name="Sub-Saharan Africa", parent=cast.region)
    east = Region.objects.create(code="014", name="Eastern Africa", parent=wide)
    state = cast.org("carana")
    state.region = east
    state.save()
    assert [region.pk for region in regions_around(east)] == ["014", "202", "002"]
    need, offer = cast.need("shared"), cast.offer(for_regions=[cast.region])
    found = score_of(cast.cted, need, offer)
    assert found is not None and "region" in {part.name for part in found.reasons}
    [fit] = needs_that_fit(cast.unodc, offer)
    assert (fit.need, fit.score.parts) == (need, found.parts)


def test_each_miss_has_its_words() -> None:
    found = score(NEED, replace(OFFER, languages=frozenset({"ar"})))
    assert found is not None
    assert [str(part.text) for part in found.misses] == [
        "Does not provide this type of assistance",
        "Serves no need under the same instrument",
        "Not available in the language of the need",
        "Capacity not stated",
        "No verified delivery in this State or its region",
    ]
    assert {part.text for part in found.misses} <= {*MISSES.values(), *UNKNOWN.values()}


def places(cast: Cast) -> tuple[tuple[Any, ...], ...]:
    """Return States and regions by which a candidate may be for carana or not."""
    elsewhere, _made = Region.objects.get_or_create(code="019", defaults={"name": "Americas"})
    carana, sumora = cast.org("carana"), cast.org("sumora")
    return (
        ([], []), ([carana], []), ([sumora], []), ([], [cast.region]), ([], [elsewhere]), ([sumora], [cast.region]),
    )  # fmt: skip


@pytest.mark.turns(days=2)
def test_the_candidates_chosen_by_the_database_are_those_that_score_finds(cast: Cast) -> None:
    state, region = cast.org("carana"), cast.region
    state.region = Region.objects.create(code="202", name="Sub-Saharan Africa", parent=region)
    state.save()
    need = cast.need("shared", audience="compact")
    other = Theme.objects.create(code="other", name="Other", pillar=need.pillar)
    for theme in (cast.theme, other):
        for named, around in places(cast):
            cast.project(themes=[theme], states=named, regions=around)
            for kind in (need.assistance_type, "equipment"):
                cast.offer(themes=[theme], assistance_types=[kind], for_states=named, for_regions=around)
    over = cast.offer()
    Offer.objects.filter(pk=over.pk).update(closes_on=date(2020, 1, 1))
    ranking = Ranking(cast.cted, need)
    for model in (Offer, Project):
        rows = model.objects.exclude(pk=over.pk)
        scores = {row.pk: ranking.score_of(row) for row in rows}
        fitting = [(-found.points, str(pk)) for pk, found in scores.items() if found is not None]
        ranked = ranking.of(model.objects.all())
        assert [(-one.score.points, str(one.row.pk)) for one in ranked] == sorted(fitting)[:20]
        assert 2 < len(ranked) < len(scores) and all(one.score == scores[one.row.pk] for one in ranked)
    failed = {(one.kind, one.rule): one.count for one in nobody_because(cast.cted, need)}
    assert failed == {
        ("offer", "theme"): 6, ("offer", "place"): 6, ("offer", "time"): 1, ("project", "theme"): 6, ("project", "place"): 2,
    }  # fmt: skip
    assert sum(failed.values()) + len(ranking.both()) == Offer.objects.count() + Project.objects.count()


def test_of_projects_those_with_90_days_left_are_candidates(cast: Cast) -> None:
    need, today = cast.need("shared"), timezone.now().date()
    days = {"none": None, "long": today + timedelta(days=90), "short": today + timedelta(days=89)}
    made = {name: cast.project(themes=[cast.theme], planned_end=day) for name, day in days.items()}
    made["actual"] = cast.project(themes=[cast.theme], planned_end=days["long"], actual_end=days["short"])
    for status in ("requested", "suspended", "completed", "cancelled"):
        cast.project(themes=[cast.theme], status=status, planned_end=days["long"])
    found = {one.row for one in Ranking(cast.cted, need).both()}
    assert found == {made["none"], made["long"]}
    failed = {(one.kind, one.rule): one.count for one in nobody_because(cast.cted, need)}
    assert failed == {("project", "time"): 2}, "the others are no candidates"

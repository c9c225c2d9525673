"""The status of a request, computed from its facts: every combination of them."""

from itertools import combinations_with_replacement, product

import pytest

from assistance.needs.states import CONFIRMED_MATCH, MatchStatus, NeedStatus
from assistance.requests.states import (
    PATH,
    REQUEST,
    REQUEST_STYLES,
    SETTLED,
    RequestFacts,
    RequestOutcome,
    RequestStatus,
    request_status,
)

UNSETTLED = NeedStatus.SHARED
NEEDS = [(status, share) for status in (*SETTLED, UNSETTLED) for share in (0, 60)]
BEFORE = [status for status in RequestStatus if status in PATH[:4] or status in ("proposed", "returned")]


@pytest.mark.parametrize("outcome", [one for one in RequestOutcome if one != RequestOutcome.LAPSED])
def test_a_decision_closes_whatever_else_is_so(outcome: RequestOutcome) -> None:
    for recorded, matches in product(RequestStatus, ([], ["proposed"], ["delivered"])):
        facts = RequestFacts(recorded=recorded, outcome=outcome, needs=((UNSETTLED, 0),), matches=tuple(matches))
        assert request_status(facts) == (RequestStatus.CLOSED, outcome)


def test_what_lapsed_stays_closed_until_a_provider_is_found() -> None:
    for status in MatchStatus:
        facts = RequestFacts("circulated", RequestOutcome.LAPSED, ((UNSETTLED, 0),), (status,))
        moves_on = status == MatchStatus.PROPOSED or status in CONFIRMED_MATCH
        assert (request_status(facts)[0] == RequestStatus.CLOSED) is not moves_on


@pytest.mark.parametrize("recorded", BEFORE)
def test_before_circulation_it_is_what_was_recorded(recorded: RequestStatus) -> None:
    assert request_status(RequestFacts(recorded=recorded)) == (recorded, "")


def test_every_combination_of_needs_and_matches() -> None:
    matches = [(), *((one,) for one in MatchStatus), *combinations_with_replacement(MatchStatus, 2)]
    for needs in (*((one,) for one in NEEDS), *combinations_with_replacement(NEEDS, 2)):
        for statuses in matches:
            status, outcome = request_status(RequestFacts("circulated", needs=needs, matches=tuple(statuses)))
            proposed = MatchStatus.PROPOSED in statuses
            settled = all(one in SETTLED for one, _share in needs)
            assert (status == RequestStatus.CLOSED) is settled
            assert bool(outcome) is (status == RequestStatus.CLOSED)
            if status == RequestStatus.CLOSED:
                met = all(one == NeedStatus.MET for one, _share in needs)
                part = any(share for _one, share in needs)
                assert outcome == ("met" if met else "partly_met" if part else "not_met")
                continue
            if set(statuses) & {MatchStatus.IN_DELIVERY, MatchStatus.DELIVERED}:
                assert status == RequestStatus.IN_IMPLEMENTATION
            elif set(statuses) & set(CONFIRMED_MATCH):
                assert status == RequestStatus.PROVIDER_CHOSEN
            else:
                assert status == (RequestStatus.OFFERS_IN if proposed else RequestStatus.CIRCULATED)


def test_each_status_has_a_style_and_is_left_by_somebody() -> None:
    assert set(REQUEST_STYLES) == set(RequestStatus.values)
    left = {status for step in REQUEST.values() for status in step.sources}
    assert left == set(RequestStatus)

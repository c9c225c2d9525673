"""The status of a need and the outcome of a match over all combinations of their facts."""

from itertools import combinations_with_replacement, product

import pytest

from assistance.needs.models import Match
from assistance.needs.states import MatchOutcome, MatchStatus, NeedFacts, NeedStatus, Outcome, need_status

UNANSWERED = {"suggested", "proposed"}
OVER = {"declined", "retracted", "lapsed", "ended"}
CONFIRMED = {"accepted", "in_delivery", "delivered"}
EACH = [(status, verified) for status in MatchStatus.values for verified in (False, True)]
SETS = [matches for number in range(4) for matches in combinations_with_replacement(EACH, number)]


def expected(facts: NeedFacts) -> str:
    """Return the status as section 4 of the domain rules says it, read from the end of the road to its beginning."""
    at_work = [status for status, verified in facts.matches if status in CONFIRMED and not verified]
    delivered = [status for status in at_work if status == "delivered"]
    rules = [
        (facts.closed, "closed"),
        (bool(at_work) and len(delivered) == len(at_work), "delivered"),
        (bool(delivered) or "in_delivery" in at_work, "in_delivery"),
        (bool(at_work) and facts.confirmed_share >= 100, "matched"),
        (bool(at_work), "matched_in_part"),
        (bool(facts.outcome), facts.outcome),
        (facts.released and any(status in UNANSWERED for status, _verified in facts.matches), "under_consideration"),
        (facts.released, "shared"),
        (facts.agreed, "agreed"),
        (facts.put, "put_to_state"),
    ]
    return next((status for applies, status in rules if applies), "draft")


@pytest.mark.parametrize("share", [0, 60, 99, 100, 140])
def test_the_status_of_a_need_over_all_facts(share: int) -> None:
    reached = set()
    for closed, put, agreed, released in product((False, True), repeat=4):
        for outcome, matches in product(("", *Outcome.values), SETS):
            facts = NeedFacts(closed, put, agreed, released, matches, share, outcome)
            found = need_status(facts)
            assert found == expected(facts), facts
            reached.add(found)
    assert reached == set(NeedStatus) - {NeedStatus.MATCHED if share < 100 else NeedStatus.MATCHED_IN_PART}


def test_a_match_that_is_over_changes_nothing() -> None:
    for matches, over in product(SETS[: len(EACH) + 1], sorted(OVER)):
        facts = NeedFacts(False, True, True, True, matches, 60)
        assert need_status(facts) == need_status(NeedFacts(False, True, True, True, (*matches, (over, False)), 60))


@pytest.mark.parametrize("status", MatchStatus.values)
@pytest.mark.parametrize("share", [None, 0, 40])
@pytest.mark.parametrize("ended", ["", *MatchOutcome.values])
def test_the_outcome_of_a_match_over_all_facts(status: str, share: int | None, ended: str) -> None:
    match = Match(status=status, verified_share=share, ended_outcome=ended)
    assert match.outcome == ("helped" if status == "delivered" and share != 0 else ended)

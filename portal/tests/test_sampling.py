"""What a sweep leaves out today it does on another day."""

import pytest

from portal.tests import sampling
from portal.tests.sampling import sample


@pytest.mark.parametrize(("every", "days"), [(6, 1), (6, 2), (12, 2), (20, 1), (1, 3)])
@pytest.mark.parametrize("count", [1, 2, 5, 6, 13, 40])
def test_in_so_many_days_each_item_comes_up_in_each_turn(
    monkeypatch: pytest.MonkeyPatch, count: int, every: int, days: int
) -> None:
    items, first = range(count), sampling.TODAY
    for turn in range(3):
        asked = []
        for day in range(every * days):
            monkeypatch.setattr(sampling, "TODAY", first + day)
            asked.append(list(sample(items, every, turn, days)))
        assert {each for part in asked for each in part} == set(items)
        assert [bool(part) for part in asked].count(True) == every, "each `days`-th day, and never without any"
        assert max(len(part) for part in asked) <= -(-count // every)


def test_of_several_that_ask_in_turn_half_ask_today_and_each_for_another_part() -> None:
    parts = [tuple(sample("abcdef", 6, turn, 2)) for turn in range(12)]
    assert parts.count(()) == 6 and len(set(parts)) == 7
    assert sample([], 6) == ()

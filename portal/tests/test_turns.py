"""A test with turns runs a part of its cases, another each day; in so many days each of them runs."""

from dataclasses import dataclass
from typing import Any

import pytest

from portal.tests import sampling, turns


@dataclass(eq=False)
class Case:
    """As much of a test as the choice asks for."""

    nodeid: str
    marker: Any = None

    def get_closest_marker(self, name: str) -> Any:
        assert name == "turns"
        return self.marker


def cases(function: str, number: int, *arguments: int, file: str = "test_file.py", **more: int) -> list[Any]:
    """Return the cases of a test function with turns."""
    marker = pytest.mark.turns(*arguments, **more).mark
    return [Case(f"{file}::{function}[{n}]", marker) for n in range(number)]


def over(days: int, items: list[Any], monkeypatch: pytest.MonkeyPatch) -> list[list[Any]]:
    """Return what runs on each of so many days."""
    first, found = sampling.TODAY, []
    for day in range(days):
        monkeypatch.setattr(sampling, "TODAY", first + day)
        found.append(turns.taken(items))
    return found


def test_without_turns_a_test_runs_each_day() -> None:
    items: list[Any] = [Case("test_file.py::test_one"), Case("test_file.py::test_two[1]")]
    assert turns.taken(items) == items


@pytest.mark.parametrize(("number", "every", "days"), [(12, 4, 1), (3, 5, 1), (1, 1, 3), (4, 4, 3), (10, 3, 2)])
def test_each_case_runs_in_its_turn(monkeypatch: pytest.MonkeyPatch, number: int, every: int, days: int) -> None:
    items = cases("test_one", number, every, days=days)
    ran = over(every * days, items, monkeypatch)
    assert {case for part in ran for case in part} == set(items)
    assert sum(bool(part) for part in ran) == every
    assert max(map(len, ran)) <= -(-number // min(every, number))


def test_tests_of_one_turn_are_spread_over_the_days(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [case for n in range(30) for case in cases(f"test_{n}", 1, days=3, file=f"test_{n // 2}.py")]
    ran = over(3, items, monkeypatch)
    assert [len(part) for part in ran] == [10, 10, 10]
    files = [{case.nodeid.partition("::")[0] for case in part} for part in ran]
    assert not set.intersection(*files) and {len(part) for part in files} == {5}, "the tests of a file together"

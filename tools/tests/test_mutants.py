"""The mutants of the mutation run: each differs in one change, and replaces the original wherever it is imported."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from tools.mutation.forking import put
from tools.mutation.mutants import Mutant, mutants, unchanged
from tools.mutation.reach import Reach

SOURCE = '''"""What a module is for."""

from enum import StrEnum
from functools import cached_property
from rights_of_a_test import RIGHTS

ROLES = ("a", "b")


class Why(StrEnum):
    """Names, which decide nothing by themselves."""

    LAW = "law"


def may(role: str, own: int = 1) -> bool:
    """Say so."""
    return role in ROLES and own > 0


class Actor:
    role = "a"

    @cached_property
    def acts(self) -> bool:
        return not self.role == "x"
'''


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Mutant]]:
    """Return the mutants of a small module, by their change, with that module and one that imports it loaded."""
    (tmp_path / "rules_of_a_test.py").write_text(SOURCE)
    (tmp_path / "rights_of_a_test.py").write_text("RIGHTS = {'a': 1}\n")
    (tmp_path / "user_of_a_test.py").write_text("from rules_of_a_test import ROLES, Actor, may\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield {f"{one.before} → {one.after}": one for one in mutants(tmp_path, "rules_of_a_test.py")}
    for name in ("rules_of_a_test", "rights_of_a_test", "user_of_a_test"):
        sys.modules.pop(name, None)


def test_each_mutant_is_one_change_of_what_decides(found: dict[str, Mutant]) -> None:
    assert {
        "role in ROLES and own > 0 → role in ROLES or own > 0",
        "role in ROLES → role not in ROLES",
        "own > 0 → own >= 0",
        "0 → 1",
        "1 → 2",
        "('a', 'b') → ('b',)",
        "('a', 'b') → ('a',)",
        "'a' → 'xa'",
        "'b' → 'xb'",
        "not self.role == 'x' → self.role == 'x'",
        "self.role == 'x' → self.role != 'x'",
        "'x' → 'xx'",
    } == set(found)
    assert {ast.unparse(ast.parse(SOURCE))}.isdisjoint(one.source for one in found.values())
    assert found["own > 0 → own >= 0"].name == "rules_of_a_test.py may: own > 0 → own >= 0"


def test_a_mutant_behaves_wherever_the_original_was_known(found: dict[str, Mutant]) -> None:
    import user_of_a_test as user  # type: ignore[import-not-found]

    assert not user.may("c") and user.may("a") and user.Actor().acts
    put(found["role in ROLES → role not in ROLES"])
    assert user.may("c") and not user.may("a")
    put(found["not self.role == 'x' → self.role == 'x'"])
    assert not user.Actor().acts
    put(found["('a', 'b') → ('b',)"])
    assert user.ROLES == ("b",) and user.may("b") and not user.may("a")


def test_what_a_module_takes_from_elsewhere_stays_as_it_is(found: dict[str, Mutant], tmp_path: Path) -> None:
    import rules_of_a_test as rules  # type: ignore[import-not-found]

    for mutant in (unchanged(tmp_path, "rules_of_a_test.py"), *found.values()):
        put(mutant)
        assert rules.RIGHTS == {"a": 1}


@dataclass(frozen=True)
class Named:
    """The part of a pytest item needed here: its name, and its file."""

    nodeid: str
    path: str = "file"


def test_a_mutant_is_tried_with_the_tests_that_come_to_its_statement(
    found: dict[str, Mutant], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    import rules_of_a_test as rules  # type: ignore[import-not-found]

    function, method, neither = items = cast(Any, [Named("function"), Named("method"), Named("neither")])
    reach = Reach(tmp_path / "rules_of_a_test.py")
    with reach.measured(pytestconfig):
        reach.pytest_runtest_call(function)
        rules.may("a")
        reach.pytest_runtest_call(method)
        assert rules.Actor().acts
        reach.pytest_runtest_call(neither)
    assert reach.tests_of(found["own > 0 → own >= 0"], items) == [function]
    assert reach.tests_of(found["'x' → 'xx'"], items) == [method]
    at_import = (found["1 → 2"], found["'a' → 'xa'"], found["('a', 'b') → ('b',)"])
    assert all(reach.tests_of(mutant, items) == items for mutant in at_import)


def test_what_was_set_up_counts_to_every_test_of_its_file(
    found: dict[str, Mutant], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    import rules_of_a_test as rules

    first, second, elsewhere = items = cast(Any, [Named("one"), Named("two"), Named("three", path="other")])
    reach = Reach(tmp_path / "rules_of_a_test.py")
    with reach.measured(pytestconfig):
        reach.pytest_runtest_setup(first)
        rules.may("a")
        reach.pytest_runtest_call(first)
    assert reach.tests_of(found["own > 0 → own >= 0"], items) == [first, second]
    assert elsewhere not in reach.tests_of(found["0 → 1"], items)

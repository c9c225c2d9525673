"""Tests that take turns: of their cases a run of all tests takes a part, another each day.

``@pytest.mark.turns(4)`` takes one case in four, at least one; with ``days=3`` the test runs on each third day only.
Tests that are chosen, by file, by name (`-k`) or by `make prove`, run whole. The plugin is loaded by conftest.py.
"""

import os
from collections import defaultdict

import pytest

from portal.tests.sampling import sample

WHOLE = "PORTAL_TEST_WHOLE"  # set for the parallel processes, which do not see what was asked on the command line


def pytest_configure(config: pytest.Config) -> None:
    """Note whether tests were chosen."""
    if (config.option.file_or_dir and "PYTEST_XDIST_WORKER" not in os.environ) or config.option.keyword:
        os.environ[WHOLE] = "1"


def pytest_report_header() -> str:
    """Name the day that says which part a run takes, of sweeps and of tests with turns."""
    cases = "all cases" if os.environ.get(WHOLE) else "a part of the cases"
    return f"sweeps: the part of PORTAL_TEST_DAY={os.environ['PORTAL_TEST_DAY']}; tests with turns: {cases}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the cases whose turn is on another day."""
    if os.environ.get(WHOLE):
        return
    waiting = set(items) - set(taken(items))
    if waiting:
        config.hook.pytest_deselected(items=[item for item in items if item in waiting])
        items[:] = [item for item in items if item not in waiting]


def taken(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests that run today: all without turns, and of each test with turns the part of this day."""
    functions: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        functions[item.nodeid.partition("[")[0]].append(item)
    found: list[pytest.Item] = []
    files: dict[int, list[str]] = defaultdict(list)  # by the days between two turns
    for name, cases in functions.items():
        marker = cases[0].get_closest_marker("turns")
        if marker is None:
            found += cases
            continue
        every, days = interval(*marker.args, **marker.kwargs)
        file = name.partition("::")[0]
        if file not in files[days]:
            files[days].append(file)
        found += sample(cases, every, files[days].index(file), days)
    return found


def interval(every: int = 1, days: int = 1) -> tuple[int, int]:
    """Return what a marker says: one case in `every` runs, each `days` days.

    Files with the same days have their turn on one day after the other; the tests of a file, which share what it sets
    up, on the same.
    """
    return every, days

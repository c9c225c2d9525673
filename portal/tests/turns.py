"""Tests that take turns: of their cases a run of all tests takes a part, another each day.

``@pytest.mark.turns(4)`` takes one case in four, at least one; with ``days=3`` the test runs on each third day only.
Tests that are chosen, by file, by name (`-k`) or by `make prove`, run whole. The plugin is loaded by conftest.py.
"""

import os
import zlib
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
    for name, cases in functions.items():
        marker = cases[0].get_closest_marker("turns")
        found += cases if marker is None else part(name, cases, *marker.args, **marker.kwargs)
    return found


def part(name: str, cases: list[pytest.Item], every: int = 1, days: int = 1) -> list[pytest.Item]:
    """Return the cases of a test that run today; tests of one marker do not all have their turn on the same day."""
    return list(sample(cases, every, zlib.crc32(name.encode()) % (every * days), days))

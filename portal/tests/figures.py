"""Figures reported by tests: stored with each test's result, summed over all processes, printed at the end of a run.

A test uses the fixture: ``figures.count("canary probes", probe.asked)``. Counts of one name are summed over tests; of
measurements the largest is kept: ``figures.worst("hidden or absent, gap of medians", gap, "ms")``.
"""

import pytest

KEY = "figure"


class Figures:
    """The measurements of one test; numbers and strings only, because results are sent between processes."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self.properties = properties

    def count(self, name: str, number: int) -> None:
        """Add to a sum over all tests of the run."""
        self.properties.append((KEY, ["sum", name, number, ""]))

    def worst(self, name: str, value: float, unit: str) -> None:
        """Report a measurement; of several with one name the largest is printed."""
        self.properties.append((KEY, ["max", name, round(float(value), 3), unit]))


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Return the object to which this test reports its figures."""
    return Figures(request.node.user_properties)


def summed(results: list[pytest.TestReport]) -> dict[tuple[str, str], float]:
    """Return (name, unit) → figure, over all tests that ran."""
    found: dict[tuple[str, str], float] = {}
    for result in results:
        for key, value in result.user_properties:
            if key == KEY:
                how, name, number, unit = value  # type: ignore[misc]
                before = found.get((name, unit), 0)
                found[name, unit] = before + number if how == "sum" else max(before, number)
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every figure of the run."""
    ran = [one for kind in ("passed", "failed") for one in terminalreporter.getreports(kind) if one.when == "call"]
    if found := summed(ran):
        terminalreporter.section("figures")
        width = max(len(name) for name, _unit in found)
        for (name, unit), number in sorted(found.items()):
            terminalreporter.line(f"{name:<{width}}  {number:>12,} {unit}".rstrip())

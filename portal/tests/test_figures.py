"""Figures are printed at the end of a run, whichever process measured them."""

from pathlib import Path

import pytest

from portal.tests.figures import Figures, summed

pytest_plugins = ["pytester"]


def report(*properties: tuple[str, object]) -> pytest.TestReport:
    return pytest.TestReport("a", ("a", 0, "a"), {}, "passed", None, "call", user_properties=list(properties))


def test_counts_add_up_and_of_measurements_the_worst_is_kept() -> None:
    first: list[tuple[str, object]] = [("other", 1)]
    second: list[tuple[str, object]] = []
    for kept, number in ((first, 2), (second, 40)):
        Figures(kept).count("probes", number)
        Figures(kept).worst("gap", 1 / number, "ms")
    assert summed([report(*first), report(*second)]) == {("probes", ""): 42, ("gap", "ms"): 0.5}


@pytest.mark.slow
@pytest.mark.parametrize("processes", [0, 2])
def test_figures_are_printed_at_the_end_of_a_run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # loading all of them took most of the time
    pytester.makeconftest('pytest_plugins = ["portal.tests.figures"]')
    pytester.makepyfile("""
        import pytest
        @pytest.mark.parametrize("number", [1, 2000])
        def test_one(number, figures):
            figures.count("probes", number)
    """)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "xdist", f"-n{processes}")
    result.stdout.re_match_lines([r".* figures .*", r"probes +2,001$"])

"""Percentiles, ratios, the tables and the one line of the quick run."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bench import goals, report
from bench.figures import of_rounds, percentile, ratio
from bench.writing import scaled

KEYS = [
    *("list_entity", "list_state", "deep_entity", "filter_entity", "detail_entity", "search_worst", "html_list"),
    *("mixed_share_of_floor", "mixed_times_ordinary", "release_1000_s", "mails_per_s"),
]
SERVERS = ("floor", "ordinary", "portal", "without_row_security", "without_audit")


def cell(floor: float, portal: float) -> dict[str, Any]:
    figures = {"p95": 9.0, "web_cpu": 1.0, "database_cpu": 1.0, "statements": 4, "bytes": 10, "requests": 6}
    own = dict(zip(SERVERS, (floor, 8.0, portal, portal, portal), strict=True))
    return {"rows": 50, **{name: {"p50": p50, **figures} for name, p50 in own.items()}}


def release(seconds: float) -> dict[str, Any]:
    own = {"seconds": seconds, "statements": 9, "told_seconds": 3.0, "mails": 5, "people": 5}
    return {"needs": 1, "release": own, "withdrawal": {"seconds": 0.1, "statements": 9}, "computed_from": None}


@pytest.fixture
def found() -> dict[str, Any]:
    names = ("list", "deep", "filter", "detail", "count", "html list", "html need", "html state", "html dashboard")
    reads = {name: {"entity": cell(2.0, 5.0), "state": cell(2.0, 6.0)} for name in names}
    reads["search en rare"] = {"entity": cell(1.5, 6.0)}
    reads["search fr absent"] = {"entity": cell(0.5, 50.0)}
    spent = {"seconds": 3.0, "cpu": 2.0, "memory_mb": 100}
    return {
        "reads": reads,
        "people": {"portal": {"people": 190, "p50": 5.0, "p95_to_p50": 1.5, "slowest_to_p50": 2.5}},
        "mixed": {"floor": 100.0, "ordinary": 10.0, "portal": 40.0},
        "memory_mb": {"floor": 30, "ordinary": 110, "portal": 150},
        "writes": {
            "releases": {"1": release(0.1), "1000": release(1.5)},
            "mail": {"mails_per_second": 55.0, "mails": 600},
            "import": spent,
            "verify_audit": {**spent, "lines": 1000},
            "rebuild_grants": {**spent, "longest_wait_of_a_writer_ms": 12.0},
        },
    }


def test_a_percentile_is_a_measured_value() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert [percentile(values, share) for share in (0, 0.2, 0.5, 0.95, 1)] == [1, 1, 3, 5, 5]
    with pytest.raises(ValueError, match="No values"):
        percentile([], 0.5)


def test_a_round_with_a_busy_moment_does_not_move_the_median_of_rounds() -> None:
    assert of_rounds([[1.0, 2.0, 3.0], [90.0, 91.0, 95.0], [2.0, 2.0, 2.0]]) == 2.0


def test_a_ratio_of_what_was_not_measured_is_none() -> None:
    assert ratio(5.0, 2.0) == 2.5
    assert ratio(None, 2.0) is ratio(5.0, None) is None


def test_the_line_of_the_quick_run_has_these_keys_in_this_order(found: dict[str, Any]) -> None:
    told = json.loads(json.dumps(goals.line(found)))
    assert list(told) == KEYS
    assert told == {
        **dict(zip(KEYS, (2.5, 3.0, 2.5, 2.5, 2.5, 4.0, 2.5, 0.4, 4.0, 1.5, 55.0), strict=True)),
    }


def test_a_search_that_takes_the_floor_next_to_nothing_is_not_compared(found: dict[str, Any]) -> None:
    assert goals.worst_search(found) == (4.0, "search en rare, entity")


def test_goals_are_met_or_not(found: dict[str, Any]) -> None:
    met = {(what, goal): is_met for what, goal, _measured, is_met in goals.goals(found)}
    assert met["mixed load", "≥ 50 % of the floor"] is False and met["mixed load", "≥ 3 × ordinary"] is True
    assert met["list, p50", "≤ 2.5 × floor"] is False and met["release of 1,000 needs", "≤ 2 s"] is True
    assert met["count, up to 1,000", "≤ 1 × the list"] is True and met["release of one need", "≤ 50 ms"] is False
    assert met["slowest of them", "≤ 2 × p50"] is False and met["html list", "≤ 4 × the API"] is True


def test_growth_compares_the_same_reads(found: dict[str, Any]) -> None:
    large = deepcopy(found)
    large["reads"]["list"]["entity"]["portal"]["p50"] = 10.0
    large["reads"]["new"] = {"entity": cell(1.0, 1.0)}
    times = {(operation, reader): times for operation, reader, times in goals.growth(found, large)}
    assert times["list", "entity"] == 2.0 and times["list", "state"] == 1.0 and ("new", "entity") not in times


def test_the_tables_stand_between_the_marks(found: dict[str, Any], tmp_path: Path) -> None:
    page, figures = tmp_path / "page.md", tmp_path / "figures.json"
    page.write_text(f"before\n{report.BEGIN}\nformer\n{report.END}\nafter\n")
    names = ("date", "processor", "memory", "system", "python", "postgresql", "django", "django-guardian", "gunicorn")
    whole = {"machine": dict.fromkeys(names, "x"), "sizes": {"10000": found, "100000": deepcopy(found)}}
    for _twice in range(2):
        report.write(whole, page, figures)
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith(f"{report.END}\nafter\n") and "former" not in text
    assert text.count("### 10,000 needs") == text.count("### 100,000 needs") == 1 and "### Growth" in text
    assert "| list | entity | 50 | 2.0 | 8.0 (4.0) | 5.0 (2.5) | 1.0 | 1.0 + 1.0 | 4 |" in text
    assert json.loads(figures.read_text()) == whole


def test_the_page_of_the_project_has_the_marks() -> None:
    text = report.PAGE.read_text()
    assert 0 < text.index(report.BEGIN) < text.index(report.END)


@pytest.mark.turns(days=3)
def test_a_release_of_fewer_needs_is_computed_in_proportion() -> None:
    done = {**release(2.0), "needs": 20}
    found = scaled(deepcopy(done), 1000)
    assert found["release"]["seconds"] == 100.0 and found["computed_from"] == 20
    assert scaled(deepcopy(done), 20)["computed_from"] is None

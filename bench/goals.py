"""What the figures of a bench say about the goals: ratios to the floor, and the one line of the quick run."""

from collections.abc import Iterator
from typing import Any

from bench.figures import ratio
from bench.servers import FLOOR, ORDINARY, PORTAL

Found = dict[str, Any]
LEAST_FLOOR = 1.0  # ms; a search that takes the floor less is not compared


def times_floor(found: Found, operation: str, reader: str, figure: str = "p50") -> float | None:
    """Return how many times as long as the floor the portal takes."""
    cell = found["reads"].get(operation, {}).get(reader, {})
    return ratio(cell.get(PORTAL, {}).get(figure), cell.get(FLOOR, {}).get(figure))


def searches(found: Found) -> Iterator[tuple[str, str, Found]]:
    """Yield each search with its reader and its figures."""
    for operation, each in found["reads"].items():
        if operation.startswith("search "):
            yield from ((operation, reader, cell) for reader, cell in each.items())


def worst_search(found: Found) -> tuple[float, str]:
    """Return the largest ratio to the floor, where the floor takes a millisecond or more, and which search it is."""
    cells = [(cell, f"{operation}, {reader}") for operation, reader, cell in searches(found)]
    long = [(cell, name) for cell, name in cells if cell[FLOOR]["p50"] >= LEAST_FLOOR] or cells
    return max((ratio(cell[PORTAL]["p50"], cell[FLOOR]["p50"]) or 0.0, name) for cell, name in long)


def line(found: Found) -> Found:
    """Return the figures that the quick run prints as its last line."""
    mixed = found["mixed"]
    return {
        "list_entity": times_floor(found, "list", "entity"),
        "list_state": times_floor(found, "list", "state"),
        "deep_entity": times_floor(found, "deep", "entity"),
        "filter_entity": times_floor(found, "filter", "entity"),
        "detail_entity": times_floor(found, "detail", "entity"),
        "search_worst": worst_search(found)[0],
        "html_list": times_floor(found, "html list", "entity"),
        "mixed_share_of_floor": ratio(mixed[PORTAL], mixed[FLOOR]),
        "mixed_times_ordinary": ratio(mixed[PORTAL], mixed[ORDINARY]),
        "release_1000_s": found["writes"]["releases"]["1000"]["release"]["seconds"],
        "mails_per_s": found["writes"]["mail"]["mails_per_second"],
    }


def page_ratio(found: Found, page: str, read: str, reader: str) -> float | None:
    """Return how many times as long as the same read over the API a page takes."""
    reads = found["reads"]
    return ratio(reads[page].get(reader, {}).get(PORTAL, {}).get("p50"), reads[read][reader][PORTAL]["p50"])


def growth(small: Found, large: Found) -> Iterator[tuple[str, str, float]]:
    """Yield for each read and reader how many times as long it takes over the larger data."""
    for operation, each in large["reads"].items():
        for reader, cell in each.items():
            before = small["reads"].get(operation, {}).get(reader, {}).get(PORTAL, {}).get("p50")
            if (times := ratio(cell[PORTAL]["p50"], before)) is not None:
                yield operation, reader, times


def goals(found: Found) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the goals that one size decides: what, the goal in words, what was measured, and whether it is met."""
    for operation, most in (("list", 2.5), ("deep", 2.5), ("filter", 2.5), ("detail", 3.5)):
        cells = [times for one in found["reads"][operation] if (times := times_floor(found, operation, one))]
        yield f"{operation}, p50", f"≤ {most} × floor", f"{min(cells)} to {max(cells)}", max(cells) <= most
    people = found["people"][PORTAL]
    yield f"{people['people']} people, p95", "≤ 1.6 × p50", str(people["p95_to_p50"]), people["p95_to_p50"] <= 1.6
    yield "slowest of them", "≤ 2 × p50", str(people["slowest_to_p50"]), people["slowest_to_p50"] <= 2
    told = line(found)
    yield "mixed load", "≥ 50 % of the floor", str(told["mixed_share_of_floor"]), told["mixed_share_of_floor"] >= 0.5
    yield "mixed load", "≥ 3 × ordinary", str(told["mixed_times_ordinary"]), told["mixed_times_ordinary"] >= 3
    times, which = worst_search(found)
    yield "search, worst", "≤ 3 × floor", f"{times} ({which})", times <= 3
    counts = [times for one in found["reads"]["count"] if (times := page_ratio(found, "count", "list", one))]
    yield "count, up to 1,000", "≤ 1 × the list", f"{min(counts)} to {max(counts)}", max(counts) <= 1
    one = found["writes"]["releases"]["1"]["release"]["seconds"]
    yield "release of one need", "≤ 50 ms", f"{one} s", one <= 0.05
    release = found["writes"]["releases"]["1000"]["release"]
    yield "release of 1,000 needs", "≤ 2 s", f"{release['seconds']} s", release["seconds"] <= 2
    wait = release["told_seconds"]
    yield "everybody told", "≤ 60 s later", f"{wait} s", wait is not None and wait <= 60
    yield "mails", "≥ 50 a second", str(told["mails_per_s"]), told["mails_per_s"] >= 50
    yield from _pages(found)


def _pages(found: Found) -> Iterator[tuple[str, str, str, bool]]:
    for page, read in (("html list", "list"), ("html need", "detail")):
        cells = [times for one in found["reads"][page] if (times := page_ratio(found, page, read, one))]
        yield page, "≤ 4 × the API", f"{min(cells)} to {max(cells)}", max(cells) <= 4
    for page in ("html state", "html dashboard"):
        slowest = max(cell[PORTAL]["p50"] for cell in found["reads"][page].values())
        yield page, "≤ 60 ms", f"{slowest} ms", slowest <= 60
    writes = found["writes"]
    seconds = {name: writes[name]["seconds"] for name in ("import", "verify_audit")}
    yield "import of 3,000 activities", "≤ 30 s", f"{seconds['import']} s", seconds["import"] <= 30
    lines = writes["verify_audit"]["lines"]
    yield f"verify_audit of {lines:,} lines", "≤ 60 s", f"{seconds['verify_audit']} s", seconds["verify_audit"] <= 60
    waited = writes["rebuild_grants"]["longest_wait_of_a_writer_ms"]
    yield "a writer beside rebuild_grants --check", "≤ 100 ms", f"{waited} ms", waited <= 100

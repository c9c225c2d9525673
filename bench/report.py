"""Writes the figures of a bench as tables into docs/performance.md, and in full into docs/performance.json."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.figures import ratio
from bench.goals import Found, goals, growth, searches
from bench.servers import FLOOR, OPEN, ORDINARY, PORTAL, UNLOGGED
from devserver.layout import PROJECT

PAGE, FIGURES = PROJECT / "docs" / "performance.md", PROJECT / "docs" / "performance.json"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of the figures -->"
KINDS_OF_TERMS = ("absent", "rare", "frequent")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'|'.join(['---'] * len(heads))}|"
    for row in rows:
        yield f"| {' | '.join('–' if value is None else str(value) for value in row)} |"
    yield ""


def write(whole: Found, page: Path = PAGE, figures: Path = FIGURES) -> None:
    """Put the tables between the marks of the page, and all figures beside it."""
    figures.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    before, _begin, rest = page.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n\n{text(whole)}\n{END}{after}")


def text(whole: Found) -> str:
    """Return all tables."""
    return "\n".join(_lines(whole))


def _lines(whole: Found) -> Iterator[str]:
    machine = whole["machine"]
    yield f"Measured {machine['date']} on {machine['processor']}, {machine['memory']}, {machine['system']}; "
    yield f"Python {machine['python']}, PostgreSQL {machine['postgresql']}, Django {machine['django']}, "
    yield f"django-guardian {machine['django-guardian']}, gunicorn {machine['gunicorn']} with two workers."
    yield ""
    sizes = {int(size): found for size, found in whole["sizes"].items()}
    for size, found in sizes.items():
        yield from _size(size, found)
    if len(sizes) > 1:
        yield from _growth(sizes[min(sizes)], sizes[max(sizes)])


def _size(size: int, found: Found) -> Iterator[str]:
    yield f"### {size:,} needs"
    yield ""
    yield from table(("", "goal", "measured", "met"), ((*told, "yes" if met else "no") for *told, met in goals(found)))
    yield "Reads: p50 in ms, in brackets how many times the floor; CPU in ms for each request."
    yield ""
    heads = ("read", "reader", "rows", "floor", "ordinary", "portal", "portal p95 × floor p95", "CPU web + database")
    yield from table((*heads, "statements"), _reads(found))
    yield "Searches: of the six languages the slowest."
    yield ""
    yield from table(("term", "reader", "language", "rows", "floor", "ordinary", "portal"), _searches(found))
    yield "What parts of the portal cost: p50 in ms."
    yield ""
    yield from table(
        ("read", "reader", "portal", "without row-level security", "without audit of reads"), _costs(found)
    )
    yield from _others(found)


def _times(cell: Found, server: str) -> str | None:
    if server not in cell:
        return None
    times = ratio(cell[server]["p50"], cell.get(FLOOR, {}).get("p50"))
    return f"{cell[server]['p50']}" if times is None else f"{cell[server]['p50']} ({times})"


def _reads(found: Found) -> Iterator[tuple[object, ...]]:
    for operation, each in found["reads"].items():
        if operation.startswith("search "):
            continue
        for reader, cell in each.items():
            own = cell[PORTAL]
            yield (
                operation,
                reader,
                cell["rows"] or None,
                cell.get(FLOOR, {}).get("p50"),
                _times(cell, ORDINARY),
                _times(cell, PORTAL),
                ratio(own["p95"], cell.get(FLOOR, {}).get("p95")),
                f"{own['web_cpu']} + {own['database_cpu']}",
                own["statements"],
            )


def _searches(found: Found) -> Iterator[tuple[object, ...]]:
    worst: dict[tuple[str, str], tuple[float, str, Any]] = {}
    for operation, reader, cell in searches(found):
        _search, language, kind = operation.split(" ")
        slowest = (cell[PORTAL]["p50"], language, cell)
        place = (kind, reader)
        if place not in worst or slowest[0] > worst[place][0]:
            worst[place] = slowest
    for (kind, reader), (_time, language, cell) in worst.items():
        yield kind, reader, language, cell["rows"], cell[FLOOR]["p50"], _times(cell, ORDINARY), _times(cell, PORTAL)


def _costs(found: Found) -> Iterator[tuple[object, ...]]:
    for operation, each in found["reads"].items():
        for reader, cell in each.items():
            if OPEN in cell:
                yield operation, reader, cell[PORTAL]["p50"], cell[OPEN]["p50"], cell[UNLOGGED]["p50"]


def _others(found: Found) -> Iterator[str]:
    mixed, memory = found["mixed"], found["memory_mb"]
    yield "Mixed load of eight connections, and memory of one worker."
    yield ""
    names = (FLOOR, ORDINARY, PORTAL)
    yield from table(("", *names), (("requests/s", *map(mixed.get, names)), ("MB", *map(memory.get, names))))
    people = found["people"]
    of_people = ("list, different people", "people", "p50 in ms", "p95 × p50", "slowest × p50")
    yield from table(of_people, ((name, *each.values()) for name, each in people.items()))
    writes = found["writes"]
    acts = ("needs", "release in s", "statements", "told in s", "mails", "people", "withdrawal in s", "computed from")
    yield from table(acts, (_release(number, each) for number, each in writes["releases"].items()))
    mail = writes["mail"]
    yield f"Outbox: {mail['mails_per_second']} mails a second with two workers ({mail['mails']:,} mails)."
    yield ""
    commands = [(name, writes[name]) for name in ("import", "verify_audit", "rebuild_grants")]
    heads = ("command", "seconds", "CPU in s", "MB")
    yield from table(heads, ((name, own["seconds"], own["cpu"], own["memory_mb"]) for name, own in commands))


def _release(number: str, each: Found) -> tuple[object, ...]:
    own = each["release"]
    return (
        number, own["seconds"], own["statements"], own["told_seconds"], own["mails"], own["people"],
        each["withdrawal"]["seconds"], each["computed_from"],
    )  # fmt: skip


def _growth(small: Found, large: Found) -> Iterator[str]:
    yield "### Growth from the smaller to the larger data (portal, p50)"
    yield ""
    rows = [(operation, reader, times) for operation, reader, times in growth(small, large)]
    yield from table(("read", "reader", "times"), (row for row in rows if not row[0].startswith("search ")))

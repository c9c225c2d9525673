"""How long the database takes for the suggestions of one need, in a database with scale data.

    ./manage.py load_scale --needs 10000 --projects 2000 --offers 5000
    ./manage.py shell -c "from bench import suggestions; suggestions.main()"

It reads as a web process does, in the working role with row-level security, and prints for each statement the time to plan
and to execute it (EXPLAIN ANALYZE), the median over some needs; then the plan of the longest.
"""

import json
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.models import User
from assistance.access import policy, row_security
from assistance.needs.models import Need
from assistance.needs.states import OPEN_TO_OFFERS
from assistance.needs.suggestions import Ranking, nobody_because
from entities.actors import Actor, actor_of

NEEDS = 15  # the newest that accept offers
RUNS = 5  # of each statement, of which the fastest counts: other work on the machine only makes it slower


@dataclass
class Measured:
    """The times of one statement in ms, over some needs, and its longest run."""

    times: list[float] = field(default_factory=list)
    longest: tuple[float, str, Any] = (0.0, "", ())

    def add(self, milliseconds: float, sql: str, params: Any) -> None:
        """Note one run."""
        self.times.append(milliseconds)
        self.longest = max(self.longest, (milliseconds, sql, params), key=lambda run: run[0])


def statements(act: Callable[[], Any]) -> list[tuple[str, Any]]:
    """Return the statements that read rows, with their values, of one call."""
    found: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).startswith("SELECT"):
            found.append((str(sql), params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return found


def explained(sql: str, params: Any, *, form: str = "JSON") -> Any:
    """Return the plan of a statement as it is executed."""
    with connection.cursor() as cursor:
        timing = "OFF" if form == "JSON" else "ON"  # of each node, which itself takes time
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING {timing}, FORMAT {form}) {sql}", params)
        rows = [row[0] for row in cursor.fetchall()]
    return rows[0] if form == "JSON" else "\n".join(rows)


def milliseconds(plan: Any) -> float:
    """Return how long it took to plan and to execute a statement."""
    whole = (json.loads(plan) if isinstance(plan, str) else plan)[0]
    return float(whole["Planning Time"] + whole["Execution Time"])


def measured(reader: Actor, needs: list[Need]) -> list[Measured]:
    """Return the statements of the suggestions for these needs, as one reader sees them, in their order."""
    found: dict[int, Measured] = {}
    for need in needs:

        def suggest(need: Any = need) -> None:
            ranking = Ranking(reader, need)
            ranking.both()
            nobody_because(reader, need, ranking.side)

        for number, (sql, params) in enumerate(statements(suggest)):
            best = min(milliseconds(explained(sql, params)) for _run in range(RUNS))
            found.setdefault(number, Measured()).add(best, sql, params)
    return list(found.values())


def lines() -> Iterator[str]:
    """Yield the figures for CTED and for an entity."""
    readers = {
        slug: actor_of(User.objects.filter(appointments__organisation__slug=slug).order_by("pk")[0])
        for slug in ("cted", "unodc")
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}")
    connection.row_security_is_active = True  # type: ignore[attr-defined]
    for slug, reader in readers.items():
        row_security.set_groups(reader.groups)
        rows = policy.visible(reader, Need).filter(status__in=OPEN_TO_OFFERS)
        needs = list(rows.select_related("state__region__parent__parent").order_by("-modified_at")[:NEEDS])
        found = measured(reader, needs)
        medians = [statistics.median(one.times) for one in found]
        ranking, why = sum(medians[:-2]), sum(medians[-2:])
        each = ", ".join(f"{statistics.median(one.times):.1f}" for one in found)
        yield f"{slug}: {len(needs)} needs, {len(found)} statements ({each} ms)"
        yield f"suggestions {ranking:.1f} ms, why others do not fit {why:.1f} ms"
        slowest = max(found, key=lambda one: statistics.median(one.times))
        yield explained(slowest.longest[1], slowest.longest[2], form="TEXT")


def main() -> None:
    """Print the figures."""
    for line in lines():
        sys.stdout.write(f"{line}\n")

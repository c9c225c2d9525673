"""A step: the plans of the ten statements that take most time, and profiles of three requests, as a document.

It runs as a web process does: in the working role, with row-level security and the audit of reads.
"""

import cProfile
import io
import pstats
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User
from assistance.access import row_security
from bench.operations import API, LINKED
from bench.world import Reader, World
from devserver.layout import PROJECT
from entities.actors import actor_of

HOTTEST, LINES, REPEATED = 10, 30, 5
EXECUTE = "EXECUTE kept_"  # how a prepared statement is executed
LONGEST = 1_500  # characters of a statement that are shown
OURS = re.compile(rf"{re.escape(str(PROJECT))}/(?:\.venv/lib/python[\d.]+/site-packages/)?|\S*/lib/python[\d.]+/")


@dataclass
class Statement:
    """A statement of a page: how often it ran and how long, and its longest run with all values."""

    source: str
    calls: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    sql: str = ""


class Collected:
    """Collects the statements of requests, by their text without values."""

    def __init__(self) -> None:
        self.found: dict[str, Statement] = {}
        self.source = ""

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        result = execute(sql, params, many, context)
        spent = time.perf_counter() - begun
        text = executed(row_security.without_settings(str(sql)))
        own = self.found.setdefault(re.sub(r"(%s, )+%s", "…", text), Statement(self.source))
        own.calls += 1
        own.seconds += spent
        if spent > own.longest and text.startswith(("SELECT", EXECUTE)):
            own.longest, own.source = spent, self.source
            own.sql = context["cursor"].mogrify(text, params).decode() if params else text
        return result


def executed(sql: str) -> str:
    """Return a statement; of a prepared one its execution, whatever is before it in the message."""
    return sql[sql.index(EXECUTE) :] if EXECUTE in sql else sql


def text_of(statement: Statement) -> str:
    """Return the SQL of a statement; of a prepared one as it was prepared on this connection."""
    if not statement.sql.startswith(EXECUTE):
        return statement.sql
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name = %s", [statement.sql.split()[1]])
        return str(cursor.fetchone()[0])


def client_of(reader: Reader) -> Client:
    """Return a client with the session of a reader."""
    client = Client(headers={"accept-language": "en"})
    client.cookies[settings.SESSION_COOKIE_NAME] = reader.session
    return client


def addresses(client: Client, world: World, reader: Reader) -> dict[str, str]:
    """Return what a reader opens: reads over the API, and pages."""
    key = LINKED.findall(client.get("/needs/").content.decode())[0]
    following = client.get(f"{API}/needs/").json()["next"]
    theme = client.get(f"{API}/needs/").json()["results"][0]["theme"]
    searched = {f"search {term.kind}": f"{API}/needs/?q={term.text}" for term in world.terms if term.language == "en"}
    return {
        "list": f"{API}/needs/",
        **({"deep": following} if following else {}),
        "filter": f"{API}/needs/?theme={theme}",
        "detail": f"{API}/needs/{key}/",
        "count": "/needs/?part=count",
        **searched,
        **{name: f"{API}/{name}/" for name in ("matches", "projects", "notifications")},
        "html list": "/needs/",
        "html need": f"/needs/{key}/",
        "html state": f"/states/{reader.state}/",
        "html dashboard": "/",
    }


def hottest(reader: Reader, given: dict[str, str]) -> list[Statement]:
    """Return the statements that take most time in these requests, the longest first."""
    client, collected = client_of(reader), Collected()
    for path in given.values():
        client.get(path)
    for _each in range(REPEATED):
        for collected.source, path in given.items():
            with connection.execute_wrapper(collected):
                client.get(path)
    rows = [statement for statement in collected.found.values() if statement.sql]
    return sorted(rows, key=lambda statement: -statement.seconds)[:HOTTEST]


def plan_of(statement: Statement, reader: Reader) -> str:
    """Return the plan as it is executed for this reader."""
    row_security.set_groups(actor_of(User.objects.get(pk=reader.user)).groups)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement.sql}".replace("%", "%%"), [])
            return "\n".join(line for (line,) in cursor.fetchall())
    finally:
        row_security.set_groups(())


def profile_of(client: Client, path: str) -> str:
    """Return where the time of a request is spent, the functions with most of it first."""
    client.get(path)
    profile = cProfile.Profile()
    profile.enable()
    for _each in range(REPEATED):
        client.get(path)
    profile.disable()
    out = io.StringIO()
    pstats.Stats(profile, stream=out).sort_stats("tottime").print_stats(LINES)
    return OURS.sub("", out.getvalue()).strip()


def document(world: World) -> Iterator[str]:
    """Yield the lines of the document."""
    needs = count_of_needs()
    yield "# Plans and profiles\n"
    yield f"Written by `make bench ONLY=plans` over {needs:,} needs, for a focal point of an entity and of a State.\n"
    for kind in ("entity", "state"):
        reader = world.readers[kind]
        given = addresses(client_of(reader), world, reader)
        yield f"## The hottest statements: {kind}\n"
        for number, statement in enumerate(hottest(reader, given), 1):
            milliseconds = 1000 * statement.seconds / statement.calls
            yield f"### {number} · {statement.source}: {statement.calls} runs of {milliseconds:.2f} ms\n"
            yield f"```sql\n{shortened(text_of(statement))}\n```\n\n```\n{plan_of(statement, reader)}\n```\n"
    reader = world.readers["entity"]
    client = client_of(reader)
    given = addresses(client, world, reader)
    for name in ("list", "detail", "html need"):
        yield f"## Profile: {name}, {REPEATED} requests\n\n```\n{profile_of(client, given[name])}\n```\n"


def count_of_needs() -> int:
    """Return how many needs there are, seen or not."""
    with row_security.bypass(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM assistance_need")
        return int(cursor.fetchone()[0])


def shortened(sql: str) -> str:
    """Return a statement, the middle of a long one left out."""
    return sql if len(sql) <= LONGEST else f"{sql[: LONGEST // 5]} … {sql[-LONGEST:]}"


def main(world: str, path: str) -> None:
    """Write the document."""
    settings.ALLOWED_HOSTS = ["*"]
    Path(path).write_text("\n".join(document(World.read(Path(world)))).rstrip() + "\n", encoding="utf-8")

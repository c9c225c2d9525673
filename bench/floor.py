"""The floor: the same rows as the portal's API, each answer made by one statement, without a session or a framework.

`/needs`, `/matches`, `/projects` and `/notifications` take `size`, `before` (moment and id of the row before), `theme`, and
`q` or `pair` with `folded`; `/needs/count` counts at most `most`; `/needs/<id>` shows one. The reader comes in the headers
`X-Groups` and `X-User`, and nobody checks them: nothing can be faster than this and still send the same rows.
"""

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import psycopg2

from bench import shapes
from bench.floor_rows import COLLECTIONS, MATCHES, NEEDS, OF_ONE, Collection, seen

Params = dict[str, Any]
Statement = tuple[str, Params]
CONFIGS = ("arabic", "english", "spanish", "french", "russian")
WORDS = "websearch_to_tsquery('simple', %(folded)s) || " + " || ".join(
    f"websearch_to_tsquery('{config}', %({name})s)" for config in CONFIGS for name in ("q", "folded")
)
# Words by their stems, or a part of a word; of two Chinese characters by the index of pairs.
WITH_WORDS = f"t.search @@ ({WORDS}) OR t.plain LIKE '%%' || %(folded)s || '%%'"
WITH_PAIR = "portal_pairs(t.plain) @> ARRAY[%(folded)s]"
SEARCHED = "EXISTS (SELECT FROM assistance_needtexts t WHERE t.row_id = r.id AND ({condition}))"
# What may narrow a list, by the parameter that asks for it.
CONDITIONS = {
    "theme": "r.theme_id = %(theme)s",
    "q": SEARCHED.format(condition=WITH_WORDS),
    "pair": SEARCHED.format(condition=WITH_PAIR),
}
# The names of tables and fields are our own; what comes from a request is passed as a parameter.
PAGE = """
SELECT json_build_object('next', (array_agg(at || ' ' || id ORDER BY at DESC, id DESC))[%(size)s::integer], 'previous', NULL,
    'results', coalesce(json_agg(shown ORDER BY at DESC, id DESC), '[]'))::text
FROM (SELECT r.{order} AS at, r.id, json_build_object({fields}) AS shown
      FROM (SELECT * FROM {table} r WHERE {where} ORDER BY {order} DESC, id DESC LIMIT %(size)s::integer) r {joins}) page
"""
COUNT = """
SELECT json_build_object('count', count(*))::text
FROM (SELECT FROM {table} r WHERE {where} LIMIT %(most)s::integer) counted
"""
ROW = """
SELECT json_build_object({fields})::text
FROM (SELECT * FROM assistance_need r WHERE id = %(id)s::uuid AND {seen}) need CROSS JOIN LATERAL (SELECT need.*) r {joins}
"""
MATCHES_OF_NEED = """(SELECT coalesce(json_agg(json_build_object({fields}) ORDER BY r.created_at), '[]')
    FROM assistance_match r {joins} WHERE r.need_id = need.id AND {seen})"""


def pairs(fields: Mapping[str, str], names: Iterable[str]) -> str:
    """Return the arguments of json_build_object. Raises LookupError for a field that the floor does not know."""
    if unknown := [name for name in names if name not in fields]:
        raise LookupError(f"The floor does not know these fields of the portal's answer: {', '.join(unknown)}.")
    return ", ".join(f"'{name}', {fields[name]}" for name in names)


@cache
def list_of(name: str, shown: tuple[str, ...], narrowed: tuple[str, ...]) -> str:
    """Return the statement of one page of a collection."""
    own = COLLECTIONS[name]
    where = " AND ".join(
        [
            *conditions(own),
            *(CONDITIONS[one] for one in narrowed if one in CONDITIONS),
            *([f"(r.{own.order}, r.id) < (%(at)s::timestamptz, %(key)s::uuid)"] if "before" in narrowed else ()),
        ]
    )
    fields = pairs(own.fields, shown)
    return PAGE.format(order=own.order, fields=fields, table=own.table, where=where, joins=own.joins)


def conditions(own: Collection) -> list[str]:
    """Return what holds for every row of a collection that the reader sees."""
    return [*([seen("r")] if own.has_audience else ()), own.condition]


@cache
def one_of(shown: tuple[str, ...], of_matches: tuple[str, ...]) -> str:
    """Return the statement of one need."""
    matches = MATCHES_OF_NEED.format(fields=pairs(MATCHES.fields, of_matches), joins=MATCHES.joins, seen=seen("r"))
    fields = pairs({**NEEDS.fields, **OF_ONE, "matches": matches}, shown)
    return ROW.format(fields=fields, joins=NEEDS.joins, seen=seen("r"))


def statement(path: str, query: Mapping[str, str], reader: Params, known: shapes.Shapes) -> Statement:
    """Return the statement that answers a request, and its parameters. Raises LookupError for an unknown address."""
    name, _slash, rest = path.strip("/").partition("/")
    if name not in COLLECTIONS:
        raise LookupError(path)
    params = {"size": 50, **query, **reader}
    if rest == "count":
        where = " AND ".join([*conditions(NEEDS), *(CONDITIONS[one] for one in query if one in CONDITIONS)])
        return COUNT.format(table=NEEDS.table, where=where), params
    if rest:
        return one_of(tuple(known[shapes.ONE]), tuple(known["matches"])), {**params, "id": rest}
    if "before" in query:
        params["at"], _blank, params["key"] = query["before"].rpartition(" ")
    return list_of(name, tuple(known[name]), tuple(sorted(query))), params


class _Links(threading.local):
    link: Any = None


LINKS = _Links()


def connection() -> Any:
    """Return the connection of this thread, which stays open."""
    if LINKS.link is None or LINKS.link.closed:
        LINKS.link = psycopg2.connect(os.environ["BENCH_DATABASE"], options="-c max_parallel_workers_per_gather=0")
        LINKS.link.autocommit = True
    return LINKS.link


def make(known: shapes.Shapes) -> Callable[..., list[bytes]]:
    """Return the application for these shapes. Raises LookupError for fields that the floor does not know."""
    for name in COLLECTIONS:
        list_of(name, tuple(known[name]), ())
    one_of(tuple(known[shapes.ONE]), tuple(known["matches"]))

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        groups = "{" + environ.get("HTTP_X_GROUPS", "") + "}"
        reader = {"groups": groups, "user": environ.get("HTTP_X_USER")}
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        sql, params = statement(environ["PATH_INFO"], query, reader, known)
        with connection().cursor() as cursor:
            cursor.execute(sql, params)
            found = cursor.fetchone()
        status, body = ("200 OK", found[0].encode()) if found else ("404 Not Found", b"{}")
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application


def __getattr__(name: str) -> Any:
    """Return the application when gunicorn asks for it: only then the shapes are known."""
    if name == "application":
        return make(shapes.read())
    raise AttributeError(name)

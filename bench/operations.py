"""What is measured: each read as every server takes it, made from the public addresses of the portal, and the rows it shows."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from bench.client import Answer, get, request
from bench.servers import FLOOR, OPEN, ORDINARY, PORTAL, UNLOGGED, Server
from bench.shapes import ONE
from bench.world import Reader, Term, World

API = "/api/v1"
SIZE, DEEP = 50, 2_000  # rows of a page, and before the deep page
COLLECTIONS = ("needs", "matches", "projects", "notifications")
KEY = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
LINKED = re.compile(rf'href="/needs/({KEY})/"')
CAP = 1_000
PAIR = 2  # characters of a Chinese word: too few for an index of trigrams
HTMX = {"HX-Request": "true"}


class Differs(Exception):
    """Raised when servers do not show the same rows, or one refuses; the message says which."""


@dataclass(frozen=True)
class Operation:
    """One read by one reader: the request for each server that can answer it, and how its rows are found."""

    name: str
    reader: str
    kind: str
    requests: dict[str, bytes] = field(repr=False)


# ── Requests ─────────────────────────────────────────────────────────────────
def by_session(path: str, reader: Reader, more: dict[str, str] | None = None) -> bytes:
    """Return a request to the portal or the ordinary way."""
    return request(path, {"Cookie": f"session={reader.session}", **(more or {})})


def by_groups(path: str, reader: Reader) -> bytes:
    """Return a request to the floor, which believes what it is told."""
    return request(path, {"X-Groups": reader.groups, "X-User": reader.user})


def with_query(path: str, **parameters: object) -> str:
    """Return an address with these parameters, as far as they have a value."""
    given = {name: value for name, value in parameters.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path


def everywhere(name: str, reader: Reader, kind: str, portal: str, ordinary: str, floor: str) -> Operation:
    """Return a read that all servers can answer."""
    own = by_session(portal, reader, HTMX if kind == "count" else None)
    requests = {FLOOR: by_groups(floor, reader), ORDINARY: by_session(ordinary, reader)}
    return Operation(name, reader.name, kind, {**requests, PORTAL: own, OPEN: own, UNLOGGED: own})


# ── Rows ─────────────────────────────────────────────────────────────────────
def rows_of(kind: str, answer: Answer) -> Any:
    """Return what must be the same on all servers: the ids of the rows in their order, or a number."""
    if kind == "page":
        return list(dict.fromkeys(LINKED.findall(answer.body.decode())))
    if kind == "count":
        text = answer.body.decode()
        number = (
            json.loads(text)["count"] if text.startswith("{") else int(re.sub(r"\D", "", re.sub("<[^>]+>", "", text)))
        )
        return min(number, CAP)
    found = json.loads(answer.body)
    if kind == "row":
        return [found["id"], *(match["id"] for match in found["matches"]), *sorted(found["projects"])]
    return [row["id"] for row in found["results"]]


class Portal:
    """Asks the portal what the operations need to know before they can be written down."""

    def __init__(self, server: Server, floor: Server | None = None) -> None:
        self.server, self.floor = server, floor

    def json(self, path: str, reader: Reader) -> Any:
        """Return an answer of its API. Raises Differs when it refuses."""
        answer = get(self.server.port, path, {"Cookie": f"session={reader.session}"})
        if answer.status != 200:
            raise Differs(f"The portal answers {answer.status} to {path}: {answer.body[:300]!r}")
        return json.loads(answer.body)

    def shapes(self, readers: list[Reader]) -> dict[str, list[str]]:
        """Return the fields that it sends of each kind of row, as one of these readers sees it."""
        found: dict[str, list[str]] = {}
        for reader in readers:
            for name in COLLECTIONS:
                rows = self.json(f"{API}/{name}/?page_size=1", reader)["results"]
                if rows and name not in found:
                    found[name] = list(rows[0])
                if rows and name == "needs" and ONE not in found:
                    found[ONE] = list(self.json(f"{API}/needs/{rows[0]['id']}/", reader))
        if missing := [name for name in (*COLLECTIONS, ONE) if name not in found]:
            raise Differs(f"No reader sees any {missing}.")
        return found

    def number_of_rows(self, reader: Reader) -> int:
        """Return how many needs a reader sees, up to a few more than lie before the deep page. The floor counts them."""
        if self.floor is None:
            raise Differs("Only the floor counts all rows.")
        path = with_query("/needs/count", most=DEEP + SIZE)
        answer = get(self.floor.port, path, {"X-Groups": reader.groups, "X-User": reader.user})
        return int(json.loads(answer.body)["count"])

    def page_after(self, rows: int, reader: Reader) -> tuple[str, str]:
        """Return the page after so many rows, as the portal and as the floor are asked for it: by walking to it."""
        path, last = with_query(f"{API}/needs/", page_size=min(rows, 200)), {}
        for _page in range(max(1, rows // min(rows, 200))):
            found = self.json(path, reader)
            following, last = urlsplit(found["next"]), found["results"][-1]
            path = f"{following.path}?{following.query}"
        before = f"{last['modified_at']} {last['id']}"
        far = with_query(f"{API}/needs/", **{**dict(parse_qsl(following.query)), "page_size": SIZE})
        return far, with_query("/needs", before=before)


# ── Operations ───────────────────────────────────────────────────────────────
def reads(portal: Portal, reader: Reader, theme: str) -> Iterator[Operation]:
    """Yield the reads over the API for one reader."""
    yield first(reader)
    seen = portal.number_of_rows(reader)
    before = min(DEEP, (seen - 1) // SIZE * SIZE) // 200 * 200 or min(SIZE, (seen - 1) // SIZE * SIZE)
    if before:
        far, floor = portal.page_after(before, reader)
        yield everywhere("deep", reader, "list", far, with_query("/needs/", page=before // SIZE + 1), floor)
    yield filtered(reader, theme)
    yield detail(portal, reader)
    yield everywhere("count", reader, "count", "/needs/?part=count", "/needs/count/", f"/needs/count?most={CAP}")
    for name in COLLECTIONS[1:]:
        yield everywhere(name, reader, "list", f"{API}/{name}/", f"/{name}/", f"/{name}")


def first(reader: Reader) -> Operation:
    """Return the first page of needs."""
    return everywhere("list", reader, "list", f"{API}/needs/", "/needs/", "/needs")


def filtered(reader: Reader, theme: str) -> Operation:
    """Return the first page of the needs of a theme."""
    only = {"theme": theme}
    return everywhere(
        "filter", reader, "list",
        with_query(f"{API}/needs/", **only), with_query("/needs/", **only), with_query("/needs", **only),
    )  # fmt: skip


def second(portal: Portal, reader: Reader) -> Operation | None:
    """Return the second page of needs; None for a reader who has one page only."""
    if portal.json(f"{API}/needs/", reader)["next"] is None:
        return None
    far, floor = portal.page_after(SIZE, reader)
    return everywhere("deep", reader, "list", far, "/needs/?page=2", floor)


def detail(portal: Portal, reader: Reader) -> Operation:
    """Return one need: of the first page one with a confirmed match, if there is one."""
    key = need_of(portal, reader)
    return everywhere("detail", reader, "row", f"{API}/needs/{key}/", f"/needs/{key}/", f"/needs/{key}")


def need_of(portal: Portal, reader: Reader) -> str:
    """Return the need that a reader opens. Raises Differs for one who sees none."""
    rows = portal.json(f"{API}/needs/", reader)["results"]
    if not rows:
        raise Differs(f"{reader.name} sees no need.")
    return str(next((row for row in rows if row["coverage"]["confirmed"]), rows[0])["id"])


def search(reader: Reader, term: Term) -> Operation:
    """Return a search."""
    typed = {"q": term.text, "folded": term.folded}
    written = {"pair" if len(term.folded) == PAIR else "q": term.text, "folded": term.folded}
    return everywhere(
        f"search {term.language} {term.kind}", reader, "list",
        f"{API}/needs/?q={quote(term.text)}", with_query("/needs/", **typed), with_query("/needs", **written),
    )  # fmt: skip


def pages(portal: Portal, reader: Reader) -> Iterator[Operation]:
    """Yield the pages for one reader; the list is compared with the same list of the floor."""
    html = by_session("/needs/", reader)
    yield Operation("html list", reader.name, "page", {FLOOR: by_groups("/needs", reader), PORTAL: html})
    addresses = {
        "html need": f"/needs/{need_of(portal, reader)}/",
        "html state": f"/states/{reader.state}/",
        "html dashboard": "/",
    }
    for name, path in addresses.items():
        yield Operation(name, reader.name, "none", {PORTAL: by_session(path, reader)})


def themes(portal: Portal, world: World) -> str:
    """Return the theme that is found most often on the first pages of all kinds of readers."""
    found = [
        row["theme"]
        for reader in world.readers.values()
        for row in portal.json(with_query(f"{API}/needs/", page_size=200), reader)["results"]
    ]
    return max(sorted(set(found)), key=found.count)


def compare(operation: Operation, answers: dict[str, Answer]) -> int:
    """Return how many rows an operation shows. Raises Differs unless all servers show the same ones."""
    for name, answer in answers.items():
        if answer.status != 200:
            raise Differs(f"{name} answers {answer.status} to {operation}: {answer.body[:300]!r}")
    if operation.kind == "none":
        return 0
    found = {
        name: rows_of("list" if operation.kind == "page" and name == FLOOR else operation.kind, answer)
        for name, answer in answers.items()
    }
    wanted = found[PORTAL]
    for name, rows in found.items():
        if rows != wanted:
            raise Differs(f"{name} shows other rows than the portal for {operation}: {rows} and {wanted}")
    return wanted if isinstance(wanted, int) else len(wanted)

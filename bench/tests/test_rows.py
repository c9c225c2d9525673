"""The floor and the ordinary way show the same rows as the portal, and the floor the same JSON."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from rest_framework.test import APIRequestFactory, force_authenticate

from accounts.models import User
from assistance.scale.loading import Sizes, load
from bench import floor, readers, shapes
from bench.client import Answer
from bench.operations import Differs, Operation, compare, pages, reads, rows_of, search
from bench.ordinary import views
from bench.servers import FLOOR, ORDINARY, PORTAL
from bench.world import Reader, World
from entities.reference_import import load_all

pytestmark = [pytest.mark.slow, pytest.mark.turns(days=3)]
VIEWS = {
    "needs": views.Needs,
    "matches": views.Matches,
    "projects": views.Projects,
    "notifications": views.Notifications,
}
NOT_THE_FLOORS = {"transitions", "history", "who_can_see", "text"}  # in the reader's language, or what they may do


class Here:
    """The three servers in this process, over the database of the test."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.known = self.portal.shapes([*world.readers.values()])

    @property
    def portal(self) -> Any:
        return InProcess(self)

    def ask(self, server: str, raw: bytes) -> Answer:
        head = raw.decode().split("\r\n")
        path, headers = head[0].split(" ")[1], dict(line.split(": ", 1) for line in head[1:] if line)
        if server == FLOOR:
            status, body = self.of_floor(path, headers)
        elif server == ORDINARY:
            status, body = self.of_ordinary(path, headers["Cookie"])
        else:
            status, body = self.of_portal(path, headers)
        return Answer(status, {}, body, 0.0)

    def of_portal(self, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        client = Client(headers={"accept-language": "en"})
        client.cookies["session"] = headers["Cookie"].partition("=")[2]
        answer = client.get(path, headers={"hx-request": "true"} if "HX-Request" in headers else {})
        return answer.status_code, answer.content

    def of_floor(self, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        reader = {"groups": "{" + headers["X-Groups"] + "}", "user": headers["X-User"]}
        address, _mark, query = path.partition("?")
        sql, params = floor.statement(address, dict(floor.parse_qsl(query)), reader, self.known)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found = cursor.fetchone()
        return (200, found[0].encode()) if found else (404, b"{}")

    def of_ordinary(self, path: str, cookie: str) -> tuple[int, bytes]:
        request = APIRequestFactory().get(path)
        user = next(one.user for one in self.world.readers.values() if one.session == cookie.partition("=")[2])
        force_authenticate(request, User.objects.get(pk=user))
        name, *rest = path.partition("?")[0].strip("/").split("/")
        if rest == ["count"]:
            answer = VIEWS[name].as_view({"get": "count"})(request)
        elif rest:
            answer = VIEWS[name].as_view({"get": "retrieve"})(request, pk=rest[0])
        else:
            answer = VIEWS[name].as_view({"get": "list"})(request)
        return answer.status_code, answer.render().content


class InProcess:
    """Asks the portal as `bench.operations.Portal` does, without a server."""

    def __init__(self, here: Here) -> None:
        self.here = here

    def __getattr__(self, name: str) -> Any:
        from bench.operations import Portal

        return getattr(Portal, name).__get__(self)

    def json(self, path: str, reader: Reader) -> Any:
        status, body = self.here.of_portal(path, {"Cookie": f"session={reader.session}"})
        assert status == 200, (path, body)
        return json.loads(body)

    def number_of_rows(self, reader: Reader) -> int:
        _status, body = self.here.of_floor("/needs/count?most=9999", {"X-Groups": reader.groups, "X-User": reader.user})
        return int(json.loads(body)["count"])


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Yield the readers of data that all tests of this file use."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all()
        load(Sizes(needs=400, projects=60, organisations=280, people=400))
        made = readers.make(5)
        connection.check_constraints()  # once, and not at the end of each test again
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def here(world: World, db: None, monkeypatch: pytest.MonkeyPatch) -> Here:
    here = Here(world)
    monkeypatch.setattr(shapes, "read", lambda: here.known)
    return here


def answers(here: Here, operation: Operation) -> dict[str, Answer]:
    return {
        name: here.ask(name, operation.requests[name])
        for name in (PORTAL, FLOOR, ORDINARY)
        if name in operation.requests
    }


@pytest.mark.turns(days=4)
def test_all_servers_show_the_same_rows_and_the_floor_the_same_json(here: Here) -> None:
    theme = here.portal.json("/api/v1/needs/", here.world.readers["entity"])["results"][0]["theme"]
    shown: dict[str, int] = {}
    for reader in here.world.readers.values():
        wanted = [*reads(here.portal, reader, theme), *pages(here.portal, reader)]
        wanted += [search(reader, term) for term in here.world.terms]
        for operation in wanted:
            found = answers(here, operation)
            shown[operation.name] = max(shown.get(operation.name, 0), compare(operation, found))
            if operation.kind in ("list", "row"):
                assert same_json(found[FLOOR], found[PORTAL]), operation
    assert {"list", "deep", "filter", "detail", "count", "matches", "projects", "notifications"} <= set(shown)
    assert all(
        number for name, number in shown.items() if "absent" not in name and "rare" not in name and "html" not in name
    )
    assert shown["search zh frequent"] and shown["html list"]


def same_json(left: Answer, right: Answer) -> bool:
    return plain(json.loads(left.body)) == plain(json.loads(right.body))


def plain(value: Any) -> Any:
    """Return a part of an answer without what is the work of the portal alone."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        links = {"next", "previous"} if "results" in value else set()
        return {name: plain(one) for name, one in value.items() if name not in NOT_THE_FLOORS | links}
    return value


def test_a_server_with_other_rows_is_noticed(here: Here) -> None:
    reader = here.world.readers["entity"]
    operation = next(iter(reads(here.portal, reader, "border")))
    found = answers(here, operation)
    rows = json.loads(found[FLOOR].body)["results"]
    for wrong in (rows[1:], rows[::-1]):
        body = json.dumps({"results": wrong}).encode()
        with pytest.raises(Differs, match="floor shows other rows"):
            compare(operation, {**found, FLOOR: Answer(200, {}, body, 0.0)})
    with pytest.raises(Differs, match="ordinary answers 404"):
        compare(operation, {**found, ORDINARY: Answer(404, {}, b"", 0.0)})


def test_a_field_that_the_floor_does_not_know_is_named(here: Here) -> None:
    with pytest.raises(LookupError, match="mood"):
        floor.make({**here.known, "needs": [*here.known["needs"], "mood"]})


def test_a_count_of_more_than_a_thousand_is_read_as_a_thousand() -> None:
    html = Answer(200, {}, b'<span class="x2">1,000+</span>', 0.0)
    assert rows_of("count", html) == rows_of("count", Answer(200, {}, b'{"count": 7312}', 0.0)) == 1000


def test_other_readers_are_spread_and_see_needs(here: Here) -> None:
    others = here.world.people
    assert len(others) == 5 and not {one.user for one in others} & {one.user for one in here.world.readers.values()}
    assert all(here.portal.json("/api/v1/needs/?page_size=1", one)["results"] for one in others)

"""Plans and numbers of statements, over some thousand needs: no read of a list or a need looks at all needs in turn.

Each statement is explained where it runs: in the role of web processes, with the groups of its reader.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from assistance.access import row_security
from assistance.needs.models import Need
from assistance.scale.loading import Sizes, load
from entities.models import Appointment, Role
from entities.reference_import import load_all
from portal.tests.leak_world import BACKEND

pytestmark = [pytest.mark.slow, pytest.mark.turns(days=4)]
API, TABLE = "/api/v1/needs/", "assistance_need"
EXECUTED = "EXECUTE kept_"  # a prepared statement, which is explained by its name
SIZES = Sizes(needs=3_000, projects=100, organisations=280, people=400)
# Statements of a request, at most: session and user, appointments with the groups, rows; the rest as named.
MOST = {
    "list": 7,  # parents that the reader sees, consents for the State, the groups for row-level security, the audit
    "count": 4,
    "detail": 16,  # matches, projects, who can see it, history
}


@dataclass
class Seen:
    """The statements of a request, and those whose plan reads all needs in turn."""

    number: int = 0
    in_turn: list[str] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.number += 1
        found = execute(sql, params, many, context)
        own = row_security.without_settings(str(sql))
        own = own[own.find(EXECUTED) :] if EXECUTED in own else own
        if own.startswith(("SELECT", EXECUTED)) and reads_in_turn(plan_of(own, params)):
            self.in_turn.append(own)
        return found


def plan_of(sql: str, params: Any) -> dict[str, Any]:
    """Return the plan of a statement, past Django's cursor, so that it is not counted."""
    with connection.connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    return (found if isinstance(found, list) else json.loads(found))[0]["Plan"]


def reads_in_turn(plan: dict[str, Any]) -> bool:
    """Return whether a plan has a sequential scan of needs."""
    own = plan["Node Type"] == "Seq Scan" and plan.get("Relation Name") == TABLE
    return own or any(map(reads_in_turn, plan.get("Plans", ())))


@contextmanager
def loaded() -> Iterator[None]:
    with transaction.atomic():
        load_all()
        load(SIZES)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        connection.check_constraints()  # once, and not at the end of each test again
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def data(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), loaded():
        yield


@pytest.fixture
def readers(data: None, db: None) -> dict[str, Client]:
    """Return clients of somebody who sees a part of all needs, few of them, and all."""
    focal = Appointment.objects.current().filter(role=Role.FOCAL_POINT)
    state = Need.objects.filter(state__in=focal.values("organisation"), agreed_on__isnull=False)[0].state_id
    posts = {
        "entity": focal.filter(organisation__in_compact=True).exclude(organisation__slug__in=("cted", "unoct")),
        "state": focal.filter(organisation=state),
        "cted": Appointment.objects.current().filter(organisation__slug="cted"),
    }
    clients = {}
    for kind, found in posts.items():
        clients[kind] = Client()
        clients[kind].force_login(User.objects.get(pk=found.order_by("user__email")[0].user_id), backend=BACKEND)
        clients[kind].get("/api/v1/me/")  # what a process reads once is read, and the use of the session noted
    return clients


def asked(client: Client, path: str, **headers: str) -> tuple[Seen, Any]:
    seen = Seen()
    with connection.execute_wrapper(seen):
        answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return seen, answer


def addresses(client: Client) -> dict[str, str]:
    first = client.get(API, {"page_size": 20}).json()
    row = first["results"][0]
    return {
        "list": API,
        "deep": first["next"] or API,
        "filter": f"{API}?theme={row['theme']}",
        "status": f"{API}?status={row['status']}",
        "detail": f"{API}{row['id']}/",
    }


KINDS, READS = ("entity", "state", "cted"), ("list", "deep", "filter", "status", "detail")


@pytest.mark.turns(3, days=4)
@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_read_looks_at_all_needs_in_turn(readers: dict[str, Client], kind: str, name: str) -> None:
    seen, _answer = asked(readers[kind], addresses(readers[kind])[name])
    assert not seen.in_turn


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_runs_few_statements_whatever_the_number_of_rows(readers: dict[str, Client], kind: str) -> None:
    client = readers[kind]
    ways = addresses(client)
    lists = [asked(client, path)[0].number for path in (f"{API}?page_size=5", ways["list"], f"{API}?page_size=200")]
    counted = asked(client, "/needs/?part=count", hx_request="true")[0].number
    numbers = {"list": max(lists), "count": counted, "detail": asked(client, ways["detail"])[0].number}
    assert max(lists) - min(lists) <= 1, "parents are looked up only where a row has one"
    assert all(number <= MOST[name] for name, number in numbers.items()), numbers


def test_without_its_indexes_a_list_is_noticed(readers: dict[str, Client]) -> None:
    with connection.cursor() as cursor:
        for index in ("need_by_modified", f"{TABLE}_readers"):
            cursor.execute(f"DROP INDEX {index}")
    seen, _answer = asked(readers["entity"], API)
    assert seen.in_turn

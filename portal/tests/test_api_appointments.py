"""Appointments and the directory over the API: the whole life cycle with tokens, and the refusals."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from assistance.tests.cast import PASSWORD, Cast, appoint
from entities.models import Appointment, Role
from entities.tests.factories import letter
from portal.tests.api import ApiClient, ApiClients, fields

DAY = timedelta(days=1)
PROOF = {"HTTP_FRESH_PROOF": PASSWORD}
BODY = {"organisation": "unodc", "role": "observer", "email": "new@example.org", "name": "New Person"}


def today() -> date:
    return timezone.now().date()


def nominate(api_client: ApiClient, path: str = "", **values: Any) -> Any:
    """Return the response to a nomination, which is sent as a form because it has a letter."""
    body = {**BODY, "letter": letter(), **values}
    return api_client.post(f"appointments/{path}", body, format="multipart", **PROOF)


def post(api_client: ApiClient, path: str, body: Any = None, status: int = 200) -> Any:
    answer = api_client.post(f"appointments/{path}", body or {}, **PROOF)
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.fixture
def second(cast: Cast, api_clients: ApiClients) -> ApiClient:
    """Return the API client of another coordinator of UNOCT."""
    user = User.objects.create(email="second@example.org", name="second", password=cast.users["unoct"].password)
    appoint(user, cast.org("unoct"), Role.COORDINATOR)
    cast.users["second"] = user
    return api_clients.second


def test_the_whole_life_over_json(cast: Cast, api_clients: ApiClients, second: ApiClient) -> None:
    made = nominate(api_clients.unodc, **{"from": str(today()), "until": str(today() + 20 * DAY)}).json()
    assert (made["phase"], made["name"], made["waits_days"], made["transitions"]) == (
        "awaiting",
        "New Person",
        0,
        ["end"],
    )
    path = f"{made['id']}/"
    assert "approve" in api_clients.unoct.get(f"appointments/{path}").json()["transitions"]
    assert post(api_clients.unoct, f"{path}approve/")["phase"] == "running"
    assert post(second, f"{path}approve/", status=409)["errors"][0]["code"] == "conflict"
    assert post(api_clients.unodc, f"{path}confirm/")["confirm_by"] == str(today() + 183 * DAY)
    wished = post(api_clients.unoct, f"{path}extend/", {"until": str(today() + 90 * DAY)})
    assert wished["renewal"]["until"] == str(today() + 90 * DAY) and wished["until"] == str(today() + 20 * DAY)
    post(api_clients.unoct, f"{path}grant/", status=403)
    assert post(second, f"{path}grant/")["until"] == str(today() + 90 * DAY)
    post(second, f"{path}grant/", status=409)
    Appointment.objects.filter(pk=made["id"]).update(confirm_by=today() - DAY)
    assert "reinstate" in api_clients.unodc.get(f"appointments/{path}").json()["transitions"]
    assert post(api_clients.unodc, f"{path}reinstate/")["phase"] == "lapsed"
    assert post(api_clients.unoct, f"{path}refuse/", {"reason": "Left"})["renewal"] is None
    next_one = post(api_clients.unoct, f"{path}hand-over/", {"email": "next@example.org", "name": "Next"}, 201)
    assert post(second, f"{next_one['id']}/approve/")["phase"] == "running"
    assert api_clients.unodc.get(f"appointments/{path}").json()["phase"] == "ended"
    post(api_clients.unodc, f"{next_one['id']}/end/", {"reason": -1422}, status=422)  # no text
    assert post(api_clients.unodc, f"{next_one['id']}/end/", {"reason": "Over"})["end_reason"] == "Over"


def test_without_a_fresh_proof_nothing_changes(cast: Cast, api_clients: ApiClients) -> None:
    row = Appointment.objects.get(user=cast.users["unodc"])
    before = Appointment.objects.count()
    for path, body in (
        ("", BODY), (f"{row.pk}/confirm/", {}), (f"{row.pk}/end/", {"reason": "x"}),
        (f"{row.pk}/hand-over/", {"email": "n@example.org", "name": "N"}),
    ):  # fmt: skip
        answer = ApiClient(api_clients.token("unoct")).post(f"appointments/{path}", body)
        assert answer.status_code == 403 and "proof" in answer.json()["errors"][0]["code"], path
    row.refresh_from_db()
    assert row.ended_at is None and Appointment.objects.count() == before


def test_what_is_hidden_and_absent_answer_alike(cast: Cast, api_clients: ApiClients) -> None:
    hidden = Appointment.objects.get(user=cast.users["unodc"]).pk
    bodies = set()
    for key in (hidden, uuid4()):
        bodies.add(api_clients.iom.get(f"appointments/{key}/").content)
        for step in ("approve", "end", "confirm", "extend", "reinstate", "grant", "refuse", "hand-over"):
            answer = api_clients.iom.post(f"appointments/{key}/{step}/", {"nonsense": 1})
            assert answer.status_code == 404
            bodies.add(answer.content)
    assert len(bodies) == 1
    assert api_clients.observer.get("appointments/").status_code == 403
    assert {row["organisation"] for row in api_clients.iom.get("appointments/").json()["results"]} == {"iom"}


def test_bad_entries_are_named(cast: Cast, api_clients: ApiClients) -> None:
    for body, field in (
        ({"email": "nonsense"}, "email"), ({"name": " "}, "name"), ({"role": "king"}, "role"), ({"letter": ""}, "letter"),
        ({"organisation": "atlantis"}, "organisation"), ({"until": "2001-01-01"}, "until"), ({"color": "blue"}, "color"),
        ({"role": "coordinator"}, "role"),
    ):  # fmt: skip
        assert fields(nominate(api_clients.unodc, **body)) == {field}
    assert fields(api_clients.unodc.post("appointments/", BODY, **PROOF)) == {"letter"}
    assert nominate(api_clients.unodc, organisation="iom").status_code == 403
    assert nominate(api_clients.carana, organisation="unodc").status_code == 403


def test_a_stored_name_is_not_found_by_searching(cast: Cast, api_clients: ApiClients) -> None:
    User.objects.create(email="known@example.org", name="Secret Name")
    made = nominate(api_clients.unodc, email="known@example.org", name="Guess").json()
    assert made["name"] == "Guess"
    assert api_clients.unodc.ids("appointments", q="Secret") == []
    assert (
        api_clients.unodc.ids("appointments", q="Guess")
        == [made["id"]]
        == api_clients.unoct.ids("appointments", q="Secret")
    )


def test_the_list_costs_the_same_for_one_row_and_for_three(cast: Cast, api_clients: ApiClients) -> None:
    counts = []
    for n in (1, 2):
        for _ in range(n):
            row = appoint(User.objects.create(email=f"{uuid4()}@example.org"), cast.org("unodc"), Role.OBSERVER)
            Appointment.objects.filter(pk=row.pk).update(
                until=today() + 9 * DAY, nominated_by=cast.users["unodc"], approved_by=cast.users["unoct"],
                predecessor=Appointment.objects.get(user=cast.users["former"]),
            )  # fmt: skip
            post(api_clients.unoct, f"{row.pk}/extend/", {"until": str(today() + 99 * DAY)})
        for api_client in (api_clients.unodc, api_clients.unoct):
            with CaptureQueriesContext(connection) as captured:
                assert len(api_client.get("appointments/").json()["results"]) > n
            counts.append(len(captured))
    assert counts[:2] == counts[2:]

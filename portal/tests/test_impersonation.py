"""Impersonation: a coordinator sees what another user sees, less what they may not read themselves, read-only."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import ApiToken, User
from assistance.consents import transitions as consents
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from audit.models import Entry
from entities.models import Appointment
from portal.tests.leak_world import BACKEND

REASON = {"reason": "They cannot find a need."}


@pytest.fixture
def unoct(cast: Cast) -> Client:
    """Return the client of the coordinator, who has just signed in with their password."""
    client = Client()
    client.force_login(cast.users["unoct"], backend=BACKEND)
    prove(client)
    return client


def prove(client: Client) -> None:
    """Make the session's proof of identity as recent as after a sign-in."""
    from accounts.login_signals import PROVED_AT

    session = client.session
    session[PROVED_AT] = timezone.now().timestamp()
    session.save()


def begin(client: Client, cast: Cast, name: str) -> Any:
    appointment = Appointment.objects.get(user=cast.users[name], ended_at=None)
    return client.post(f"/designations/{appointment.pk}/view-as/", REASON)


@pytest.mark.turns(days=3)
def test_the_pages_are_those_of_the_other_with_a_banner_on_each(cast: Cast, unoct: Client) -> None:
    need = cast.need("shared")
    assert begin(unoct, cast, "unodc").status_code == 302
    page = unoct.get(f"/needs/{need.pk}/").content.decode()
    assert "You are viewing as" in page
    assert "You are viewing as" in unoct.get("/").content.decode()
    assert unoct.post("/view-as/end/").status_code == 302
    assert "You are viewing as" not in unoct.get("/").content.decode()


@pytest.mark.turns(days=3)
def test_what_the_coordinator_may_not_read_stays_hidden(cast: Cast, unoct: Client) -> None:
    visit = cast.visit()
    section, other = cast.section(visit, 1), cast.section(visit, 2)
    consents.release(actor=cast.carana, rows=[section], audience=["iom"])
    consents.release(actor=cast.carana, rows=[other], audience=["iom", "unoct"])
    narrow = cast.need("shared", audience=["iom"])
    begin(unoct, cast, "iom")
    for kind, row, status in (("sections", section, 404), ("sections", other, 200), ("needs", narrow, 404)):
        for api_client in (f"/{kind}/{row.pk}/", f"/api/v1/{kind}/{row.pk}/"):
            assert unoct.get(api_client).status_code == status, api_client
    draft = cast.need("draft")
    begin_again = begin(unoct, cast, "cted")
    assert begin_again.status_code == 403  # no impersonation from within another
    unoct.post("/view-as/end/")
    begin(unoct, cast, "cted")
    assert unoct.get(f"/needs/{draft.pk}/").status_code == 404


def test_what_only_the_coordinator_sees_is_not_shown_either(cast: Cast, unoct: Client) -> None:
    need = cast.need("shared", audience=["unoct"])
    assert unoct.get(f"/needs/{need.pk}/").status_code == 200
    begin(unoct, cast, "sumora")
    assert unoct.get(f"/needs/{need.pk}/").status_code == 404


@pytest.mark.turns(days=3)
def test_nothing_can_be_changed_by_page_or_api(cast: Cast, unoct: Client) -> None:
    need = cast.need("shared")
    begin(unoct, cast, "unodc")
    body = {"share": 10, "message": "x"}
    api_clients = (
        f"/needs/{need.pk}/propose/",
        "/api/v1/matches/",
        "/offers/new/",
        "/me/",
        "/me/tokens/new/",
        "/inbox/read/",
    )
    for api_client in api_clients:
        for method in (unoct.post, unoct.put, unoct.patch, unoct.delete):
            answer = method(api_client, body, content_type="application/json")
            assert answer.status_code == 403, api_client
            assert "viewing as another user" in answer.content.decode()
    assert Need.objects.get(pk=need.pk).matches.count() == 0


def test_it_ends_by_the_clock_and_with_either_appointment(cast: Cast, unoct: Client) -> None:
    need = cast.need("shared", audience=["unoct"])
    for end in ("clock", "theirs", "own"):
        begin(unoct, cast, "sumora")
        assert unoct.get(f"/needs/{need.pk}/").status_code == 404
        if end == "clock":
            with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
                assert unoct.get(f"/needs/{need.pk}/").status_code == 200
        elif end == "theirs":
            row = Appointment.objects.get(user=cast.users["sumora"])
            Appointment.objects.filter(pk=row.pk).update(until=timezone.now().date() - timedelta(days=1))
            assert unoct.get(f"/needs/{need.pk}/").status_code == 200
            Appointment.objects.filter(pk=row.pk).update(until=None)
            assert "You are viewing as" not in unoct.get("/").content.decode()
        else:
            Appointment.objects.filter(user=cast.users["unoct"]).update(until=timezone.now().date() - timedelta(days=1))
            assert unoct.get("/").status_code == 403


@pytest.mark.parametrize("name", ["carana", "unodc", "cted", "observer"])
def test_nobody_else_views_as_anybody(cast: Cast, name: str) -> None:
    client = Client()
    client.force_login(cast.users[name], backend=BACKEND)
    prove(client)
    answers = {begin(client, cast, other).status_code for other in ("carana", "unodc", "unoct", "sumora")}
    assert answers <= {403, 404}
    assert not Entry.objects.filter(kind="view_as").exists()


def test_nobody_views_as_themselves_or_as_one_who_is_over(cast: Cast, unoct: Client) -> None:
    assert begin(unoct, cast, "unoct").status_code == 403
    assert begin(unoct, cast, "former").status_code == 403


def test_a_reason_is_asked_for_and_kept_with_who_looked_as_whom(cast: Cast, unoct: Client) -> None:
    need = cast.need("shared")
    appointment = Appointment.objects.get(user=cast.users["unodc"])
    empty = unoct.post(f"/designations/{appointment.pk}/view-as/", {"reason": " "})
    assert empty.status_code == 422
    begin(unoct, cast, "unodc")
    unoct.get(f"/needs/{need.pk}/")
    entry = Entry.objects.get(kind="view_as")
    until = parse_datetime(unoct.session["viewing"]["ends_at"])
    assert entry.who == cast.users["unoct"].pk
    assert entry.detail == f"until {until:%Y-%m-%d %H:%M} UTC: {REASON['reason']}"
    read = Entry.objects.filter(kind="read", subjects__contains=[f"need:{need.pk}"]).latest("id")
    assert (read.viewed_by, read.who) == (cast.users["unoct"].pk, cast.users["unodc"].pk)


@pytest.mark.turns(days=3)
def test_pages_open_as_their_owners_see_them_without_a_step(cast: Cast, unoct: Client) -> None:
    visit, match = cast.visit(), cast.match(stage="accepted")
    section, need = cast.section(visit, 1), cast.need("shared", visit=visit, source="visit")
    consents.release(actor=cast.carana, rows=[section], audience=["compact"])
    places = {
        "carana": {"needs": need, "matches": match, "sections": section, "visits": visit},
        "unodc": {"offers": cast.offer(), "projects": cast.project(), "matches": match},
        "cted": {"needs": need, "visits": visit, "sections": section},
    }
    for name, rows in places.items():
        begin(unoct, cast, name)
        for kind, row in rows.items():
            page = unoct.get(f"/{kind}/{row.pk}/")
            assert page.status_code == 200 and f"/documents/new/{kind[:-1]}" not in page.content.decode(), (name, kind)
            answer = unoct.get(f"/api/v1/{kind}/{row.pk}/").json()
            assert answer["transitions"] == [], (name, kind)
        unoct.post("/view-as/end/")


@pytest.mark.turns(days=3)
def test_how_a_consent_stands_is_not_told_through_other_eyes(cast: Cast, unoct: Client) -> None:
    """UNOCT sees a visit, and is not shown whether its State was asked to release the report."""
    visit, other = cast.visit(), cast.visit()
    cast.section(visit, 1)
    consents.ask(actor=cast.cted, visit=visit.pk)
    for name in ("carana", "cted"):
        begin(unoct, cast, name)
        shown = {}
        for row in (visit, other):
            page = unoct.get(f"/visits/{row.pk}/").content.decode()
            answer = unoct.get(f"/api/v1/visits/{row.pk}/").json()
            assert (answer["consent_state"], answer["transitions"]) == (None, []), name
            assert "consent_asked" not in {event["event"] for event in answer["history"]}, name
            shown[row.pk] = "CTED asked" in page
        assert shown == {visit.pk: False, other.pk: False}
        assert "asks you to release" not in unoct.get("/").content.decode()
        assert unoct.get("/consents/two-persons/carana/").status_code == 404
        assert "two-persons" not in unoct.get("/consents/").content.decode()
        unoct.post("/view-as/end/")


def test_the_end_is_kept_once_and_says_who_looked_as_whom(cast: Cast, unoct: Client) -> None:
    begin(unoct, cast, "unodc")
    unoct.post("/view-as/end/")
    unoct.post("/view-as/end/")
    started, ended = Entry.objects.filter(kind="view_as").order_by("id")
    assert (ended.subjects, ended.references, ended.detail) == (started.subjects, started.references, "ended")
    assert (ended.viewed_by, ended.who) == (cast.users["unoct"].pk, cast.users["unodc"].pk)


def test_how_the_other_signs_in_and_with_what_is_not_shown(cast: Cast, unoct: Client) -> None:
    for name, label in (("unodc", "Their script"), ("unoct", "My script")):
        ApiToken.issue(
            user=cast.users[name], name=label, days=1,
            appointments=cast.users[name].appointments.values_list("pk", flat=True),
        )  # fmt: skip
    other = Client(headers={"User-Agent": "Their browser"})
    other.force_login(cast.users["unodc"], backend=BACKEND)
    User.objects.filter(pk=cast.users["unodc"].pk).update(phone="+41 22 555 0100")
    begin(unoct, cast, "unodc")
    page = unoct.get("/me/tokens/").content.decode()
    assert "My script" in page and "Their script" not in page and "Inactive" not in page
    assert "Their browser" not in unoct.get("/me/security/").content.decode()
    assert "+41 22 555 0100" not in unoct.get("/me/").content.decode()
    assert unoct.get("/inbox/").status_code == 200
    assert unoct.get("/api/v1/me/").json()["email"] == cast.users["unoct"].email

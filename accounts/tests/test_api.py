"""The API of the current user: notifications, profile and tokens."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiToken, Channel, Delivery, User
from accounts.tests.conftest import Source, Tell

pytestmark = pytest.mark.django_db
NOTIFICATIONS = "/api/v1/notifications/"


# ── Tokens ───────────────────────────────────────────────────────────────────
def with_header(value: str | bytes) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=value)
    return client


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token x",
        "Token x y",
        "Token " + "a" * 5000,
        "Token \0",
        b"Token \xff\xfe",
        "Token ١٢".encode(),
        "Token é",
    ],
)
def test_what_is_no_token_is_refused(header: str | bytes, person: User) -> None:
    assert with_header(header).get("/api/v1/me/").status_code == 401


def test_a_token_stops_with_its_time_and_with_its_owner(api: APIClient, person: User) -> None:
    assert api.get("/api/v1/me/").status_code == 200
    User.objects.update(is_active=False)
    assert api.get("/api/v1/me/").status_code == 401
    User.objects.update(is_active=True)
    ApiToken.objects.update(expiry=timezone.now() - dt.timedelta(seconds=1))
    assert api.get("/api/v1/me/").status_code == 401


def test_the_secret_is_not_kept(person: User) -> None:
    token, secret = ApiToken.issue(user=person, name="x", days=1)
    kept = ApiToken.objects.filter(pk=token.pk).values().get()
    assert all(secret[start : start + 8] not in str(kept) for start in range(0, 64, 8))


@pytest.mark.parametrize("days", [0, 91, -5])
def test_no_token_is_issued_beyond_the_limit(person: User, days: int) -> None:
    with pytest.raises(ValueError, match="1 to 90 days"):
        ApiToken.issue(user=person, name="x", days=days)


# ── Me ───────────────────────────────────────────────────────────────────────
def test_me_says_who_i_am(api: APIClient, person: User) -> None:
    User.objects.update(language="zh-hans")
    assert api.get("/api/v1/me/").json() == {
        "id": str(person.pk), "email": "amal@example.org", "name": "Amal", "language": "zh", "time_zone": "UTC",
        "mail_rhythm": "at_once", "phone": "", "spoken": [],
    }  # fmt: skip


def test_me_is_changed_in_part(api: APIClient, person: User, tell: Tell) -> None:
    waiting = tell(person, Channel.MAIL)
    change = {"language": "zh", "time_zone": "Asia/Tokyo", "mail_rhythm": "weekly"}
    answer = api.patch("/api/v1/me/", change, format="json")
    assert answer.status_code == 200 and {k: answer.json()[k] for k in change} == change
    person.refresh_from_db()
    assert person.language == "zh-hans" and Delivery.objects.get(pk=waiting.pk).in_digest


@pytest.mark.known_leak(60)  # mass assignment: paperless-ngx GHSA-59xh-5vwx-4c4q, 5cc3c08; NetBox 22819
def test_nobody_makes_themselves_more(api: APIClient, person: User) -> None:
    change = {"email": "x@example.org", "is_superuser": True, "is_staff": True, "id": str(uuid4()), "is_active": False}
    refused = api.patch("/api/v1/me/", {**change, "language": "fr"}, format="json")
    assert {error["field"] for error in refused.json()["errors"]} == set(change)
    before = (person.email, person.is_superuser, person.is_staff, person.pk, person.is_active, person.language)
    person.refresh_from_db()
    assert before == (person.email, person.is_superuser, person.is_staff, person.pk, person.is_active, person.language)
    assert api.put("/api/v1/me/", change, format="json").status_code == 405


@pytest.mark.parametrize(
    ("field", "value"),
    [("language", "tlh"), ("language", None), ("language", ["ar"]), ("time_zone", "Mars/Olympus"), ("time_zone", "../x"),
     ("mail_rhythm", "hourly"), ("phone", 41225550100), ("phone", 1.5), ("phone", True)],
)  # fmt: skip
def test_a_refused_change_names_the_field(api: APIClient, field: str, value: object) -> None:
    answer = api.patch("/api/v1/me/", {field: value}, format="json")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == field


# ── Notifications ────────────────────────────────────────────────────────────
def test_only_own_and_visible_notifications_are_listed(
    api: APIClient, person: User, other: User, tell: Tell, source: Source
) -> None:
    mine = tell(person)
    tell(other)
    tell(person, subject="need:2")
    source.withheld = {"need:2"}
    body = api.get(NOTIFICATIONS).json()
    assert body["next"] is None and body["previous"] is None
    (row,) = body["results"]
    assert row["id"] == str(mine.pk) and row["reference"] == "N-2026-0001" and row["path"] == "/needs/1/"
    assert row["text"] == "N-2026-0001: need matched to an offer" and row["read_at"] is None


def test_pages_are_walked_in_both_directions(api: APIClient, person: User, tell: Tell) -> None:
    for n in range(5):
        tell(person, values={"reference": str(n)})

    def references(body: dict) -> list[str]:
        return [row["reference"] for row in body["results"]]

    first = api.get(NOTIFICATIONS, {"page_size": 2}).json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()
    assert [references(b) for b in (first, second, third)] == [["4", "3"], ["2", "1"], ["0"]]
    assert third["next"] is None and first["previous"] is None
    assert references(api.get(third["previous"]).json()) == ["2", "1"]
    assert references(api.get(api.get(third["previous"]).json()["previous"]).json()) == ["4", "3"]


def test_no_page_is_larger_than_allowed(api: APIClient, person: User, tell: Tell) -> None:
    for _ in range(201):
        tell(person)
    body = api.get(NOTIFICATIONS, {"page_size": 200}).json()
    assert len(body["results"]) == 200 and body["next"]


def test_a_position_that_is_not_mine_is_refused_like_one_that_is_none(api: APIClient, other: User, tell: Tell) -> None:
    theirs = api.get(NOTIFICATIONS, {"before": str(tell(other).pk)})
    nobodys = api.get(NOTIFICATIONS, {"before": str(uuid4())})
    assert theirs.status_code == nobodys.status_code == 422 and theirs.content == nobodys.content
    for nothing in ("x", ""):
        assert api.get(NOTIFICATIONS, {"after": nothing}).json()["errors"][0]["field"] == "after"


def test_filters_tell_new_from_read_and_open_from_done(api: APIClient, person: User, tell: Tell) -> None:
    asked, done, read = tell(person, needs_action=True), tell(person, needs_action=True), tell(person)
    Delivery.objects.filter(pk=done.pk).update(done_at=timezone.now())
    Delivery.objects.filter(pk=read.pk).update(read_at=timezone.now())

    def ids(**filters: str) -> set[str]:
        return {row["id"] for row in api.get(NOTIFICATIONS, filters).json()["results"]}

    assert ids(needs_action="true") == {str(asked.pk)}
    assert ids(needs_action="false") == {str(done.pk), str(read.pk)}
    assert ids(unread="true") == {str(asked.pk), str(done.pk)}
    assert ids(unread="false") == {str(read.pk)}


def test_reading_is_kept_the_first_time(api: APIClient, person: User, tell: Tell) -> None:
    row = tell(person)
    first = api.post(f"{NOTIFICATIONS}{row.pk}/read/").json()["read_at"]
    assert first and api.post(f"{NOTIFICATIONS}{row.pk}/read/").json()["read_at"] == first


def test_what_is_not_mine_or_withdrawn_cannot_be_read(
    api: APIClient, person: User, other: User, tell: Tell, source: Source
) -> None:
    hidden = tell(person, subject="need:2")
    source.withheld = {"need:2"}
    answers = [api.post(f"{NOTIFICATIONS}{pk}/read/") for pk in (hidden.pk, tell(other).pk, uuid4())]
    assert {a.status_code for a in answers} == {404} and len({a.content for a in answers}) == 1
    assert api.get(f"{NOTIFICATIONS}{tell(person).pk}/").status_code == 404, "there is no single view"


def test_the_list_costs_the_same_for_one_and_for_many(api: APIClient, person: User, tell: Tell) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            api.get(NOTIFICATIONS)
        return len(seen)

    tell(person)
    cost()  # the first use of a token is saved
    one = cost()
    tell(person)
    tell(person)
    assert cost() == one <= 4  # token, rows, and two to set and reset the role for row-level security

"""Tokens: chosen scopes, shown once, listed with their use, refused after the end of appointment, password or user."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.mail.outbox import Recipient
from accounts.models import ApiToken, Delivery, User
from accounts.tokens.scopes import reads, scopes
from entities import token_reminders
from entities.actors import actor_of
from entities.appointments import notifications
from entities.models import Appointment, Role
from entities.tests.factories import appointment, organisation, person
from entities.views import tokens

pytestmark = pytest.mark.django_db
ME, NEW = "/api/v1/me/", "/me/tokens/new/"


@pytest.fixture
def row() -> Appointment:
    return appointment(organisation("unodc"))


@pytest.fixture
def owner(row: Appointment) -> User:
    row.user.set_password("correct horse battery staple")
    row.user.save()
    return row.user


@pytest.fixture
def pages(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def issued(user: User, **values: Any) -> str:
    return tokens.issue(actor=actor_of(user), **{"name": "test", "days": 1, **values})[1]


def bearer(secret: str, **more: str) -> Client:
    return Client(headers={"Authorization": f"Token {secret}", **more})


def status(secret: str, path: str = ME) -> int:
    return bearer(secret).get(path).status_code


# ── Making, listing, revoking ────────────────────────────────────────────────
def test_a_token_is_shown_once_and_works_until_it_is_revoked(pages: Client, owner: User) -> None:
    assert 'value="90"' in pages.get(NEW).content.decode()
    page = pages.post(NEW, {"name": "statistics", "days": "30", "reads": ["me:read", "needs:read"]})
    secret = page.context["secret"]
    assert secret in page.content.decode() and "no-store" in page["Cache-Control"]
    token = ApiToken.objects.get()
    assert (
        token.scopes == ["needs:read", "me:read"] and 29 < (token.expiry - timezone.now()).total_seconds() / 86400 <= 30
    )
    assert status(secret) == 200
    listed = pages.get("/me/tokens/").content.decode()
    assert NEW in listed
    assert "statistics" in listed and "Needs" in listed and "127.0.0.1" in listed
    assert secret not in listed and secret[:15] not in listed
    pages.post(f"/me/tokens/{token.uid}/revoke/")
    assert status(secret) == 401


def test_what_a_token_is_good_for_is_chosen_in_plain_words(pages: Client) -> None:
    form = pages.get(NEW).content.decode()
    assert "Read everything that I can read" in form and "Report sections" in form and "who-is-who:write" not in form
    pages.post(NEW, {"name": "all", "days": "1", "read_all": "on", "writes": ["matches:write"]})
    assert ApiToken.objects.get().scopes == [*reads(), "matches:write"]
    for wrong in ({}, {"reads": ["needs:write"]}, {"reads": ["*"]}, {"writes": ["who-is-who:write"]}):
        answer = pages.post(NEW, {"name": "x", "days": "1", **wrong})
        assert answer.status_code == 422 and set(answer.context["form"].errors) <= {"reads", "writes"}
    assert ApiToken.objects.count() == 1


def test_whoever_may_write_somewhere_reads_there_too(owner: User) -> None:
    issued(owner, scopes=["needs:write"])
    assert ApiToken.objects.get().scopes == ["needs:read", "needs:write"]


@pytest.mark.parametrize("days", ["0", "91", "-1", "x", "", "9" * 30])
def test_no_token_lives_longer_than_allowed(pages: Client, days: str) -> None:
    page = pages.post(NEW, {"name": "statistics", "days": days, "read_all": "on"})
    assert "days" in page.context["form"].errors and not ApiToken.objects.exists()


def test_without_an_appointment_there_is_no_token_to_make() -> None:
    client = Client()
    client.force_login(person(is_superuser=True, is_staff=True))
    assert client.post(NEW, {"name": "x", "days": "1", "read_all": "on"}).status_code == 403
    assert not ApiToken.objects.exists()


def test_tokens_of_others_are_neither_listed_nor_revoked(pages: Client) -> None:
    issued(appointment(organisation("iom")).user, name="not yours")
    token = ApiToken.objects.get()
    assert "not yours" not in pages.get("/me/tokens/").content.decode()
    assert pages.post(f"/me/tokens/{token.uid}/revoke/").status_code == 404
    assert pages.get(f"/me/tokens/{token.uid}/revoke/").status_code == 405


def test_the_list_of_tokens_costs_the_same_for_one_and_for_many(pages: Client, owner: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert pages.get("/me/tokens/").status_code == 200
        return len(caught)

    issued(owner)
    queries()
    one = queries()
    for _n in range(2):
        issued(owner)
    assert queries() == one


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    for path in ("/me/tokens/", NEW):
        assert client.get(path)["Location"].startswith("/account/login/")


def test_without_an_appointment_the_page_says_so(pages: Client) -> None:
    Appointment.objects.update(ended_at=timezone.now())
    told = pages.get("/me/tokens/").content.decode()
    assert NEW not in told and "A token requires an appointment in force. You have none." in told
    assert pages.get(NEW).status_code == 403


# ── Its end ──────────────────────────────────────────────────────────────────
def test_a_token_dies_with_the_appointments_it_was_issued_under(row: Appointment, owner: User, pages: Client) -> None:
    secret = issued(owner)
    assert status(secret) == 200
    Appointment.objects.update(ended_at=timezone.now())
    assert status(secret) == 401
    appointment(row.organisation, of=owner)
    assert status(secret) == 401, "a new appointment does not wake it"
    assert "Inactive" in pages.get("/me/tokens/").content.decode()


def test_it_ends_by_its_date_at_midnight_utc(row: Appointment, owner: User) -> None:
    secret = issued(owner, days=90)
    today = timezone.now().date()
    Appointment.objects.update(until=today)
    midnight = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), dt.UTC)
    with time_machine.travel(midnight - dt.timedelta(seconds=1), tick=False):
        assert status(secret) == 200
    with time_machine.travel(midnight, tick=False):
        assert status(secret) == 401


def test_a_right_given_later_is_not_in_it(row: Appointment, owner: User) -> None:
    secret = issued(owner)
    appointment(organisation("cted"), Role.ASSESSOR, of=owner)
    assert len(actor_of(owner).appointments) == 2
    assert [a["organisation"] for a in bearer(secret).get(ME).json()["appointments"]] == ["unodc"]
    assert bearer(issued(owner)).get(ME).json()["may"] != bearer(secret).get(ME).json()["may"]


def test_nor_is_what_happens_under_a_right_given_later(row: Appointment, owner: User) -> None:
    secret = issued(owner)
    later = appointment(organisation("unoct"), Role.COORDINATOR, of=owner)
    news = appointment(organisation("iom"))
    for about, path in ((row, "/of-the-token/"), (later, "/own/"), (news, "/of-another/")):
        notifications.tell("appointment_begun", about, [Recipient(owner)], path=path)
    told = {
        each: [one["path"] for one in bearer(each).get("/api/v1/notifications/").json()["results"]]
        for each in (secret, issued(owner))
    }
    assert list(told.values()) == [["/of-the-token/"], ["/of-another/", "/own/", "/of-the-token/"]]
    hidden = Delivery.objects.get(path="/of-another/", channel="portal")
    writer = issued(owner, scopes=["notifications:write"])
    ApiToken.objects.filter(scopes__contains=["notifications:write"]).update(appointments=[row.pk])
    assert bearer(writer).post(f"/api/v1/notifications/{hidden.pk}/read/").status_code == 404


def test_it_lives_on_under_one_of_two_appointments_with_that_one_alone(row: Appointment, owner: User) -> None:
    appointment(organisation("cted"), Role.ASSESSOR, of=owner)
    secret = issued(owner)
    Appointment.objects.filter(pk=row.pk).update(ended_at=timezone.now())
    assert [a["organisation"] for a in bearer(secret).get(ME).json()["appointments"]] == ["cted"]


@pytest.mark.known_leak
def test_it_dies_with_the_person_by_whatever_path(owner: User) -> None:
    # Peers 58: deactivation by another path keeps sessions and service accounts (authentik#25081, CVE-2025-64521),
    # a superuser bypasses is_active (NetBox 22507).
    secret = issued(owner)
    User.objects.filter(pk=owner.pk).update(is_superuser=True, is_active=False)
    assert status(secret) == 401


def test_it_dies_with_the_password_by_whatever_path(owner: User) -> None:
    secret = issued(owner)
    owner.set_password("another long phrase 9")
    owner.save()
    assert status(secret) == 401


def test_it_lives_on_when_the_same_password_is_stored_in_another_way(owner: User, settings: Any) -> None:
    secret, session = issued(owner), owner.get_session_auth_hash()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    stored = owner.password
    assert owner.check_password("correct horse battery staple")
    owner.refresh_from_db()
    assert owner.password != stored and owner.password.startswith("pbkdf2")
    assert status(secret) == 200 and owner.get_session_auth_hash() == session


def test_it_dies_with_the_password_though_only_that_column_is_saved(owner: User) -> None:
    secret = issued(owner)
    owner.set_password("another long phrase 9")
    owner.save(update_fields=["password"])
    assert status(secret) == 401


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "bearer", "TOKEN"])
def test_it_comes_under_both_names_of_the_scheme(owner: User, scheme: str) -> None:
    assert Client(headers={"Authorization": f"{scheme} {issued(owner)}"}).get(ME).status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Token  ", "Bearer \xff"])
def test_a_header_of_another_form_opens_nothing(owner: User, header: str) -> None:
    assert Client(headers={"Authorization": header}).get(ME).status_code == 401


def test_it_reads_what_it_is_good_for_and_until_when(owner: User) -> None:
    secret = issued(owner, scopes=["me:read", "needs:write"])
    token = ApiToken.objects.latest("created")
    assert bearer(secret).get(ME).json()["token"] == {
        "name": token.name,
        "scopes": ["needs:read", "me:read", "needs:write"],
        "expires_at": token.expiry.isoformat().replace("+00:00", "Z"),
    }
    session = Client()
    session.force_login(owner, backend="accounts.sign_in.backend.AccountBackend")
    assert session.get(ME).json()["token"] is None


def test_its_owner_is_told_a_week_and_a_day_before_its_end_once(row: Appointment, owner: User) -> None:
    issued(owner, days=30)
    issued(owner, days=5)  # made for less than a week: its owner knows
    now, told = timezone.now(), []
    for day in (22, 24, 24, 28, 29.5, 29.9):
        with time_machine.travel(now + dt.timedelta(days=day), tick=False):
            told.append(token_reminders.run())
    assert told == [0, 1, 0, 0, 1, 0]
    rows = Delivery.objects.filter(message="token_ends")
    assert {row.recipient_id for row in rows} == {owner.pk} and set(rows.values_list("channel", "path")) == {
        ("mail", "/me/tokens/"), ("portal", "/me/tokens/"),
    }  # fmt: skip


def test_of_a_token_that_works_no_more_nobody_is_told(row: Appointment, owner: User) -> None:
    issued(owner, days=30)
    token = ApiToken.objects.get()
    subject = f"token:{token.uid}"
    assert token_reminders.may_be_told(owner, {subject, "user:1"}) == {subject}
    assert token_reminders.may_be_told(person("other@example.org"), {subject}) == set()
    owner.set_password("another long phrase 9")
    owner.save()
    with time_machine.travel(timezone.now() + dt.timedelta(days=25), tick=False):
        assert token_reminders.run() == 0
    assert token_reminders.may_be_told(owner, {subject}) == set()


def test_every_refusal_of_a_token_reads_the_same(row: Appointment, owner: User) -> None:
    def said(secret: str) -> bytes:
        return bearer(secret).get(ME).content

    expired, revoked, ended = issued(owner), issued(owner), issued(owner)
    token = ApiToken.objects.last()
    ApiToken.objects.filter(pk=token.pk).update(expiry=timezone.now())
    ApiToken.objects.exclude(pk=token.pk).last().delete()
    Appointment.objects.update(ended_at=timezone.now())
    assert {said(secret) for secret in (expired, revoked, ended, "x" * 64)} == {said("y" * 64)}


# ── Its use ──────────────────────────────────────────────────────────────────
def test_the_last_use_is_noted_once_a_minute_and_costs_a_read_nothing(owner: User) -> None:
    client = bearer(issued(owner))

    def writes() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(ME).status_code == 200
        return sum('UPDATE "accounts_apitoken"' in query["sql"] for query in caught)

    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [writes(), writes(), writes()] == [1, 0, 0]
        token = ApiToken.objects.get()
        assert (token.last_used_at, token.last_used_from) == (timezone.now(), "127.0.0.1")
        clock.shift(59)
        assert writes() == 0
        clock.shift(1)
        assert writes() == 1


# ── The command ──────────────────────────────────────────────────────────────
def test_the_command_prints_the_token_alone(owner: User) -> None:
    out = StringIO()
    call_command("api_token", owner.email.upper(), "--days", "7", stdout=out)
    secret = out.getvalue().removesuffix("\n")
    assert secret.isalnum() and len(secret) == 64
    assert bearer(secret).get(ME).json()["email"] == owner.email
    token = ApiToken.objects.get()
    assert token.scopes == reads() and token.expiry < timezone.now() + dt.timedelta(days=7, seconds=1)
    call_command("api_token", owner.email, "--scope", "needs:read", "--scope", "offers:write", stdout=out)
    assert ApiToken.objects.first().scopes == ["offers:read", "needs:read", "offers:write"]
    call_command("api_token", owner.email, "--write", stdout=out)
    assert ApiToken.objects.first().scopes == scopes()


def test_the_command_says_what_is_wrong(owner: User) -> None:
    out = StringIO()
    nobody = person("nobody@example.org")
    for arguments, words in (
        (["absent@example.org"], "Nobody here has the address"),
        ([owner.email, "--days", "91"], "1 to 90 days"),
        ([owner.email, "--scope", "needs:delete"], "needs:delete"),
        ([nobody.email], "requires an appointment in force"),
    ):
        with pytest.raises(CommandError, match=words) as caught:
            call_command("api_token", *arguments, stdout=out)
        assert caught.value.returncode == 1
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="not active"):
        call_command("api_token", owner.email, stdout=out)
    assert out.getvalue() == ""

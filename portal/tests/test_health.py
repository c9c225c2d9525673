"""The health check: up or down for everybody, figures for an administrator and for monitoring."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.mail import breaker, dispatch, hold
from accounts.models import Delivery, User
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast
from portal import health
from portal.tests.leak_world import BACKEND

FIGURES = {
    "status", "version", "oldest_unsent_seconds", "dead_letters", "sending_held_since", "free_bytes", "problems",
}  # fmt: skip
pytestmark = pytest.mark.known_leak(50)  # admin, debug, schema and health pages open: ASVS 5.0 13.4.5


@pytest.mark.parametrize("name", [*MEMBERS, *OUTSIDERS, "anonymous"])
def test_only_an_administrator_is_told_figures(cast: Cast, client: Client, name: str) -> None:
    if name != "anonymous":
        client.force_login(cast.users[name], backend=BACKEND)
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert set(answer.json()) == (FIGURES if name == "admin" else {"status"})


@pytest.mark.parametrize(
    ("kept", "sent", "told"),
    [("", "Bearer ", False), ("", "", False), ("a-token", "Bearer a-token", True), ("a-token", "Bearer b", False)],
)
def test_the_token_of_what_watches_opens_the_figures(
    db: None, client: Client, settings: Any, kept: str, sent: str, told: bool
) -> None:
    settings.HEALTH_TOKEN = kept
    assert (set(client.get("/health/", headers={"Authorization": sent}).json()) == FIGURES) == told


@pytest.fixture
def watch(db: None, client: Client, settings: Any) -> Callable[[], tuple[int, dict[str, Any]]]:
    """Return a function that asks as monitoring does: status and body."""
    settings.HEALTH_TOKEN = "a-token"

    def ask() -> tuple[int, dict[str, Any]]:
        answer = client.get("/health/", headers={"Authorization": "Bearer a-token"})
        return answer.status_code, answer.json()

    return ask


Watch = Callable[[], tuple[int, dict[str, Any]]]


def dead_letter() -> None:
    person = User.objects.create_user("amal@example.org", "correct horse", name="Amal")
    Delivery.objects.create(
        event=uuid4(), source="account", subject="x", recipient=person, channel="mail", message="password_reset",
        path="/", due_at=timezone.now(), dead_at=timezone.now(),
    )  # fmt: skip


def late_letter() -> None:
    dead_letter()
    Delivery.objects.update(dead_at=None, due_at=timezone.now() - timedelta(seconds=health.LATE + 1))


def test_nothing_is_wrong(watch: Watch) -> None:
    status, body = watch()
    assert (status, body["status"], body["problems"]) == (200, "ok", []) and body["free_bytes"] > 0


@pytest.mark.parametrize(
    ("cause", "problem"),
    [(dead_letter, "mail_given_up"), (late_letter, "mail_late"), (lambda: hold.hold("trying"), "sending_held"),
     (lambda: breaker.note_failure(ConnectionRefusedError()), "mail_server_away")],
)  # fmt: skip
def test_what_is_wrong_with_mail_is_told_to_who_watches_and_to_nobody_else(
    watch: Watch, client: Client, cause: Callable[[], object], problem: str
) -> None:
    try:
        cause()
        status, body = watch()
        assert (status, body["status"], body["problems"]) == (503, "attention", [problem])
        assert client.get("/health/").json() == {"status": "ok"}
        if problem == "mail_given_up":
            dispatch.acknowledge(Delivery.objects.all())
            assert watch()[0] == 200
    finally:
        breaker.note_answer()


def test_a_disk_that_fills_up_and_one_that_is_read_only_are_told(
    watch: Watch, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HEALTH_FREE_BYTES = 2**62
    assert watch()[1]["problems"] == ["disk_full"]
    settings.HEALTH_FREE_BYTES, settings.MEDIA_ROOT = 0, "/proc/sys"  # mounted read-only or closed, also for root
    assert watch()[1]["problems"] == ([] if os.access("/proc/sys", os.W_OK) else ["files_read_only"])


def test_a_database_that_stores_nothing_is_told(watch: Watch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert watch()[1]["problems"] == ["database_read_only"]


def test_a_broker_that_is_away_is_told(watch: Watch, settings: Any, tmp_path: Path) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": f"unix://{tmp_path}/nobody.sock"}}
    assert watch()[1]["problems"] == ["broker_away"]


@pytest.mark.parametrize("name", [*OUTSIDERS, "anonymous"])
def test_the_description_of_the_api_is_for_members(cast: Cast, client: Client, name: str) -> None:
    if name != "anonymous":
        client.force_login(cast.users[name], backend=BACKEND)
    refused = (302, 401) if name == "anonymous" else (403,)
    for address in ("/api/v1/", "/api/v1/schema/", "/api/v1/docs/", "/api/v1/docs/?script"):
        assert client.get(address).status_code in refused
    assert "openapi" not in client.get("/api/v1/schema/").content.decode()


@pytest.mark.parametrize("name", [*MEMBERS, "former", "nobody", "anonymous"])
def test_the_administration_is_for_administrators(cast: Cast, client: Client, name: str) -> None:
    if name != "anonymous":
        client.force_login(cast.users[name], backend=BACKEND)
    for address in ("/admin/", "/admin/accounts/user/", "/admin/assistance/need/", "/admin/jsi18n/"):
        assert client.get(address).status_code == 302


def test_an_anonymous_page_does_not_say_which_version_runs(db: None, client: Client, settings: Any) -> None:
    settings.VERSION = "7.7.7-canary"
    for address in ("/account/login/", "/nothing/", "/health/"):
        assert "7.7.7-canary" not in client.get(address).content.decode()

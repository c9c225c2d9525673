"""The health check: up or down for everybody, figures for an administrator and for monitoring."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast
from portal import views
from portal.tests.leak_world import BACKEND

FIGURES = {"status", "version", "oldest_unsent_seconds"}
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


def test_without_the_database_it_says_down(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def cursor(self) -> None:
            raise OperationalError("connection to server at 10.0.0.7 failed")

    monkeypatch.setattr(views, "connection", Gone())
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "down"})


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

"""A service that is away: 503 with Retry-After and true words, soon, on pages and in the API."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.utils import InternalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path
from redis.exceptions import ConnectionError as RedisGone

from portal import outages, urls
from portal.tests.production import SAFE
from portal.tests.test_headers import check

ROOT = Path(__file__).resolve().parents[2]


def gone(request: HttpRequest) -> HttpResponse:
    """Ask a database that is not there."""
    raise OperationalError("connection to server at 10.0.0.7 failed")


def handled(request: HttpRequest) -> HttpResponse:
    """Fail while the failure of a service is handled."""
    try:
        raise InterfaceError("connection already closed")
    except InterfaceError as error:
        raise ValueError("no rows") from error


def stores(request: HttpRequest) -> HttpResponse:
    """Write to a database that stores nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute("CREATE TABLE nothing ()")
    return HttpResponse()


def slow(request: HttpRequest) -> HttpResponse:
    """Ask for more than the database may take."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10ms'")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse()


def cache_gone(request: HttpRequest) -> HttpResponse:
    """Ask a cache that is not there."""
    raise RedisGone("Error 111 connecting to 10.0.0.8:6379")


VIEWS = (gone, handled, stores, slow, cache_gone)


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """Add a URL for each of these views, also in the API."""
    from django.contrib.auth.decorators import login_not_required

    more = [path(f"{place}{view.__name__}/", login_not_required(view)) for place in ("", "api/v1/") for view in VIEWS]
    monkeypatch.setattr(urls, "urlpatterns", [*more, *urls.urlpatterns])
    clear_url_caches()
    settings.ROOT_URLCONF = "portal.urls"
    yield
    clear_url_caches()


@pytest.mark.django_db
@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_a_service_that_is_away_is_said_to_be_away(view: Callable[..., Any]) -> None:
    client = Client(raise_request_exception=False)
    for place in ("", "api/v1/"):
        answer = client.get(f"/{place}{view.__name__}/", headers={"Accept-Language": "fr" if place else "en"})
        assert (answer.status_code, answer["Retry-After"]) == (503, str(outages.RETRY_AFTER))
        check(answer)
        text = answer.content.decode()
        assert "10.0.0" not in text and "been told" not in text and "Traceback" not in text
        if place:
            assert answer.json()["errors"][0]["code"] == "unavailable"
        else:
            assert "Temporarily unavailable" in text and answer["X-Request-ID"] in text


def test_a_fault_of_ours_is_no_outage() -> None:
    for error in (ValueError("x"), KeyError("x"), InternalError("x"), None):
        assert not outages.is_outage(error)


@pytest.mark.parametrize("name", ["500.html", "errors/503.html"])
def test_the_pages_that_stand_alone_name_files_that_exist(name: str, client: Client) -> None:
    import re

    from django.template.loader import render_to_string

    for address in re.findall(r'href="(/static/[^"]+)"', render_to_string(name)):
        assert client.get(address).status_code == 200, address


# ── The whole portal beside services that are not there ──────────────────────
ASK = """
import time, django
from django.test import Client
import portal.wsgi
client = Client(raise_request_exception=False)
for address in ("/", "/account/login/", "/api/v1/needs/", "/health/"):
    began = time.monotonic()
    client.cookies["session"] = "a" * 32
    answer = client.get(address, headers={"Host": "localhost"})
    print(address, answer.status_code, answer.get("Retry-After", "-"), round(time.monotonic() - began))
"""


@pytest.mark.turns(days=5)
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["refused", "silent"])
def test_every_door_of_a_portal_without_its_database_says_so_soon(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1] if kind == "silent" else 1
        given = {"PATH": os.environ["PATH"], "DATABASE_URL": f"postgres://portal_app@127.0.0.1:{port}/portal"}
        environment = given | {"REDIS_URL": os.environ["REDIS_URL"], "DJANGO_SETTINGS_MODULE": "portal.settings"}
        done = subprocess.run(
            [sys.executable, "-c", ASK],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("/")]
    assert [line[1] for line in lines] == ["503"] * 4, done.stdout
    assert [line[2] for line in lines] == ["30"] * 3 + ["30"], done.stdout
    assert all(int(line[3]) <= 16 for line in lines), done.stdout


def test_a_web_process_waits_for_nothing_for_long() -> None:
    asked = "from portal.settings import DATABASES; print(DATABASES['default']['OPTIONS'])"
    for web, limited in (("1", True), (None, False)):
        environment = {"PATH": os.environ["PATH"], **SAFE, **({"PORTAL_ROW_SECURITY": web} if web else {})}
        done = subprocess.run(
            [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        assert "'connect_timeout': 5" in done.stdout
        assert ("statement_timeout=20s" in done.stdout) is limited, "commands may take longer"
    assert site.CACHES["default"]["OPTIONS"]["socket_timeout"] <= 5

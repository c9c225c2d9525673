"""Headers: every response of every route has all of them, whatever its status and whichever code produces it."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from assistance.tests.cast import Cast
from assistance.tests.world import World
from portal import urls
from portal.tests.api import token_of
from portal.tests.figures import Figures
from portal.tests.leak_world import SKIPPED, addresses, probe_as
from portal.tests.routes import routes
from portal.tests.sampling import TODAY

EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TOLD_BY_NOBODY = ("Server", "X-Powered-By", "X-AspNet-Version", "Via", "X-Generator")
STATIC = "/static/web/portal.css"
NO_NEED = "00000000-0000-4000-8000-000000000000"


def check(answer: Any, *, static: bool = False) -> None:
    """Assert that a response has the headers of every response."""
    headers, where = answer.headers, f"{answer.request['REQUEST_METHOD']} {answer.request['PATH_INFO']}"
    for name, value in EXACT.items():
        assert headers.get(name) == value, (where, answer.status_code, name)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy, (where, policy)
    permissions = headers["Permissions-Policy"]
    assert "camera=()" in permissions and "geolocation=()" in permissions and "microphone=()" in permissions
    assert not [name for name in TOLD_BY_NOBODY if name in headers], where
    if not static:
        kept = headers["Cache-Control"]
        assert "no-store" in kept and "public" not in kept, (where, answer.status_code, kept)
        varies = {name.strip() for name in headers["Vary"].split(",")}
        assert {"Accept-Language", "Cookie", "Authorization"} <= varies, (where, varies)
        assert "Expires" not in headers or "no-store" in kept


def sweep(world: World, figures: Figures, *, whole: bool) -> None:
    """Request every route and check each response: with one or two methods by its users, or all methods by three users.

    Unless wholly: every second route, the next day the others. The administration has one check and one kind of response:
    some of its routes represent all of them.
    """
    clients = {name: probe_as(world, name).client for name in ("anonymous", "cted", "admin")}
    found: Counter[int] = Counter()
    for turn, route in enumerate(routes(), TODAY):
        of_staff = route.template.startswith("/admin/")
        if route.name in SKIPPED or (turn % (8 if of_staff else 2) and not whole):
            continue
        filled = list(addresses(world, route))
        insider = "admin" if of_staff else "cted"
        asked = (("get", filled[0]), ("delete", filled[-1]), ("get", filled[-1]), ("post", filled[0]))
        for name in clients if whole else (insider,):
            for method, address in asked if whole else asked[: 1 if turn % 8 else 2]:
                answer = getattr(clients[name], method)(address)
                check(answer)
                assert answer.status_code < 500, address
                found[answer.status_code] += 1
    figures.count("answers whose headers were read", found.total())
    assert found.total() > (4000 if whole else 140) and {200, 302, 403, 404, 405} <= set(found)


@pytest.mark.turns(days=4)
@pytest.mark.slow
def test_every_route_carries_every_header(world: World, figures: Figures) -> None:
    sweep(world, figures, whole=False)


@pytest.mark.prove
def test_headers_of_every_route_for_everybody_and_every_method(world: World, figures: Figures) -> None:
    sweep(world, figures, whole=True)


@pytest.mark.known_leak(48)  # a page cache without Vary: DefectDojo#3550, Django CVE-2026-35193
def test_api_answers_of_a_token_are_kept_by_nobody_and_vary_with_it(cast: Cast) -> None:
    secret = token_of(cast.users["unodc"])
    for route in ("/api/v1/", "/api/v1/needs/", "/api/v1/me/", "/api/v1/schema/", f"/api/v1/needs/{NO_NEED}/"):
        for value in (f"Token {secret}", "Token wrong", ""):
            check(Client().get(route, headers={"Authorization": value} if value else {}))


# ── Each status, by each code that produces it ───────────────────────────────
def fails(request: HttpRequest) -> HttpResponse:
    """Raise an exception, as a bug would."""
    raise ZeroDivisionError


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """Add two URLs that raise an exception, one of them in the API."""
    from django.contrib.auth.decorators import login_not_required
    from django.urls import clear_url_caches

    more = [path(f"{place}fails/", login_not_required(fails)) for place in ("", "api/v1/")]
    monkeypatch.setattr(urls, "urlpatterns", [*more, *urls.urlpatterns])
    clear_url_caches()
    settings.ROOT_URLCONF = "portal.urls"
    yield
    clear_url_caches()


def json(client: Client, method: str, address: str, body: str = "{}", kind: str = "application/json") -> Any:
    return getattr(client, method)(address, body, content_type=kind)


STATUSES: tuple[tuple[int, str, Callable[[Client], Any]], ...] = (
    (302, "anonymous", lambda c: c.get("/needs/")),
    (302, "cted", lambda c: c.post("/language/", {"language": "fr"})),
    (301, "cted", lambda c: c.get("/needs")),
    (400, "cted", lambda c: json(c, "post", "/api/v1/needs/", "{")),
    (400, "anonymous", lambda c: c.get("/", headers={"Host": "elsewhere.example.org"})),
    (400, "anonymous", lambda c: c.get("/api/v1/needs/", headers={"Host": "elsewhere.example.org"})),
    (401, "anonymous", lambda c: c.get("/api/v1/needs/")),
    (403, "unodc", lambda c: json(c, "post", "/api/v1/visits/")),
    (403, "nobody", lambda c: c.get("/needs/")),
    (404, "cted", lambda c: c.get(f"/needs/{NO_NEED}/")),
    (404, "cted", lambda c: c.get(f"/api/v1/needs/{NO_NEED}/")),
    (404, "anonymous", lambda c: c.get("/nothing/")),
    (404, "anonymous", lambda c: c.get("/static/nothing.css")),
    (404, "anonymous", lambda c: c.get("/api/v1/nothing/")),
    (405, "cted", lambda c: json(c, "delete", "/api/v1/needs/")),
    (405, "cted", lambda c: c.get("/inbox/read/")),
    (413, "cted", lambda c: json(c, "post", "/api/v1/needs/", '{"title": "' + "x" * 3_000_000 + '"}')),
    (413, "cted", lambda c: c.post("/needs/new/", {f"a{n}": "1" for n in range(1001)})),
    (415, "cted", lambda c: json(c, "post", "/api/v1/needs/", "a=1", "text/plain")),
    (422, "cted", lambda c: json(c, "post", "/api/v1/needs/")),
    (422, "cted", lambda c: c.get("/needs/?token=x")),
    (500, "anonymous", lambda c: c.get("/fails/")),
    (500, "anonymous", lambda c: c.get("/api/v1/fails/")),
)  # fmt: skip


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(("status", "name", "ask"), STATUSES, ids=lambda value: value if isinstance(value, int) else "")
def test_an_answer_of_this_status_carries_every_header(
    cast: Cast, status: int, name: str, ask: Callable[[Client], Any]
) -> None:
    client = Client(raise_request_exception=False)
    if name != "anonymous":
        client.force_login(cast.users[name], backend="accounts.sign_in.backend.AccountBackend")
    answer = ask(client)
    assert answer.status_code == status
    check(answer)
    if answer.request["PATH_INFO"].startswith("/api/"):
        assert answer["Content-Type"] == "application/json" and answer.json()["errors"][0]["code"]
    elif status >= 400 and status != 405:
        assert "Traceback" not in answer.content.decode() and answer["Content-Type"].startswith("text/html")


def test_a_conflict_and_a_form_without_its_token_carry_every_header(cast: Cast) -> None:
    need = cast.need("draft")
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/account/login/", {"login": "x", "password": "x"})
    assert refused.status_code == 403
    check(refused)
    client = Client()
    client.force_login(cast.users["cted"], backend="accounts.sign_in.backend.AccountBackend")
    for answer in (
        json(client, "post", f"/api/v1/needs/{need.pk}/agree/"),
        json(client, "patch", f"/api/v1/needs/{need.pk}/", '{"title": "x", "version": 99}'),
    ):
        assert answer.status_code == 409
        check(answer)


def test_who_tries_too_often_is_told_so_with_every_header(cast: Cast) -> None:
    client = Client()
    found = set()
    for _attempt in range(12):
        answer = client.post("/account/login/", {"login": "unodc@example.org", "password": "wrong"})
        check(answer)
        found.add(answer.status_code)
    assert found <= {200, 403, 429}


def test_a_static_file_carries_the_headers_of_safety_and_may_be_kept(client: Client) -> None:
    answer = client.get(STATIC)
    assert answer.status_code == 200 and "no-store" not in answer["Cache-Control"]
    check(answer, static=True)
    again = client.get(STATIC, headers={"If-Modified-Since": answer["Last-Modified"]})
    assert again.status_code == 304
    check(again, static=True)
    assert "Cookie" not in answer.get("Vary", "") and not answer.cookies


@pytest.mark.django_db
def test_production_sends_everybody_to_https_and_keeps_them_there(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    answer = Client().get("/needs/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/needs/")
    check(answer)
    for address in ("/account/login/", "/api/v1/needs/", "/nothing/", STATIC):
        answer = Client().get(address, secure=True)
        check(answer, static=address == STATIC)
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.django_db
def test_the_policy_gives_a_page_a_new_nonce_each_time(client: Client) -> None:
    nonces = [re.findall(r"'nonce-([^']+)'", client.get("/account/login/")["Content-Security-Policy"]) for _ in "ab"]
    assert nonces[0] != nonces[1] or nonces == [[], []]


def test_the_web_server_does_not_say_what_it_is() -> None:
    asked = "import runpy; runpy.run_path('gunicorn.conf.py'); from gunicorn.http.wsgi import Response as R; "
    asked += "from types import SimpleNamespace as N; print(R(N(), None, None).version)"
    root = Path(__file__).resolve().parents[2]
    told = subprocess.run([sys.executable, "-c", asked], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "portal"

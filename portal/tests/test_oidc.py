"""Sign-in by OpenID Connect, with a small real provider on loopback: it signs in known users and creates nothing."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tests.sign_in_forms import code, with_app
from assistance.tests.cast import Cast
from entities.models import Appointment

START, BACK = "/account/oidc/oidc/login/?process=login", "/account/oidc/oidc/login/callback/"
CLIENT, SECRET = "portal", "a secret between the two"


class Provider(ThreadingHTTPServer):
    """Discovery, token and user endpoints; `claims` holds what it asserts about the next user."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {}
        self.token_claims: dict[str, Any] = {}
        self.challenge = ""
        self.spent: set[str] = set()

    def id_token(self) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "sub": self.claims["sub"], "iat": now, "exp": now + 60}
        return jwt.encode({**said, **self.token_claims}, self.key, "RS256", headers={"kid": "1"})


class Answers(BaseHTTPRequestHandler):
    """The endpoints."""

    server: Provider

    def do_GET(self) -> None:
        issuer = self.server.issuer
        if self.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "userinfo_endpoint": f"{issuer}/userinfo",
                    "jwks_uri": f"{issuer}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif self.path == "/userinfo" and self.headers["Authorization"] == "Bearer access":
            self.answer(self.server.claims)
        else:
            self.answer({}, 404)

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
        proven = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.server.challenge
        once = sent["code"][0] not in self.server.spent
        self.server.spent.add(sent["code"][0])
        if proven and once and sent["client_secret"] == [SECRET] and sent["client_id"] == [CLIENT]:
            self.answer({"access_token": "access", "token_type": "Bearer", "id_token": self.server.id_token()})
        else:
            self.answer({"error": "invalid_grant"}, 400)

    def answer(self, body: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *args: Any) -> None:
        """Print nothing."""


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    cache.clear()
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app = {
        "provider_id": "oidc", "name": "Ministry", "client_id": CLIENT, "secret": SECRET,
        "settings": {"server_url": server.issuer, "oauth_pkce_enabled": True},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def walk(provider: Provider, browser: Client | None = None, start: str = START, **claims: Any) -> Any:
    """Follow the redirects as a browser does; return the last response, with the client as its attribute `browser`."""
    browser = browser or Client()
    provider.claims = {"sub": "7", "email_verified": True, **claims}
    there = browser.post(start)
    assert there.status_code == 302 and there["Location"].startswith(f"{provider.issuer}/authorize?"), there.content
    asked = parse_qs(urlsplit(there["Location"]).query)
    provider.challenge = asked["code_challenge"][0]
    assert asked["code_challenge_method"] == ["S256"] and asked["client_id"] == [CLIENT]
    back = browser.get(
        BACK, {"code": hashlib.sha256(asked["state"][0].encode()).hexdigest(), "state": asked["state"][0]}
    )
    back.browser = browser
    return back


def is_in(browser: Client) -> bool:
    return browser.get("/me/").status_code == 200


def kept() -> list[int]:
    return [model.objects.count() for model in (User, Appointment, SocialAccount, SocialToken)]


def test_a_known_person_comes_in_by_their_verified_address(cast: Cast, provider: Provider) -> None:
    before = kept()
    answer = walk(provider, email="UNODC@example.org")
    assert answer.status_code == 302 and is_in(answer.browser)
    assert answer.browser.get("/api/v1/me/").json()["email"] == "unodc@example.org"
    assert kept() == before, "nothing of the provider is kept"


def test_the_second_factor_is_asked_all_the_same(cast: Cast, provider: Provider) -> None:
    secret = with_app(cast.users["unodc"])
    provider.token_claims = {"amr": ["mfa"], "acr": "http://schemas.openid.net/pape/policies/2007/06/multi-factor"}
    answer = walk(provider, email="unodc@example.org")
    assert answer["Location"] == "/account/2fa/authenticate/" and not is_in(answer.browser)
    answer.browser.post(answer["Location"], {"code": code(secret)})
    assert is_in(answer.browser)


STRANGERS: dict[str, dict[str, Any]] = {
    "unknown": {"email": "stranger@example.org"},
    "not verified": {"email": "unodc@example.org", "email_verified": False},
    "verified in words only": {"email": "unodc@example.org", "email_verified": "true"},
    "no address": {},
    "an empty address": {"email": ""},
    "a list": {"email": ["unodc@example.org"]},
    "inactive": {"email": "iom@example.org"},
    "like": {"email": "unodc@example.or_"},
    "a letter that folds to o": {"email": "un\uff4fdc@example.org"},
    "a letter that folds to i": {"email": "\u0131om@example.org"},
    "a letter that folds to s": {"email": "fir\u017ft@example.org"},
    "nominated, not let in": {"email": "nominee@example.org"},
}


def test_nobody_else_comes_in_and_all_are_told_the_same(cast: Cast, provider: Provider) -> None:
    User.objects.filter(email="iom@example.org").update(is_active=False)
    User.objects.create_user("nominee@example.org", name="Nominee")
    User.objects.create_user("first@example.org", "a long password", name="First")
    before, pages = kept(), set()
    for name, claims in STRANGERS.items():
        answer = walk(provider, **claims)
        assert answer.status_code == 403 and not is_in(answer.browser), name
        pages.add(answer.content.decode().partition("<h1>")[2].partition("</section>")[0])
    assert len(pages) == 1 and kept() == before


def test_rights_claimed_by_a_provider_are_not_read(cast: Cast, provider: Provider) -> None:
    claims = {"roles": ["coordinator"], "groups": ["unoct"], "is_superuser": True, "is_staff": True, "name": "Root"}
    browser = walk(provider, email="nobody@example.org", **claims).browser
    person = User.objects.get(email="nobody@example.org")
    assert (person.is_staff, person.is_superuser, person.name) == (False, False, "nobody")
    assert browser.get("/").status_code == 403 and not person.appointments.exists()


def test_a_token_about_somebody_else_opens_nothing(cast: Cast, provider: Provider) -> None:
    for lie in ({"sub": "8"}, {"aud": "another"}, {"iss": "http://127.0.0.1:1"}, {"exp": int(time.time()) - 60}):
        provider.token_claims = lie
        answer = walk(provider, email="unodc@example.org")
        assert answer.status_code == 403 and not is_in(answer.browser), lie


def test_a_return_that_was_not_asked_for_opens_nothing(cast: Cast, provider: Provider) -> None:
    provider.claims = {"sub": "7", "email": "unodc@example.org", "email_verified": True}
    for query in ({"code": "x", "state": "made up"}, {"code": "x"}, {"error": "access_denied", "state": "x"}, {}):
        browser = Client()
        answer = browser.get(BACK, query)
        assert answer.status_code == 403 and not is_in(browser), query
    first = walk(provider, email="unodc@example.org")
    again = Client().get(first.request["PATH_INFO"] + "?" + first.request["QUERY_STRING"])
    assert again.status_code == 403


def test_nothing_but_a_sign_in_is_done_by_it(cast: Cast, provider: Provider) -> None:
    browser = Client()
    browser.force_login(cast.users["iom"])
    for process in ("connect", "redirect"):
        answer = walk(provider, browser, START.replace("=login", f"={process}"), email="unodc@example.org")
        assert answer.status_code == 403 and browser.get("/api/v1/me/").json()["email"] == "iom@example.org"
    assert not SocialAccount.objects.exists()


def test_a_provider_that_is_down_says_so(cast: Cast, provider: Provider) -> None:
    provider.shutdown()
    provider.server_close()
    answer = Client().post(START)
    assert answer.status_code == 502 and b"could not be reached" in answer.content


def test_the_button_is_there_when_a_provider_is_named_and_absent_otherwise(
    cast: Cast, provider: Provider, settings: Any
) -> None:
    assert b"Sign in with Ministry" in Client().get("/account/login/").content
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert b"Sign in with" not in Client().get("/account/login/").content
    for address in (START, BACK):
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code == 404


@pytest.mark.parametrize(
    "address",
    ["3rdparty/", "3rdparty/signup/", "3rdparty/login/error/", "3rdparty/login/cancelled/", "social/connections/", "email/",
     "confirm-email/", "signup/", "password/set/", "login/code/confirm/", "sessions/", "2fa/recovery-codes/download/"],
)  # fmt: skip
def test_what_allauth_brings_and_the_portal_does_not_want_is_absent(cast: Cast, address: str) -> None:
    browser = Client()
    browser.force_login(cast.users["unodc"])
    found, absent = browser.get(f"/account/{address}"), browser.get("/account/nowhere/")
    assert found.status_code == absent.status_code == 404
    main = [answer.content.decode().partition("<main")[2].partition("</main>")[0] for answer in (found, absent)]
    assert main[0] == main[1]

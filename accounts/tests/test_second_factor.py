"""The second factor: required outside the demonstration, asked at sign-in, limited in guesses, its codes shown once."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tests.sign_in_forms import code, is_in, sign_in, with_app

pytestmark = pytest.mark.django_db
ASKED = "/accounts/2fa/authenticate/"


@pytest.fixture(autouse=True)
def _a_moment_that_stays(rings: Any) -> Iterator[None]:
    """Reset all limits, and freeze the time so that the code of the app does not change during a test."""
    cache.clear()
    with time_machine.travel(time.time() // 30 * 30 + 5, tick=False):
        yield


# ── Required ─────────────────────────────────────────────────────────────────
@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


OPEN = [
    "/me/security/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/logout/",
]  # fmt: skip


def test_whoever_has_none_reaches_what_sets_one_up_and_nothing_else(person: User, required: None) -> None:
    browser = sign_in().browser
    for address in OPEN:
        assert browser.get(address).status_code == 200, address
    for address in ("/", "/me/", "/inbox/", "/needs/1/", "/administration/", "/accounts/password/change/", "/nowhere/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.get("Location")) == (302, "/me/security/"), address
        assert browser.post(address).status_code == 302
    for address in ("/api/v1/me/", "/api/v1/notifications/", "/api/nowhere/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "second_factor_required")
    assert (
        browser.post("/language/", {"language": "fr", "next": "/me/security/"}).cookies["django_language"].value == "fr"
    )


@pytest.mark.django_db(transaction=True)
def test_with_the_factor_set_up_the_portal_opens(person: User, required: None) -> None:
    browser = sign_in().browser
    page = browser.get("/accounts/2fa/totp/activate/")
    assert "data:image/svg+xml" in page.content.decode()
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": code(browser.session["mfa.totp.secret"])})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    shown = browser.get(answer["Location"]).content.decode()
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10 and "&#10;".join(codes) in shown
    again = browser.get(answer["Location"]).content.decode()
    assert not any(each in again for each in codes), "recovery codes are shown once"
    assert is_in(browser)


def test_the_pages_that_set_one_up_have_titles_of_one_line_and_do_not_read_the_secret_aloud(person: User) -> None:
    browser = sign_in().browser
    app, key = (browser.get(address).content.decode() for address in OPEN[1:3])
    for page, name in ((app, "Activate Authenticator App"), (key, "Add Security Key")):
        assert re.search(rf"<title>{name} · [^\n]*</title>", page) and re.search(rf"<h1[^>]*>\s*{name}\s*</h1>", page)
    assert 'alt="QR code"' in app and f'alt="{browser.session["mfa.totp.secret"]}"' not in app
    assert re.search(r"<button[^>]*>\s*Activate app\s*</button>", app)
    assert re.search(r'<button type="button"[^>]*id="mfa_webauthn_add"[^>]*>\s*Add key\s*</button>', key)


def test_the_page_to_sign_in_has_a_heading_and_a_button_of_its_own(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"accept-language": "ru"}).content.decode()
    assert "<title>Вход ·" in page and re.search(r"<h2[^>]*>Вход</h2>", page)
    assert re.search(r"<button[^>]*>Войти</button>", page)


@pytest.mark.django_db(transaction=True)
def test_taking_the_last_one_away_closes_it_again(person: User, required: None) -> None:
    secret = with_app(person)
    browser = sign_in().browser
    browser.post(ASKED, {"code": code(secret)})
    assert is_in(browser)
    browser.post("/accounts/2fa/totp/deactivate/")
    assert browser.get("/me/")["Location"] == "/me/security/"


def test_the_demonstration_asks_for_none(person: User, settings: Any) -> None:
    assert settings.DEMO_ALLOWED and not settings.SECOND_FACTOR_REQUIRED
    assert is_in(sign_in().browser)


# ── Asked ────────────────────────────────────────────────────────────────────
def test_the_password_alone_opens_nothing(person: User) -> None:
    secret = with_app(person)
    answer = sign_in()
    assert answer["Location"] == ASKED and not is_in(answer.browser)
    assert answer.browser.get("/api/v1/me/").status_code in (401, 403)
    assert answer.browser.post(ASKED, {"code": code(secret)}).status_code == 302
    assert is_in(answer.browser)


def test_a_code_works_once_and_a_recovery_code_too(person: User) -> None:
    secret = with_app(person)
    recovery = RecoveryCodes.activate(person).get_unused_codes()[0]
    now = code(secret)
    for each in (now, recovery):
        first, second = sign_in().browser, sign_in().browser
        first.post(ASKED, {"code": each})
        second.post(ASKED, {"code": each})
        assert is_in(first) and not is_in(second)


def test_five_wrong_codes_end_the_guessing_for_every_session_of_the_person(person: User) -> None:
    secret = with_app(person)
    browsers = [sign_in().browser for _n in range(2)]
    for n in range(5):
        page = browsers[n % 2].post(ASKED, {"code": "000000"})
        assert b"Incorrect code" in page.content
    for browser in (*browsers, sign_in().browser):
        page = browser.post(ASKED, {"code": code(secret)})
        assert page.status_code == 200 and b"Five codes were incorrect" in page.content and not is_in(browser)


def test_five_wrong_codes_end_the_guessing_over_confirmation_too(person: User) -> None:
    secret = with_app(person)
    browser = sign_in().browser
    browser.post(ASKED, {"code": code(secret)})
    for _n in range(5):
        browser.post("/accounts/2fa/reauthenticate/", {"code": "000000"})
    page = browser.post("/accounts/2fa/reauthenticate/", {"code": "000001"})
    assert b"Five codes were incorrect" in page.content and is_in(browser)


def test_the_administration_has_no_sign_in_of_its_own(client: Client, person: User) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    with_app(person)
    answer = client.get("/administration/login/?next=/administration/")
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
    sent = client.post("/administration/login/", {"username": "amal@example.org", "password": "correct horse"})
    assert sent.status_code == 302 and "_auth_user_id" not in client.session

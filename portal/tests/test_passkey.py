"""A passkey in a real browser: set up with a virtual authenticator, then used at sign-in and as a recent proof.

The page's own content security policy refuses none of it.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.login_signals import PROVED_AT
from assistance.tests.cast import PASSWORD, Cast
from devserver.browser import find_browser

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
# A built-in key that verifies its user each time, as in a phone or a laptop.
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def page(live_server: LiveServer, settings: Any) -> Iterator[Page]:
    """Yield a page of a device with passkeys, on a site where everyone needs a second factor."""
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        found = browser.new_context(base_url=live_server.url, locale="en").new_page()
        device = found.context.new_cdp_session(found)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield found
        browser.close()


def sign_in(page: Page) -> None:
    page.goto("/account/login/")
    page.fill("[name=login]", "carana@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main form [type=submit]")


@pytest.mark.turns(days=2)
def test_a_passkey_is_set_up_and_asked_for(page: Page, live_server: LiveServer) -> None:
    carana = Cast().users["carana"]
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))

    sign_in(page)
    expect(page).to_have_url(f"{live_server.url}/me/security/")
    page.goto("/account/2fa/webauthn/add/")
    page.fill("[name=name]", "Laptop")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/account/2fa/recovery-codes/**")
    key = Authenticator.objects.get(user=carana, type=Authenticator.Type.WEBAUTHN)
    assert key.wrap().name == "Laptop" and key.last_used_at is None
    assert page.goto("/").url == f"{live_server.url}/"

    page.context.clear_cookies()
    sign_in(page)
    page.wait_for_url("**/account/2fa/authenticate/**")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(f"{live_server.url}/")
    key.refresh_from_db()
    assert key.last_used_at is not None

    forget_the_proof(page)
    page.goto("/me/tokens/new/")
    expect(page).to_have_url(re.compile("reauthenticate"))
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_url("**/me/tokens/new/")
    assert problems == []


def forget_the_proof(page: Page) -> None:
    """Make the session's proof of identity too old for issuing a token."""
    (key,) = [cookie["value"] for cookie in page.context.cookies() if "session" in cookie["name"]]
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    session[PROVED_AT] = 0
    session.save()

"""Sessions: 30 minutes idle, 12 hours in all, a new key at sign-in, listed, ended by users or changed credentials."""

import os
import re
import subprocess
import sys
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import ApiToken, Delivery, User
from accounts.tests.sign_in_forms import PASSWORD, code, is_in, sign_in, with_app
from portal.tests.production import SAFE

pytestmark = pytest.mark.django_db
MINUTES = 60
SECURITY = "/me/security/"


@pytest.fixture(autouse=True)
def _fresh_limits(rings: Any) -> None:
    cache.clear()


# ── Its life ─────────────────────────────────────────────────────────────────
def test_a_session_ends_after_thirty_minutes_without_use(person: User) -> None:
    with time_machine.travel(time.time(), tick=False) as clock:
        browser = sign_in().browser
        clock.shift(29 * MINUTES)
        assert is_in(browser)
        clock.shift(30 * MINUTES)
        answer = browser.get("/me/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/accounts/login/") and b"signed out" in answer.content
    assert not is_in(browser)


def test_what_was_written_for_too_long_is_shown_once_more_and_no_secret_with_it(person: User) -> None:
    sent = {
        "note": "What the ministry wrote.", "title": "边境安全", "id": "7", "password1": "four quiet words together",
        "fresh_code": "123 456", "csrfmiddlewaretoken": "not theirs",
    }  # fmt: skip
    with time_machine.travel(time.time(), tick=False) as clock:
        browser = sign_in().browser
        clock.shift(31 * MINUTES)
        answer = browser.post("/me/", sent)
    text = answer.content.decode()
    assert (
        answer.status_code == 403
        and "signed out after a period without activity" in text
        and "The text was not saved" in text
    )
    assert "What the ministry wrote." in text and "边境安全" in text and "next=%2Fme%2F" in text
    assert not [each for each in ("quiet words", "123 456", "not theirs") if each in text]
    assert not is_in(browser) and person.language == User.objects.get().language
    assert browser.post("/me/", sent)["Location"].startswith("/accounts/login/"), "that session is over"


def test_a_page_of_another_site_says_nothing_here_by_a_session_that_ended(person: User) -> None:
    with time_machine.travel(time.time(), tick=False) as clock:
        browser = sign_in().browser
        strict = Client(enforce_csrf_checks=True)
        strict.cookies["session"] = browser.cookies["session"].value
        clock.shift(31 * MINUTES)
        answer = strict.post("/me/", {"note": "Call this number."})
    assert answer.status_code == 403 and "Call this number" not in answer.content.decode()


@pytest.mark.turns(days=3)
def test_a_session_ends_twelve_hours_after_it_began_however_busy(person: User) -> None:
    with time_machine.travel(time.time(), tick=False) as clock:
        browser = sign_in().browser
        for _n in range(12 * 4 - 1):
            clock.shift(15 * MINUTES)
            assert is_in(browser)
        clock.shift(15 * MINUTES)
        assert not is_in(browser)


def test_the_cookie_alone_keeps_nothing_alive(person: User) -> None:
    with time_machine.travel(time.time(), tick=False) as clock:
        browser = sign_in().browser
        assert not browser.cookies["session"]["max-age"], "it ends with the browser"
        kept = browser.cookies["session"].value
        clock.shift(31 * MINUTES)
        thief = Client()
        thief.cookies["session"] = kept
        assert not is_in(thief) and not Session.objects.filter(pk=kept).exists()


def test_a_look_costs_no_write_within_a_minute(person: User) -> None:
    browser = sign_in().browser

    def writes() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert is_in(browser)
        return sum(query["sql"].startswith(("UPDATE", "INSERT", "DELETE")) for query in caught)

    with time_machine.travel(time.time() + 61, tick=False):
        assert writes() > 0
        assert writes() == 0


def test_signing_in_changes_the_key_of_the_session(person: User) -> None:
    browser = Client()
    browser.post("/language/", {"language": "fr"})
    session = browser.session
    session["planted"] = True
    session.save()
    planted = browser.cookies["session"].value
    sign_in(client=browser)
    assert browser.cookies["session"].value != planted
    thief = Client()
    thief.cookies["session"] = planted
    assert not is_in(thief)


def test_in_production_every_cookie_belongs_to_this_host_alone() -> None:
    environment = os.environ | SAFE | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SECOND_FACTOR_REQUIRED)"
    )
    done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["__Host-session", "__Host-csrf", "__Host-language", *["True"] * 4]


# ── The list ─────────────────────────────────────────────────────────────────
def test_own_sessions_are_listed_and_one_can_be_ended(person: User, other: User) -> None:
    here, there = sign_in().browser, sign_in(client=Client(headers={"User-Agent": "Another machine"})).browser
    foreign = sign_in("boris@example.org", "battery staple", Client(headers={"User-Agent": "Of Boris"})).browser
    page = here.get(SECURITY).content.decode()
    assert "Test browser" in page and "Another machine" in page and "127.0.0.1" in page and "Of Boris" not in page
    assert page.count("This session") == 1
    row = UserSession.objects.get(user_agent="Another machine")
    assert here.post(f"{SECURITY}sessions/{row.pk}/end/").status_code == 302
    assert is_in(here) and not is_in(there)
    boris = UserSession.objects.get(user_agent="Of Boris")
    assert here.post(f"{SECURITY}sessions/{boris.pk}/end/").status_code == 404
    assert here.get(f"{SECURITY}sessions/{boris.pk}/end/").status_code == 405 and is_in(foreign)


@pytest.mark.parametrize(
    ("told", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " Version/18.5 Mobile/15E148 Safari/604.1",
            "Mobile Safari · iOS",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
            " Edg/140.0.0.0",
            "Edge · Linux",
        ),
        ("curl/8.14", "curl"),
        ("A browser nobody knows", "A browser nobody knows"),
        ("(" * 100 + "a" * 100, "(" * 79 + "…"),
        ("<b>Firefox</b>", "&lt;b&gt;Firefox&lt;/b&gt;"),
        ("", ""),
    ],
)
def test_a_session_is_named_by_browser_and_system(person: User, told: str, device: str) -> None:
    page = sign_in(client=Client(headers={"User-Agent": told})).browser.get(SECURITY).content.decode()
    named = re.findall(r'<strong dir="ltr" title="([^"]*)">([^<]*)</strong>', page)
    assert len(named) == 1 and named[0][1] == device, named


def test_all_others_are_ended_at_once(person: User) -> None:
    here, *others = (sign_in().browser for _n in range(3))
    assert here.post(f"{SECURITY}sessions/end/").status_code == 302
    assert is_in(here) and not any(map(is_in, others))
    assert here.get(SECURITY).content.count(b">Test browser<") == 1


def test_the_list_costs_the_same_for_one_and_for_three(person: User) -> None:
    here = sign_in().browser

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert here.get(SECURITY).status_code == 200
        return len(caught)

    cost()  # shows the greeting
    one = cost()
    sign_in()
    sign_in()
    assert cost() == one


# ── Its end from outside ─────────────────────────────────────────────────────
def test_a_change_of_the_password_ends_all_others(person: User) -> None:
    here, there = sign_in().browser, sign_in().browser
    before = here.cookies["session"].value
    new = {"oldpassword": PASSWORD, "password1": "a much longer phrase 9", "password2": "a much longer phrase 9"}
    assert here.post("/accounts/password/change/", new).status_code == 302
    assert is_in(here) and here.cookies["session"].value != before and not is_in(there)
    assert list(Delivery.objects.values_list("message", "channel")) == [("password_changed", "mail")]


def test_a_password_changed_from_the_command_line_ends_every_session(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = sign_in().browser
    answers = iter(["a much longer phrase 9"] * 2)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    call_command("changepassword", "amal@example.org")
    assert not is_in(here)


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_added_made_anew_or_removed_ends_all_others(person: User) -> None:
    here, there = sign_in().browser, sign_in().browser
    here.get("/accounts/2fa/totp/activate/")
    secret = here.session["mfa.totp.secret"]
    assert here.post("/accounts/2fa/totp/activate/", {"code": code(secret)}).status_code == 302
    assert is_in(here) and not is_in(there)
    for step, address in (("made anew", "recovery-codes/generate/"), ("removed", "totp/deactivate/")):
        there = Client()
        there.force_login(User.objects.get(pk=person.pk), backend=configured.AUTHENTICATION_BACKENDS[0])
        assert is_in(there)
        assert here.post(f"/accounts/2fa/{address}").status_code == 302, step
        assert is_in(here) and not is_in(there), step
    told = Delivery.objects.values_list("message", flat=True)
    assert list(told) == ["factor_changed"] * 3


@pytest.mark.known_leak
def test_a_factor_taken_away_by_whatever_path_ends_every_session(person: User) -> None:
    # Peers 58: deactivation by another path keeps sessions (authentik#25081).
    with_app(person)
    here = Client()
    here.force_login(User.objects.get(pk=person.pk), backend=configured.AUTHENTICATION_BACKENDS[0])
    assert is_in(here)
    Authenticator.objects.filter(user=person).delete()
    assert not is_in(here)


@pytest.mark.known_leak
@pytest.mark.parametrize("path", ["update", "save", "administration"])
def test_a_person_deactivated_by_whatever_path_is_out_at_the_next_request(person: User, path: str) -> None:
    # Peers 58: deactivation by another path keeps sessions (authentik#25081), is_active bypassed for superusers (NetBox 22507).
    User.objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)
    here = sign_in().browser
    assert is_in(here)
    if path == "update":
        User.objects.filter(pk=person.pk).update(is_active=False)
    elif path == "save":
        changed = User.objects.get(pk=person.pk)
        changed.is_active = False
        changed.save()
    else:
        root = Client()
        root.force_login(User.objects.create_superuser("root@example.org", "x", name="Root"))
        body = {"name": "Amal", "language": "en", "time_zone": "UTC", "mail_rhythm": "daily", "is_staff": "on"}
        assert root.post(f"/administration/accounts/user/{person.pk}/change/", body).status_code == 302
    assert not is_in(here) and here.get("/administration/").status_code == 302
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert not is_in(here) and is_in(sign_in().browser), "active again: what was opened before stays closed"


@pytest.mark.parametrize("path", ["update", "save"])
def test_a_token_does_not_come_back_with_its_owner(person: User, path: str) -> None:
    ApiToken.issue(user=person, name="kept by a thief", days=1)
    for active in (False, True):
        if path == "update":
            User.objects.filter(pk=person.pk).update(is_active=active)
        else:
            person.is_active = active
            person.save(update_fields=["is_active"])
    assert not ApiToken.objects.exists()
    ApiToken.issue(user=person, name="new", days=1)
    person.save()
    assert ApiToken.objects.exists(), "only a change of the account ends them"


@pytest.mark.known_leak
def test_no_key_of_somebody_gone_opens_for_whoever_comes_after(person: User) -> None:
    # Peers 58: a re-used name inherits a WebAuthn key (Nextcloud CVE-2021-32726): keys depend on the id and go with it.
    with_app(person)
    here = sign_in().browser
    person.delete()
    User.objects.create_user("amal@example.org", "another phrase", name="Another Amal")
    assert not Authenticator.objects.exists() and not is_in(here)
    assert is_in(sign_in(password="another phrase").browser)

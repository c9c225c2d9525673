"""Password guessing: counted before hashing, locked after ten, unlocked by mail; no answer reveals known addresses."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.core import context
from django.contrib.auth.hashers import Argon2PasswordHasher, MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client, TestCase

from accounts.mail import dispatch, rendering
from accounts.mail.outbox import owe_letter
from accounts.models import Delivery, User
from accounts.sign_in.lockout import EVEN, unlock_key
from accounts.sign_in.mfa import AuthenticateForm
from accounts.tests.sign_in_forms import LOGIN, PASSWORD, code, is_in, sign_in, with_app

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "amal@example.org", "nobody@example.org"
RESET = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def _fresh_limits(rings: Any) -> None:
    cache.clear()


def fail(email: str, times: int = 10, client: Client | None = None) -> Any:
    for n in range(times):
        answer = sign_in(email, f"wrong {n}", client)
    return answer


def seen(answer: Any, email: str) -> tuple[int, str]:
    """Return status and text of a response, without tokens of the request and the address that was typed."""
    text = answer.content.decode().replace(email, "")
    for token in (answer.context or {}).get("csrf_token", ""), getattr(answer.wsgi_request, "csp_nonce", ""):
        text = text.replace(str(token), "") if token else text
    return answer.status_code, text


# ── The lock ─────────────────────────────────────────────────────────────────
@pytest.mark.turns(days=3)
@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_the_eleventh_try_is_not_even_hashed(person: User, monkeypatch: pytest.MonkeyPatch, email: str) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a: hashed.append(a[0]) or encode(self, *a))
    fail(email)
    assert len(hashed) >= 10
    hashed.clear()
    answer = sign_in(email, PASSWORD)
    assert hashed == [] and b"locked" in answer.content and not is_in(answer.browser)


def test_the_lock_opens_by_itself_after_a_quarter_of_an_hour(person: User) -> None:
    with time_machine.travel(time.time(), tick=False) as clock:
        fail(KNOWN)
        clock.shift(15 * 60 - 1)
        assert not is_in(sign_in().browser)
        clock.shift(2)
        assert is_in(sign_in().browser)


def test_known_and_unknown_addresses_are_locked_in_the_same_words(person: User) -> None:
    for times in (1, 9, 1):
        known, unknown = fail(KNOWN, times), fail(UNKNOWN, times)
        assert seen(known, KNOWN) == seen(unknown, UNKNOWN)
    assert b"locked" in known.content


def test_one_address_locked_leaves_the_others_of_the_mission_alone(person: User, other: User) -> None:
    fail(KNOWN)
    assert is_in(sign_in("boris@example.org", "battery staple").browser)


def test_a_whole_mission_signs_in_within_a_minute_from_one_address(person: User) -> None:
    assert all(sign_in().status_code == 302 for _n in range(40))


@pytest.fixture
def few(settings: Any) -> int:
    """Lower the limit of failures for one network and return it."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"failed_from_network": "4/15m/ip"}
    return 4


@pytest.mark.parametrize("success", ["password", "app", "proof", "reset"])
def test_no_success_of_ones_own_lets_a_network_guess_on(person: User, other: User, few: int, success: str) -> None:
    secret = with_app(other) if success in ("app", "proof") else ""
    browser = sign_in("boris@example.org", "battery staple").browser
    for n in range(few):
        sign_in(f"n{n}@example.org", "wrong")
        if n == few - 2 and success == "app":
            browser.post("/accounts/2fa/authenticate/", {"code": code(secret)})
            assert is_in(browser)
        elif n == few - 2 and success == "reset":
            other.refresh_from_db()
            link = rendering.LATE_VALUES["password_reset"](other)["link"].removeprefix("http://localhost:8000")
            form = browser.get(link, follow=True)
            new = dict.fromkeys(("password1", "password2"), "a much longer phrase 9")
            assert browser.post(form.request["PATH_INFO"], new).status_code == 302
        elif n == few - 2 and success == "proof":
            form = AuthenticateForm(data={"code": code(secret)}, user=other)
            with context.request_context(browser.get("/accounts/login/").wsgi_request):
                context.request.method = "POST"
                assert form.is_valid()
        elif n == few - 2:
            assert is_in(browser)
            sign_in("boris@example.org", "battery staple")
    assert "Too many attempts" in sign_in(password=PASSWORD).content.decode()


def test_a_network_that_guessed_too_often_locks_no_address_and_sends_no_letter(person: User, few: int) -> None:
    for n in range(few - 1):
        sign_in(f"n{n}@example.org", "wrong")
    assert "locked" not in sign_in(KNOWN, "wrong").content.decode()
    for _n in range(10):
        refused = sign_in(KNOWN, "wrong").content.decode()
    assert "Too many attempts" in refused and "locked" not in refused
    assert not Delivery.objects.exists()
    assert is_in(sign_in(REMOTE_ADDR="192.0.2.7").browser), "from elsewhere the address is open"


def test_other_spellings_of_an_address_are_counted_as_the_same(person: User) -> None:
    for n, spelling in enumerate((KNOWN, KNOWN.upper(), f" {KNOWN}", KNOWN.title(), f"{KNOWN} ") * 2):
        sign_in(spelling, f"wrong {n}")
    assert b"locked" in sign_in().content


def test_the_owner_is_told_once_with_a_link_that_unlocks_once(person: User) -> None:
    fail(KNOWN)
    fail(UNKNOWN)
    with time_machine.travel(time.time() + 16 * 60):
        fail(KNOWN)
    row = Delivery.objects.get()
    assert (row.message, row.channel, row.values, row.in_digest) == ("account_locked", "mail", {}, False)
    dispatch.relay()
    dispatch.send(str(row.pk))
    (letter,) = mail.outbox
    assert letter.to == [KNOWN]
    link = next(word for word in letter.body.split() if "/unlock/" in word).removeprefix("http://localhost:8000")
    visitor = Client()
    assert b"Unlock" in visitor.get(link).content
    fail(KNOWN)
    assert not is_in(sign_in().browser), "looking at the link, as a mail scanner does, unlocks nothing"
    assert visitor.post(link)["Location"] == LOGIN
    assert is_in(sign_in().browser)
    fail(KNOWN)
    for answer in (visitor.post(link), visitor.get(link)):
        assert answer.status_code == 410 and b"no longer works" in answer.content
    assert not is_in(sign_in().browser)


def test_a_link_that_is_too_old_or_made_up_says_so(person: User) -> None:
    key = unlock_key(person)
    with time_machine.travel(time.time() + 3601):
        old = Client().get(f"/unlock/{key}/")
    User.objects.update(is_active=False)
    gone = Client().get(f"/unlock/{key}/")
    answers = [old, gone, *(Client().get(f"/unlock/{each}/") for each in ("x", key[:-1]))]
    assert {answer.status_code for answer in answers} == {410}
    assert len({answer.content.decode().partition("<h1>")[2].partition("</section>")[0] for answer in answers}) == 1


# ── Nobody learns who is known ───────────────────────────────────────────────
def test_a_person_without_a_password_or_deactivated_answers_like_an_unknown_one(person: User, other: User) -> None:
    person.set_unusable_password()
    person.save()
    User.objects.filter(pk=other.pk).update(is_active=False)
    answers = {seen(sign_in(email, "wrong 1"), email) for email in (KNOWN, "boris@example.org", UNKNOWN)}
    assert len(answers) == 1


def test_a_reset_answers_alike_and_is_limited_alike(person: User) -> None:
    for _n in range(6):
        answers = [Client().post(RESET, {"email": email}) for email in (KNOWN, UNKNOWN)]
        known, unknown = seen(answers[0], KNOWN), seen(answers[1], UNKNOWN)
        assert known == unknown
    assert known[0] == 429 and "Too many attempts" in known[1]


def medians(ask: Callable[[str], Any], rounds: int) -> tuple[float, float]:
    """Return the median response times in seconds for a known and an unknown address, requested alternately."""
    took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for _n in range(rounds):
        for email, times in took.items():
            cache.clear()
            began = time.perf_counter()
            ask(email)
            times.append(time.perf_counter() - began)
    return statistics.median(took[KNOWN]), statistics.median(took[UNKNOWN])


@pytest.mark.turns(days=2)
@pytest.mark.slow
def test_the_time_of_an_answer_does_not_tell_who_is_known(person: User, settings: Any, figures: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    person.set_password(PASSWORD)
    person.save()
    assert person.password.startswith(Argon2PasswordHasher.algorithm)
    browser = Client()
    asked = {
        "sign-in": lambda email: sign_in(email, "wrong", browser),
        "reset": lambda email: browser.post(RESET, {"email": email}),
    }
    for name, ask in asked.items():
        ask(KNOWN), ask(UNKNOWN)
        known, unknown = medians(ask, 11)
        gap = abs(known - unknown)
        figures.worst(f"known and unknown addresses, {name}, apart by", 1000 * gap, "ms")
        assert gap < max(0.02, 0.2 * unknown), f"{name}: known {known:.4f} s, unknown {unknown:.4f} s"


def test_the_try_that_locks_takes_as_long_for_both(person: User, other: User) -> None:
    for email in (KNOWN, UNKNOWN):
        fail(email, 9)
        began = time.perf_counter()
        sign_in(email, "wrong")
        assert time.perf_counter() - began >= EVEN
    took = []
    for _n in range(5):
        began = time.perf_counter()
        owe_letter(other, "account_locked")
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < EVEN, "what only a known address costs is hidden behind the even time"


def test_what_only_a_known_address_is_owed_waits_for_no_broker(person: User, rings: list[Any]) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        Client().post(RESET, {"email": KNOWN})
        fail(KNOWN)
    assert sorted(Delivery.objects.values_list("message", flat=True)) == ["account_locked", "password_reset"]
    assert rings == [], "a broker that is down would be waited for; the relay of every five seconds finds the letters"
    assert dispatch.relay() == 2


# ── Passwords ────────────────────────────────────────────────────────────────
WEAK = {
    "short": "abcdefghijk", "common": "1234567890123", "own address": "amal@example.org", "own name": "amal.haddad-2026",
    "portal": "counterterrorism2026!", "months": "January2026January", "repeated": "aaaaaaaaaaaaaaaa",
    "words": "UnitedNations-Portal-1",
}  # fmt: skip


@pytest.mark.known_leak
@pytest.mark.parametrize("weak", WEAK.values(), ids=WEAK)
def test_a_weak_password_is_refused_wherever_one_is_set(person: User, weak: str) -> None:
    # Peers 64: password rules skipped by the API (Nautobot CVE-2026-34203); here no API sets one, and each page checks.
    User.objects.update(name="Amal Haddad")
    browser = sign_in().browser
    new = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert browser.post("/accounts/password/change/", new).status_code == 200
    Client().post(RESET, {"email": KNOWN})
    row = Delivery.objects.get(message="password_reset")
    dispatch.relay()
    dispatch.send(str(row.pk))
    link = next(word for word in mail.outbox[0].body.split() if "/key/" in word).removeprefix("http://localhost:8000")
    visitor = Client()
    form = visitor.get(link, follow=True)
    assert visitor.post(form.request["PATH_INFO"], {"password1": weak, "password2": weak}).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize("phrase", ["correct horse battery staple", "جبل أخضر فوق البحر", "синее море за горой"])
def test_a_long_phrase_of_ones_own_is_accepted_in_any_script(person: User, phrase: str) -> None:
    new = {"oldpassword": PASSWORD, "password1": phrase, "password2": phrase}
    assert sign_in().browser.post("/accounts/password/change/", new).status_code == 302
    assert is_in(sign_in(password=phrase).browser)

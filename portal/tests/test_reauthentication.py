"""Reauthentication: actions on access need a recent proof of identity, on pages and API, and lose no input."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from assistance import registry
from assistance.consents.models import Consent
from assistance.tests.cases import Cases, all_cases
from assistance.tests.cast import PASSWORD, Cast
from entities.models import Appointment
from portal.tests.api import ApiClient, ApiClients, token_of
from portal.tests.leak_world import BACKEND

MINUTES = 60


@pytest.fixture(autouse=True)
def _a_moment_that_stays(db: None) -> Iterator[None]:
    """Reset used codes, and freeze the time so that the code of the app does not change during a test."""
    cache.clear()
    with time_machine.travel(time.time() // 30 * 30 + 5, tick=False):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=user.pk), backend=BACKEND
    )  # again: a session depends on the factors of its user
    return client


def later(client: Client, seconds: float) -> None:
    """Move the session's last proof so many seconds into the past."""
    session = client.session
    session["proved_at"] = time.time() - seconds
    session.save()


def totp(user: User) -> str:
    """Give a user an authenticator app; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


# ── Pages ────────────────────────────────────────────────────────────────────
def gated(cast: Cast) -> dict[str, tuple[str, str]]:
    """Return, for each kind of page that asks for a proof, its URL and who opens it."""
    row = Appointment.objects.get(user=cast.users["iom"])
    person = User.objects.create_user("new@example.org", name="New")
    waiting = Appointment.objects.create(
        user=person, organisation=cast.org("iom"), role="alternate", since="2026-01-01", nominated_by=cast.users["iom"]
    )
    visit = cast.visit()
    section, need = cast.section(visit, 1), cast.need("shared")
    return {
        "share a need": (f"/needs/{need.pk}/share/", "carana"),
        "withdraw a need": (f"/needs/{need.pk}/withdraw/", "carana"),
        "share a section": (f"/sections/{section.pk}/share/", "carana"),
        "share a visit": (f"/visits/{visit.pk}/share/", "carana"),
        "nominate": ("/designations/new/", "iom"),
        "approve": (f"/designations/{waiting.pk}/approve/", "unoct"),
        "end": (f"/designations/{row.pk}/end/", "unoct"),
        "confirm": (f"/designations/{row.pk}/confirm/", "unoct"),
        "hand over": (f"/designations/{row.pk}/hand-over/", "unoct"),
        "make a token": ("/me/tokens/new/", "unodc"),
    }


def test_signing_in_counts_for_fifteen_minutes_and_then_each_page_asks(cast: Cast) -> None:
    for name, (address, who) in gated(cast).items():
        client = signed_in(cast.users[who])
        later(client, 14 * MINUTES)
        assert client.get(address).status_code == 200, name
        later(client, 15 * MINUTES + 1)
        answer = client.get(address)
        assert answer.status_code == 302 and answer["Location"].startswith("/account/reauthenticate/?next="), name


def test_who_may_not_do_it_is_not_asked_to_prove_anything(cast: Cast) -> None:
    need = cast.need("shared")
    for who, status in (("unodc", 403), ("sumora", 404)):
        client = signed_in(cast.users[who])
        later(client, 3600)
        assert client.get(f"/needs/{need.pk}/share/").status_code == status


def test_nor_is_anybody_for_a_step_on_an_appointment_that_is_refused(cast: Cast) -> None:
    person = User.objects.create_user("new@example.org", name="New")
    fields = {"organisation": cast.org("iom"), "since": "2026-01-01", "nominated_by": cast.users["iom"]}
    waiting = Appointment.objects.create(user=person, role="alternate", **fields)
    held = Appointment.objects.get(user=cast.users["iom"])
    refused = [
        ("sumora", held, ("confirm", "reinstate", "extend", "hand-over", "approve", "invite"), 404),
        ("iom", waiting, ("approve",), 403),
        ("iom", held, ("confirm",), 403),
        ("unoct", held, ("approve", "reinstate", "invite"), 409),
        ("unoct", waiting, ("confirm", "reinstate", "extend", "hand-over", "invite"), 409),
    ]
    for who, row, steps, status in refused:
        client = signed_in(cast.users[who])
        later(client, 3600)
        for step in steps:
            address = f"/designations/{row.pk}/{step}/"
            answers = {client.post(address).status_code} | ({client.get(address).status_code} - {405})
            assert answers == {status}, (who, step)


def test_a_password_confirmed_leads_back_and_counts_anew(cast: Cast) -> None:
    need = cast.need("agreed")
    client = signed_in(cast.users["carana"])
    later(client, 3600)
    ask = client.get(f"/needs/{need.pk}/share/")["Location"]
    wrong = client.post(ask, {"password": "not it"})
    assert wrong.status_code == 200 and client.get(f"/needs/{need.pk}/share/").status_code == 302
    right = client.post(ask, {"password": PASSWORD})
    assert right["Location"] == f"/needs/{need.pk}/share/"
    assert client.get(right["Location"]).status_code == 200


def test_what_was_sent_too_late_is_kept_and_can_be_sent_again(cast: Cast) -> None:
    need = cast.need("agreed")
    client, address = signed_in(cast.users["carana"]), f"/needs/{need.pk}/share/"
    page = client.get(address).content.decode()
    assert "who" in page
    sent = {
        "step": "release",
        "reason": "As the ministry wrote.",
        "note_verbale": SimpleUploadedFile("n.pdf", b"%PDF-1.7"),
    }
    later(client, 3600)
    answer = client.post(address, sent)
    text = answer.content.decode()
    assert answer.status_code == 403 and not Consent.objects.exists()
    assert 'name="reason" value="As the ministry wrote."' in text and "As the ministry wrote.</" in text
    assert 'type="file"' in text and 'name="note_verbale"' in text and 'target="_blank"' in text
    later(client, 0)
    assert client.post(address, {"step": "release", "reason": "As the ministry wrote."}).status_code == 422


def test_an_invitation_is_sent_again_only_after_a_proof(cast: Cast) -> None:
    person = User.objects.create_user("new@example.org", name="New")
    row = Appointment.objects.create(
        user=person, organisation=cast.org("iom"), role="alternate", since="2026-01-01",
        approved_by=cast.users["unoct"], approved_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    client, address = signed_in(cast.users["unoct"]), f"/designations/{row.pk}/invite/"
    later(client, 3600)
    assert client.post(address).status_code == 403
    later(client, 0)
    assert client.post(address).status_code == 302


def test_a_person_with_a_second_factor_proves_it_with_the_factor(cast: Cast) -> None:
    secret = totp(cast.users["carana"])
    client = signed_in(cast.users["carana"])
    later(client, 3600)
    address = f"/needs/{cast.need('agreed').pk}/share/"
    ask = client.get(address)["Location"]
    assert ask.startswith("/account/2fa/reauthenticate/")
    assert client.get(f"/account/reauthenticate/?next={address}")["Location"].startswith("/account/2fa/reauthenticate/")
    assert client.post(ask, {"code": code(secret)})["Location"] == address
    assert client.get(address).status_code == 200


# ── API ──────────────────────────────────────────────────────────────────────
def bare(user: User, **headers: str) -> ApiClient:
    return ApiClient(token_of(user), **headers)


STEPS = [(cases, step) for cases in all_cases() for step in cases.proved]


def test_the_steps_that_ask_are_those_that_let_in_or_shut_out() -> None:
    for cases in all_cases():
        steps = registry.of(cases.model).transitions.values()
        assert {step.name for step in steps if step.needs_proof} == set(cases.proved), cases.name
    assert ("need", "share") in [(cases.name, step) for cases, step in STEPS]


@pytest.mark.turns(4)
@pytest.mark.parametrize(("cases", "step"), STEPS, ids=lambda v: v if isinstance(v, str) else v.name)
def test_a_token_alone_takes_none_of_these_steps(cast: Cast, cases: Cases, step: str) -> None:
    who, state = cases.runs[step]
    path = f"{cases.collection}/{cases.in_state(state).make(cast).pk}/{step}/"
    answer = bare(cast.users[who]).post(path, cases.bodies.get(step))
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (403, "fresh_proof_required") and "Fresh-Proof" in error["message"]
    assert bare(cast.users["sumora"]).post(path, cases.bodies.get(step)).status_code == 404


def test_one_consent_over_several_needs_asks_as_well(cast: Cast) -> None:
    body = {"needs": [str(cast.need("agreed").pk)], "audience": ["compact"]}
    answer = bare(cast.users["carana"]).post("consents/", body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "fresh_proof_required")


def test_a_plan_is_published_only_after_a_proof(cast: Cast, api_clients: ApiClients) -> None:
    section = cast.section(cast.visit(), 1)
    plan = api_clients.carana.post("releases/", {"sections": [str(section.pk)], "audience": ["unodc"]}).json()["id"]
    refused = bare(cast.users["carana"]).post(f"releases/{plan}/publish/", {"remark": "As agreed."})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "fresh_proof_required")
    assert not Consent.objects.exists()
    assert api_clients.carana.post(f"releases/{plan}/publish/", {"remark": "As agreed."}).status_code == 200


def test_a_code_of_the_app_opens_one_step_once(cast: Cast) -> None:
    user, needs = cast.users["carana"], [cast.need("agreed").pk for _n in range(2)]
    secret = totp(user)
    now = time.time() // 30 * 30 + 5
    with time_machine.travel(now, tick=False):
        api_client = bare(user, HTTP_FRESH_PROOF=code(secret))
        assert api_client.post(f"needs/{needs[0]}/share/").status_code == 200
        again = api_client.post(f"needs/{needs[1]}/share/")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (403, "proof_wrong")
    with time_machine.travel(now + 60, tick=False):
        assert api_client.post(f"needs/{needs[1]}/share/").status_code == 403, "a code of a minute ago"
        assert bare(user, HTTP_FRESH_PROOF=code(secret)).post(f"needs/{needs[1]}/share/").status_code == 200


@pytest.mark.parametrize("factor", [True, False])
def test_a_wrong_proof_and_a_locked_one_are_told_apart(cast: Cast, factor: bool) -> None:
    user, path = cast.users["carana"], f"needs/{cast.need('agreed').pk}/share/"
    secret, tries = (totp(user), 5) if factor else ("", 10)
    wrong = bare(user, HTTP_FRESH_PROOF="000000" if factor else "not it")
    answers = [wrong.post(path) for _n in range(tries + 1)]
    codes = [(answer.status_code, answer.json()["errors"][0]["code"]) for answer in answers]
    assert codes == [(403, "proof_wrong")] * tries + [(429, "proof_locked")]
    assert answers[-1]["Retry-After"] == "900" and "Retry-After" not in answers[0]
    right = bare(user, HTTP_FRESH_PROOF=code(secret) if factor else PASSWORD)
    assert right.post(path).json()["errors"][0]["code"] == "proof_locked", "the lock tells nothing of the proof"
    with time_machine.travel(time.time() + 901, tick=False):
        right = bare(user, HTTP_FRESH_PROOF=code(secret) if factor else PASSWORD)
        assert right.post(path).status_code == 200


def test_a_slip_of_the_pen_spends_no_code(cast: Cast) -> None:
    user, need = cast.users["carana"], cast.need("agreed")
    totp(user)
    recovery = RecoveryCodes.activate(user).get_unused_codes()
    api_client = bare(user, HTTP_FRESH_PROOF=recovery[0])
    assert api_client.post(f"needs/{need.pk}/share/", {"until": "yesterday"}).status_code == 422
    assert api_client.post(f"needs/{need.pk}/share/").status_code == 200
    assert api_client.post(f"needs/{need.pk}/withdraw/").status_code == 403, "a recovery code works once"
    left = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    assert left == recovery[1:]


def test_a_password_is_no_proof_for_whoever_has_a_second_factor_or_must_have_one(cast: Cast, settings: Any) -> None:
    need = cast.need("agreed")
    totp(cast.users["carana"])
    assert bare(cast.users["carana"], HTTP_FRESH_PROOF=PASSWORD).post(f"needs/{need.pk}/share/").status_code == 403
    Authenticator.objects.all().delete()
    settings.SECOND_FACTOR_REQUIRED = True
    assert bare(cast.users["carana"], HTTP_FRESH_PROOF=PASSWORD).post(f"needs/{need.pk}/share/").status_code == 403
    settings.SECOND_FACTOR_REQUIRED = False
    assert bare(cast.users["carana"], HTTP_FRESH_PROOF=PASSWORD).post(f"needs/{need.pk}/share/").status_code == 200


def test_a_code_of_somebody_else_proves_nothing(cast: Cast) -> None:
    totp(cast.users["carana"])
    foreign = totp(cast.users["sumora"])
    api_client = bare(cast.users["carana"], HTTP_FRESH_PROOF=code(foreign))
    assert api_client.post(f"needs/{cast.need('agreed').pk}/share/").status_code == 403


def test_a_session_beside_a_token_proves_nothing(cast: Cast) -> None:
    api_client = bare(cast.users["carana"])
    api_client.client.force_login(cast.users["carana"], backend=BACKEND)
    api_client.client.credentials(HTTP_AUTHORIZATION=f"Token {ApiClients(cast).token('carana')}")
    assert api_client.post(f"needs/{cast.need('agreed').pk}/share/").status_code == 403


def test_a_session_over_the_api_proves_by_its_age_or_by_a_code(cast: Cast) -> None:
    secret = totp(cast.users["carana"])
    needs = [cast.need("agreed").pk for _n in range(2)]
    client = signed_in(cast.users["carana"])
    assert client.post(f"/api/v1/needs/{needs[0]}/share/").status_code == 200
    later(client, 3600)
    assert client.post(f"/api/v1/needs/{needs[1]}/share/").json()["errors"][0]["code"] == "fresh_proof_required"
    shown = {"Fresh-Proof": code(secret)}
    assert client.post(f"/api/v1/needs/{needs[1]}/share/", headers=shown).status_code == 200

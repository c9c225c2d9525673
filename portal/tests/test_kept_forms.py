"""What was typed is not lost with the session: it is kept for its writer, shown in the form again, and to nobody else."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import sending
from accounts.models import KeptForm
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from assistance.tests.pages import words
from portal.tests.leak_world import BACKEND
from portal.tests.test_sent_once import key_at, need_data, signed_in
from web.views import FORM_KEY

pytestmark = pytest.mark.django_db
PATH = "/needs/new/"
TEXT = "What I wrote all evening, with “marks” and العربية."


def typed(cast: Cast, client: Client, **more: Any) -> dict[str, Any]:
    return {**need_data(cast), "description": TEXT, FORM_KEY: key_at(client, PATH), **more}


def again(cast: Cast, name: str, client: Client | None = None) -> Client:
    client = client or Client()
    client.force_login(cast.users[name], backend=BACKEND)
    return client


def test_a_form_sent_without_a_session_is_in_the_form_after_the_sign_in(cast: Cast) -> None:
    client = signed_in(cast, "cted")
    sent = typed(cast, client)
    Session.objects.all().delete()
    answer = client.post(PATH, sent)
    assert answer.status_code == 302 and answer["Location"] == f"{reverse(settings.LOGIN_URL)}?next=%2Fneeds%2Fnew%2F"
    assert "Your entries are kept for 24 hours" in words(client.get(answer["Location"]))
    page = again(cast, "cted", client).get(PATH)
    assert TEXT in page.content.decode() and "before your session ended" in words(page)
    assert "error-summary" not in page.content.decode() and 'value="Screening"' in page.content.decode()
    assert TEXT not in client.get(f"{PATH}?empty").content.decode()
    assert client.post(PATH, typed(cast, client)).status_code == 302
    assert Need.objects.get().description == TEXT
    assert not KeptForm.objects.exists() and TEXT not in client.get(PATH).content.decode()


def test_a_form_sent_with_the_token_of_an_earlier_session_is_shown_again(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    again(cast, "cted", client)
    sent = typed(
        cast, client, csrfmiddlewaretoken=client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    )
    again(cast, "cted", client)
    client.get(PATH)
    sent["csrfmiddlewaretoken"] = "x" * 64
    answer = client.post(PATH, sent)
    assert answer.status_code == 302 and answer["Location"] == PATH and not Need.objects.exists()
    page = client.get(PATH)
    assert TEXT in page.content.decode() and "The form was not sent" in words(page)


def test_without_a_key_the_page_is_the_plain_refusal_and_nothing_is_kept(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    again(cast, "cted", client)
    for key in ({}, {FORM_KEY: "forged"}, {FORM_KEY: sending.new_key(cast.users["unodc"]) + "x"}):
        answer = client.post(PATH, {**need_data(cast), "description": TEXT, **key})
        assert answer.status_code == 403 and TEXT not in answer.content.decode()
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("checks", [True, False])
def test_nobody_else_sees_what_was_kept(cast: Cast, checks: bool) -> None:
    client = Client(enforce_csrf_checks=checks)
    again(cast, "cted", client)
    sent = typed(cast, client)
    client.logout()
    if checks:
        again(cast, "carana", client)  # another person at the same machine, in the same browser
        refused = client.post(PATH, sent)
        assert refused.status_code == 403 and TEXT not in refused.content.decode()
    else:
        client.post(PATH, sent)
    assert KeptForm.objects.get().user_id == cast.users["cted"].pk
    for name in ("carana", "unodc", "unoct"):
        assert TEXT not in again(cast, name).get(PATH).content.decode()
    assert TEXT in again(cast, "cted").get(PATH).content.decode()


def test_it_is_kept_encrypted_for_a_day_and_without_secrets(cast: Cast) -> None:
    client = signed_in(cast, "cted")
    sent = typed(cast, client, password="four quiet words", fresh_code="123 456")
    Session.objects.all().delete()
    client.post(PATH, sent)
    row = KeptForm.objects.get()
    assert TEXT.encode() not in bytes(row.content) and b"Screening" not in bytes(row.content)
    page = again(cast, "cted").get(PATH).content.decode()
    assert TEXT in page and "quiet words" not in page and "123 456" not in page
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert TEXT not in again(cast, "cted").get(PATH).content.decode()
        assert sending.tidy() == 1


def test_it_is_limited_in_size_and_number(cast: Cast) -> None:
    client = signed_in(cast, "cted")
    key = key_at(client, PATH)
    Session.objects.all().delete()
    client.post(PATH, {"description": "x" * (sending.KEPT_BYTES + 1), FORM_KEY: key})
    assert not KeptForm.objects.exists()
    for number in range(sending.KEPT_FORMS + 3):
        client.post(f"/visits/{number:08}-0000-4000-8000-000000000000/sections/new/", {"title": "x", FORM_KEY: key})
    assert KeptForm.objects.count() <= sending.KEPT_FORMS


def test_an_idle_session_keeps_the_form_too(cast: Cast) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(cast, "cted")
        sent = typed(cast, client)
        clock.shift(31 * 60)
        answer = client.post(PATH, sent)
        assert answer.status_code == 403 and TEXT in words(answer) and "remain in the form" in words(answer)
        assert TEXT in again(cast, "cted").get(PATH).content.decode()

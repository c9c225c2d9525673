"""Sign-in: closed to unknown users, in the user's language, saves the visit, does not reveal known addresses."""

from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.mail import dispatch, rendering
from accounts.models import Delivery, User

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client: Client) -> Any:
    return client.post(LOGIN, {"login": "AMAL@example.org", "password": "correct horse"})


def test_the_portal_speaks_the_language_of_who_signs_in(client: Client, person: User) -> None:
    User.objects.update(language="ar")
    answer = sign_in(client)
    assert answer.status_code == 302 and answer.cookies["django_language"].value == "ar"
    assert '<html lang="ar" dir="rtl"' in client.get("/inbox/").content.decode()


def test_each_visit_is_noted_and_the_one_before_kept(client: Client, person: User) -> None:
    with time_machine.travel("2026-03-07T08:00:00Z"):
        sign_in(client)
    client.logout()
    with time_machine.travel("2026-03-08T09:00:00Z"):
        sign_in(client)
    person.refresh_from_db()
    assert (person.previous_visit_at.hour, person.last_visit_at.hour) == (8, 9)


def test_nobody_registers(client: Client) -> None:
    answer = client.post("/accounts/signup/", {"email": "x@example.org", "password1": "a long password here"})
    assert answer.status_code in (200, 403) and not User.objects.exists()


def test_a_closed_account_does_not_open(client: Client, person: User) -> None:
    User.objects.update(is_active=False)
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_a_reset_answers_alike_whether_the_address_is_known_or_not(client: Client, person: User, rings: Any) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": email})
        for email in ("amal@example.org", "nobody@example.org")
    ]
    known, unknown = [(a.status_code, a.get("Location"), a.content) for a in answers]
    assert known == unknown and mail.outbox == []
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("whose", ["x", "0", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"])
def test_a_link_of_nobody_works_no_longer(client: Client, person: User, whose: str) -> None:
    client.cookies["session"] = "of a browser that keeps cookies"
    for ask in (client.get, client.post):
        answer = ask(f"/accounts/password/reset/key/{whose}-set-password/")
        assert answer.status_code == 200 and b"password1" not in answer.content


def test_a_browser_without_cookies_is_told_so_and_the_link_stays_good(person: User) -> None:
    path = str(rendering.LATE_VALUES["password_reset"](person)["link"]).removeprefix("http://localhost:8000")
    without, client = Client(), Client()
    form = without.get(path)["Location"]
    without.cookies.clear()
    for answer in (without.get(form), without.post(form, {"password1": "x", "password2": "x"})):
        assert answer.status_code == 400 and b"Allow cookies" in answer.content
        assert b"no longer works" not in answer.content
    assert b"password1" in client.get(path, follow=True).content


def test_a_reset_reaches_the_person_at_once_in_their_language_and_works_once(
    client: Client, person: User, rings: Any
) -> None:
    User.objects.update(language="ar", mail_rhythm="weekly")
    client.post("/accounts/password/reset/", {"email": "amal@example.org"})
    row = Delivery.objects.get()
    assert row.channel == "mail" and not row.in_digest and "key" not in str(row.values)
    assert dispatch.relay() == 1
    dispatch.send(str(row.pk))
    (letter,) = mail.outbox
    assert letter.to == ["amal@example.org"] and 'lang="ar"' in str(letter.alternatives[0][0])
    link = next(word for word in letter.body.split() if "/password/reset/key/" in word)
    path = link.removeprefix("http://localhost:8000")
    form = client.get(path, follow=True)
    chosen = {"password1": "a much longer phrase 9", "password2": "a much longer phrase 9"}
    client.post(form.request["PATH_INFO"], chosen)
    person.refresh_from_db()
    assert person.check_password("a much longer phrase 9")
    used = Client().get(path, follow=True)
    assert b"password1" not in used.content

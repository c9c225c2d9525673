"""The administration shows users without their password, and mails without their subject."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Channel, Delivery, User
from accounts.tests.conftest import Tell

pytestmark = pytest.mark.django_db
USERS, MAILS = "/administration/accounts/user/", "/administration/accounts/delivery/"
BACKEND = "accounts.sign_in.backend.AccountBackend"


@pytest.fixture
def administrator(client: Client) -> Client:
    root = User.objects.create_superuser("root@example.org", "a long one", name="Root")
    client.force_login(root, backend=BACKEND)
    return client


def test_no_password_and_no_hash_of_one_is_shown(administrator: Client, person: User) -> None:
    page = administrator.get(f"{USERS}{person.pk}/change/").content.decode()
    assert "amal@example.org" in page and person.password not in page and "password" not in page.split("<main")[1]


def test_a_new_person_can_not_sign_in_yet_and_is_sent_nothing(administrator: Client) -> None:
    new = {"email": "New@Example.org", "name": "New", "language": "fr", "time_zone": "UTC"}
    assert administrator.post(f"{USERS}add/", new).status_code == 302
    person = User.objects.get(email="new@example.org")
    assert not person.has_usable_password() and person.language == "fr" and person.email == "new@example.org"
    assert mail.outbox == [] and not Delivery.objects.exists()


def test_an_address_is_taken_once_in_any_case(administrator: Client, person: User) -> None:
    new = {"email": "AMAL@example.org", "name": "Other", "language": "en", "time_zone": "UTC"}
    assert administrator.post(f"{USERS}add/", new).status_code == 200
    assert User.objects.filter(email="amal@example.org").count() == 1


def test_an_address_without_a_normal_form_is_refused_at_its_field(administrator: Client, person: User) -> None:
    for written in ("ama\u017f@example.org", "am\uff41l@example.org", "amal@fa\xdf.example"):
        new = {"email": written, "name": "Other", "language": "en", "time_zone": "UTC"}
        page = administrator.post(f"{USERS}add/", new)
        assert page.status_code == 200 and "email" in page.context["adminform"].form.errors
    assert User.objects.count() == 2


def test_nobody_makes_themselves_more(administrator: Client, person: User, client: Client) -> None:
    clerk = User.objects.create_user("clerk@example.org", "a long one", name="Clerk", is_staff=True)
    from django.contrib.auth.models import Permission

    clerk.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    root = User.objects.get(is_superuser=True)
    client.force_login(clerk, backend=BACKEND)
    fields = {"email": "clerk@example.org", "name": "C", "language": "en", "time_zone": "UTC", "mail_rhythm": "daily"}
    client.post(f"{USERS}{clerk.pk}/change/", fields | {"is_active": "on", "is_superuser": "on", "is_staff": "on"})
    clerk.refresh_from_db()
    assert clerk.name == "C" and not clerk.is_superuser
    assert client.post(f"{USERS}{root.pk}/change/", fields | {"email": "x@example.org"}).status_code == 403
    assert administrator.post(f"{USERS}{person.pk}/delete/", {"post": "yes"}).status_code == 403


def test_mails_are_listed_without_what_they_are_about(administrator: Client, person: User, tell: Tell) -> None:
    row = tell(person, Channel.MAIL, values={"reference": "N-SECRET"}, subject="need:secret", path="/needs/secret/")
    page = administrator.get(MAILS).content.decode()
    assert str(row.pk) in page and "SECRET" not in page.upper().replace("NEED", "") and "amal@" not in page
    for url in (f"{MAILS}add/", f"{MAILS}{row.pk}/delete/"):
        assert administrator.get(url).status_code == 403
    assert "SECRET" not in administrator.get(f"{MAILS}{row.pk}/change/", follow=True).content.decode().upper()


@pytest.mark.parametrize(("state", "shown"), [("dead", 1), ("waiting", 1), ("sent", 0), ("withheld", 0), ("x", 2)])
def test_mails_are_found_by_how_they_fared(
    administrator: Client, person: User, tell: Tell, state: str, shown: int
) -> None:
    tell(person, Channel.MAIL)
    Delivery.objects.filter(pk=tell(person, Channel.MAIL).pk).update(dead_at=timezone.now())
    page = administrator.get(MAILS, {"state": state}, follow=True)
    assert page.context["cl"].result_count == shown


def test_a_dead_letter_is_sent_again_from_the_list(administrator: Client, person: User, tell: Tell) -> None:
    row = tell(person, Channel.MAIL)
    Delivery.objects.update(dead_at=timezone.now())
    administrator.post(MAILS, {"action": "send_again", "_selected_action": [str(row.pk)]})
    assert Delivery.objects.get(pk=row.pk).dead_at is None

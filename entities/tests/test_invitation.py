"""From the invitation mail to the first sign-in: its link sets a password once, for the invited user."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from accounts.mail import dispatch, rendering
from accounts.models import Delivery, User
from entities import appointments
from entities.actors import Actor, actor_of
from entities.appointments import termination
from entities.models import Appointment, Organisation, Role
from entities.tests.factories import appointment, letter, organisation

pytestmark = pytest.mark.django_db
PASSWORD = "four quiet words together"


def test_an_invited_person_sets_a_password_signs_in_and_the_link_is_spent(client: Client) -> None:
    entity = organisation("entity", name_en="Secret Entity")
    focal = actor_of(appointment(entity).user)
    coordinator = actor_of(appointment(organisation("unoct"), Role.COORDINATOR).user)
    made = appointments.nominate(
        actor=focal, organisation=entity, role=Role.ALTERNATE, email="new@example.org", name="New", letter=letter()
    )
    appointments.approve(actor=coordinator, appointment=made)
    mail = rendering.letter(Delivery.objects.get(recipient=made.user))
    assert mail.to == ["new@example.org"]
    for text in (mail.subject, mail.body, mail.alternatives[0][0]):
        assert "Secret" not in text and "lternate" not in text
    link = next(found for found in re.findall(r"http\S+", mail.body) if "/password/reset/key/" in found)
    form = client.get(urlsplit(link).path, follow=True)
    assert form.status_code == 200
    done = client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert done.status_code == 302
    made.user.refresh_from_db()
    assert made.user.check_password(PASSWORD)
    stranger = Client()
    again = stranger.get(urlsplit(link).path, follow=True)
    refused = stranger.post(
        again.request["PATH_INFO"], {"password1": "another long one", "password2": "another long one"}
    )
    made.user.refresh_from_db()
    assert refused.status_code in (200, 302, 404) and made.user.check_password(PASSWORD)


def link_for(made: Appointment) -> str:
    """Return the path in the newest invitation mail to this user."""
    row = Delivery.objects.filter(recipient=made.user, message="invitation").latest("created_at")
    return urlsplit(re.findall(r"http\S+/password/reset/key/\S+", rendering.letter(row).body)[0]).path


@pytest.fixture
def invited(focal: Actor, coordinator: Actor, entity: Organisation) -> list[Appointment]:
    """Return two approved nominations of users who have not signed in yet."""
    found = []
    for email in ("one@example.org", "two@example.org"):
        made = appointments.nominate(
            actor=focal, organisation=entity, role=Role.OBSERVER, email=email, name="Nn", letter=letter()
        )
        found.append(appointments.approve(actor=coordinator, appointment=made))
    return found


def owed(made: Appointment) -> list[Delivery]:
    return list(Delivery.objects.waiting().filter(recipient=made.user, message="invitation"))


def shows_form(path: str) -> bool:
    return "password1" in Client().get(path, follow=True).text


def test_an_invitation_is_withdrawn_with_the_last_appointment(
    invited: list[Appointment], focal: Actor, entity: Organisation, mailoutbox: list[EmailMessage]
) -> None:
    one, two = invited
    other = appointment(entity, Role.ALTERNATE, one.user, since=timezone.now().date() + timedelta(days=3))
    path = link_for(one)
    appointments.end(actor=focal, appointment=one, reason="Left")
    assert shows_form(path), "something is still to come"
    appointments.end(actor=focal, appointment=other, reason="Left")
    assert not shows_form(path) and shows_form(link_for(two))
    for row in owed(one) + owed(two):
        dispatch.send(str(row.pk))
    assert [mail.to for mail in mailoutbox] == [["two@example.org"]]


@pytest.mark.parametrize("fields", [{"until": True}, {"confirm_by": True}, {"user__is_active": False}])
def test_nobody_is_invited_to_what_is_over_by_its_date(
    fields: dict[str, bool], invited: list[Appointment], mailoutbox: list[EmailMessage]
) -> None:
    yesterday, one = timezone.now().date() - timedelta(days=1), invited[0]
    if "user__is_active" in fields:
        User.objects.filter(pk=one.user_id).update(is_active=False)
    else:
        Appointment.objects.filter(pk=one.pk).update(since=yesterday, **dict.fromkeys(fields, yesterday))
    for row in owed(one):
        dispatch.send(str(row.pk))
    assert not mailoutbox


def test_an_end_spares_a_password_set_at_that_very_moment(invited: list[Appointment], focal: Actor) -> None:
    one = Appointment.objects.select_related("user").get(pk=invited[0].pk)
    person = User.objects.get(pk=one.user_id)
    person.set_password(PASSWORD)
    person.save()
    assert not one.user.has_usable_password()
    termination.close(one, focal.user, "Left")
    assert User.objects.get(pk=one.user_id).check_password(PASSWORD)


@pytest.mark.parametrize("how", ["expired", "foreign", "superseded by a password", "made up"])
def test_a_link_that_is_no_longer_good_opens_a_clear_page_and_no_account(how: str, invited: list[Appointment]) -> None:
    one, two = invited
    path = link_for(one)
    uid, key = path.rstrip("/").rsplit("/", 1)[-1].split("-", 1)
    when = timezone.now()
    if how == "expired":
        when += timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 60)
    elif how == "foreign":
        path = path.replace(uid, link_for(two).rstrip("/").rsplit("/", 1)[-1].split("-", 1)[0])
    elif how == "made up":
        path = path.replace(key, "abc-" + "0" * 32)
    else:
        one.user.set_password(PASSWORD)
        one.user.save()
    with time_machine.travel(when):
        client = Client()
        page = client.get(path, follow=True)
        assert page.status_code == 200 and "password1" not in page.text
        said = re.sub(r'(value|nonce)="[^"]*"', "", page.text)  # random values may contain a name
        assert "Nn" not in said and "example.org" not in page.text.replace("@example.org is", "")
        client.post(
            page.request["PATH_INFO"], {"password1": "quite another phrase", "password2": "quite another phrase"}
        )
    for made in invited:
        made.user.refresh_from_db()
        assert not made.user.check_password("quite another phrase")


@pytest.mark.turns(3)
@pytest.mark.parametrize("state", ["nominated", "refused", "approved", "ended"])
def test_asking_for_a_new_password_lets_nobody_in_whom_unoct_did_not(
    state: str, client: Client, focal: Actor, coordinator: Actor, entity: Organisation
) -> None:
    made = appointments.nominate(
        actor=focal, organisation=entity, role=Role.OBSERVER, email="one@example.org", name="Nn", letter=letter()
    )
    if state == "refused":
        appointments.end(actor=coordinator, appointment=made, reason="Unknown value.")
    if state in ("approved", "ended"):
        appointments.approve(actor=coordinator, appointment=made)
    if state == "ended":
        appointments.end(actor=coordinator, appointment=made, reason="Left.")
    cache.clear()
    page = client.post("/account/password/reset/", {"email": "one@example.org"})
    stranger = client.post("/account/password/reset/", {"email": "nobody@example.org"})
    assert (page.status_code, page.get("Location")) == (stranger.status_code, stranger.get("Location"))
    owed = Delivery.objects.filter(recipient=made.user, message="password_reset").count()
    assert owed == (1 if state == "approved" else 0)
    made.user.set_password(PASSWORD)
    made.user.save()
    client.post("/account/password/reset/", {"email": "one@example.org"})
    assert Delivery.objects.filter(recipient=made.user, message="password_reset").count() == owed + 1


def test_a_link_opened_where_somebody_else_is_signed_in_signs_them_out_and_says_whose_it_is(
    invited: list[Appointment], focal: Actor
) -> None:
    browser = Client()
    browser.force_login(focal.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert browser.get("/me/").status_code == 200
    form = browser.get(link_for(invited[0]), follow=True)
    above, _h1, below = form.content.decode().partition("<h1")
    assert "one@example.org" in below
    assert "You have signed out" in above + below
    assert browser.get("/me/").status_code == 302

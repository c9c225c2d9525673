"""From the letter to the first sign-in: the link of an invitation sets a password once, for the person invited."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts import letters
from accounts.models import Delivery
from entities import appointments
from entities.actors import actor_of
from entities.models import Role
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
    mail = letters.letter(Delivery.objects.get(recipient=made.user))
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

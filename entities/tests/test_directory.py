"""The directory: its entries, who may read addresses, which details are old, and that its cost does not grow."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.preferences import save_preferences
from entities.actors import Actor, actor_of
from entities.models import Absence, Appointment, Kind, Organisation, Role
from entities.tests.factories import appointment, organisation, person
from entities.views.directory import may_contact

pytestmark = pytest.mark.django_db
PHONE = "+1 212 555 0100"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def listed(entity: Organisation) -> Appointment:
    return appointment(entity, of=person("listed@example.org", name="Lina Listed", phone=PHONE, spoken=["ar", "fr"]))


@pytest.mark.parametrize(
    ("kind", "role", "reads"),
    [
        (Kind.MEMBER_STATE, Role.FOCAL_POINT, True),
        (Kind.COMPACT_ENTITY, Role.ALTERNATE, True),
        (Kind.MEMBER_STATE, Role.DONOR_CONTACT, True),
        (Kind.MEMBER_STATE, Role.OBSERVER, False),
        (Kind.COMPACT_ENTITY, Role.OBSERVER, False),
        (Kind.PARTNER, Role.PARTNER_CONTACT, False),
        (Kind.PARTNER, Role.DONOR_CONTACT, False),
    ],
)
def test_addresses_are_for_those_who_act_for_states_and_the_compact(
    kind: str, role: Role, reads: bool, listed: Appointment
) -> None:
    reader = appointment(organisation(kind=kind), role).user
    assert may_contact(actor_of(reader)) == reads
    client = signed_in(reader)
    for address in (reverse("directory"), "/api/v1/directory/"):
        answer = client.get(address)
        assert answer.status_code == 200 and "Lina Listed" in answer.text
        assert (listed.user.email in answer.text, PHONE in answer.text) == (reads, reads)
    assert client.get("/api/v1/directory/", {"q": listed.user.email}).json()["results"] == []


def test_without_a_running_appointment_there_is_no_directory(listed: Appointment) -> None:
    for user in (person(), appointment(organisation(), ended_at=timezone.now()).user):
        assert signed_in(user).get(reverse("directory")).status_code == 403
        assert signed_in(user).get("/api/v1/directory/").status_code == 403


def test_it_shows_languages_deputy_and_absence(listed: Appointment, entity: Organisation, focal: Actor) -> None:
    deputy = appointment(entity, Role.ALTERNATE, person(name="Dora Deputy"))
    today = timezone.now().date()
    Appointment.objects.filter(pk=listed.pk).update(deputy=deputy.user)
    Absence.objects.create(appointment=listed, since=today, until=today + timedelta(days=3), recorded_by=listed.user)
    appointment(entity, Role.OBSERVER, person(name="Olga Observer"))
    text = signed_in(focal.user).get(reverse("directory"), {"q": "Lina"}).text
    assert "Dora Deputy" in text and "Absent until" in text and "Français" in text.title()
    assert "Olga Observer" not in signed_in(focal.user).get(reverse("directory")).text


@pytest.mark.parametrize("fields", [{"ended_at": timezone.now()}, {"until": date(2020, 1, 1)}, {"role": Role.OBSERVER}])
def test_a_deputy_who_has_left_is_named_nowhere(fields: dict, listed: Appointment, focal: Actor) -> None:
    deputy = appointment(listed.organisation, Role.ALTERNATE, person(name="Dora Deputy"), since=date(2019, 1, 1))
    Appointment.objects.filter(pk=listed.pk).update(deputy=deputy.user)
    api_clients = [
        (focal.user, reverse("directory") + "?q=Lina"),
        (focal.user, "/api/v1/directory/?q=Lina"),
        (listed.user, reverse("my-appointments")),
    ]
    assert all("Dora Deputy" in signed_in(user).get(address).text for user, address in api_clients)
    Appointment.objects.filter(pk=deputy.pk).update(**fields)
    assert not [address for user, address in api_clients if "Dora Deputy" in signed_in(user).get(address).text]


@pytest.mark.parametrize("fields", [{"approved_at": None}, {"ended_at": timezone.now()}, {"role": Role.OBSERVER}])
def test_whom_the_directory_does_not_show_changes_no_byte_of_it(fields: dict, focal: Actor) -> None:
    """Neither the choices of a filter nor its result reveal a nomination elsewhere."""
    partner = appointment(organisation("partner", Kind.PARTNER), Role.PARTNER_CONTACT).user
    quiet = organisation("quiet-state", Kind.MEMBER_STATE)
    api_clients = [
        (partner, reverse("directory")),
        (partner, "/api/v1/directory/"),
        (focal.user, "/api/v1/appointments/"),
    ]

    def answers() -> list[tuple[int, str]]:
        found = []
        for user, address in api_clients:
            for query in ({}, {"organisation": "quiet-state"}):
                answer = signed_in(user).get(address, query)
                found.append((answer.status_code, re.sub(r'value="\w{64}"|nonce="[^"]+"', "", answer.text)))
        return found

    with time_machine.travel(timezone.now(), tick=False):  # a page shows at its foot when it was made
        before = answers()
        assert [status for status, _text in before] == [200, 422] * len(api_clients)
        appointment(quiet, of=person(), **fields)
        assert answers() == before


def test_the_owner_confirms_with_one_button_and_a_change_counts_too(listed: Appointment, focal: Actor) -> None:
    old = timezone.now() - timedelta(days=200)
    User.objects.filter(pk=listed.user_id).update(joined_at=old)
    client = signed_in(listed.user)
    assert "Not confirmed for 6 months" in client.get(reverse("directory"), {"q": "Lina"}).text
    assert client.get(reverse("details-confirm")).status_code == 405
    assert client.post(reverse("details-confirm")).status_code == 302
    assert "Not confirmed for 6 months" not in client.get(reverse("directory"), {"q": "Lina"}).text
    User.objects.filter(pk=listed.user_id).update(details_confirmed_at=old)
    save_preferences(User.objects.get(pk=listed.user_id), {"phone": "+41 22 555 01"})
    assert User.objects.get(pk=listed.user_id).details_confirmed_at > old
    others = signed_in(focal.user).get(reverse("directory"), {"q": "Lina"}).text
    assert reverse("details-confirm") not in others


@pytest.mark.parametrize("address", ["/who/directory/", "/api/v1/directory/"])
def test_it_costs_the_same_for_one_entry_and_for_three(address: str, focal: Actor, entity: Organisation) -> None:
    counts = []
    for n in (1, 2):
        for _ in range(n):
            held = appointment(organisation(), Role.ALTERNATE)
            Appointment.objects.filter(pk=held.pk).update(deputy=focal.user)
        client = signed_in(focal.user)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_away_by_page_names_what_is_wrong_and_keeps_it(focal: Actor, entity: Organisation) -> None:
    client, row = signed_in(focal.user), focal.appointments[0]
    address = reverse("appointment-away", args=[row.pk])
    today = timezone.now().date()
    answer = client.post(address, {"since": today.isoformat(), "until": ""})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["until"]
    answer = client.post(address, {"since": today.isoformat(), "until": (today + timedelta(days=900)).isoformat()})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["until"]
    assert (
        'name="since_year"' in answer.text and f'value="{today.year}"' in answer.text and not Absence.objects.exists()
    )
    assert client.post(address, {"since": today, "until": today + timedelta(days=9)}).status_code == 302
    assert Absence.objects.count() == 1
    assert client.post(reverse("appointment-back", args=[row.pk])).status_code == 302
    assert not Absence.objects.exists()
    stranger = signed_in(appointment(organisation()).user)
    assert stranger.get(address).status_code == 404
    assert stranger.post(reverse("appointment-back", args=[row.pk])).status_code == 404

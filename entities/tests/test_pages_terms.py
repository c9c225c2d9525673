"""The pages of renewals: confirmed one by one or all, requested and decided, handed over, and shown to their holder."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from entities.actors import Actor
from entities.models import HALF_A_YEAR, Appointment, Organisation, Phase, Role
from entities.tests.factories import appointment, letter, organisation, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CONFIRM = "/designations/confirm/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def soon() -> date:
    return timezone.now().date() + 5 * DAY


@pytest.fixture
def three(entity: Organisation) -> list[Appointment]:
    return [appointment(entity, Role.OBSERVER, confirm_by=soon()) for _ in range(3)]


def confirmed(rows: list[Appointment]) -> list[bool]:
    later = timezone.now().date() + HALF_A_YEAR
    return [Appointment.objects.get(pk=row.pk).confirm_by == later for row in rows]


def test_those_ticked_are_confirmed_or_all_that_were_shown(focal: Actor, three: list[Appointment]) -> None:
    client = signed_in(focal.user)
    shown = [str(row.pk) for row in three]
    assert [entry.appointment for entry in client.get(CONFIRM).context["entries"]] == sorted(three, key=lambda r: r.pk)
    assert client.post(CONFIRM, {"shown": shown}).status_code == 422, "nothing ticked"
    client.post(CONFIRM, {"shown": shown, "ticked": shown[1]})
    assert confirmed(three) == [False, True, False]
    late = appointment(three[0].organisation, Role.ALTERNATE, confirm_by=soon())
    client.post(CONFIRM, {"shown": shown, "everything": "1"})
    assert confirmed(three) == [True, True, True] and confirmed([late]) == [False], (
        "what was not shown is not confirmed"
    )


def test_a_page_confirms_nothing_of_others_of_oneself_or_what_ended(focal: Actor, three: list[Appointment]) -> None:
    foreign = appointment(organisation(), confirm_by=soon())
    Appointment.objects.filter(pk=three[0].pk).update(ended_at=timezone.now())
    Appointment.objects.filter(pk=three[1].pk).update(confirm_by=timezone.now().date() - DAY)
    rows = [foreign, focal.appointments[0], three[0], three[1]]
    before = [Appointment.objects.get(pk=row.pk).confirm_by for row in rows]
    answer = signed_in(focal.user).post(
        CONFIRM, {"ticked": [*(str(row.pk) for row in rows), "nonsense", str(three[2].pk)]}
    )
    assert answer.status_code == 302 and confirmed(three) == [False, False, True]
    assert [Appointment.objects.get(pk=row.pk).confirm_by for row in rows] == before
    alternate = appointment(three[0].organisation, Role.ALTERNATE).user
    assert signed_in(alternate).get(CONFIRM).status_code == 403


def test_asked_by_page_and_decided_by_page(focal: Actor, coordinator: Actor, entity: Organisation) -> None:
    row = appointment(entity, Role.ALTERNATE, until=soon())
    asks, decides = (reverse(f"designation-{name}", args=[row.pk]) for name in ("extend", "decide"))
    client, unoct = signed_in(focal.user), signed_in(coordinator.user)
    assert unoct.get(decides).status_code == 409, "nothing waits"
    wished = soon() + 90 * DAY
    refused = client.post(asks, {"until": soon().isoformat()})
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["until"]
    assert client.post(asks, {"until": wished.isoformat()}).status_code == 302
    assert client.post(asks, {"until": wished.isoformat()}).status_code == 409
    assert client.get(decides).status_code == 403
    assert decides in unoct.get(reverse("designations")).text
    assert unoct.post(decides, {"decision": "refuse", "reason": ""}).context["form"].errors["reason"]
    assert unoct.post(decides, {"decision": "grant"}).status_code == 302
    assert Appointment.objects.get(pk=row.pk).until == wished
    Appointment.objects.filter(pk=row.pk).update(confirm_by=timezone.now().date() - DAY)
    assert client.post(reverse("designation-reinstate", args=[row.pk])).status_code == 302
    unoct.post(decides, {"decision": "grant"})
    assert Appointment.objects.get(pk=row.pk).phase == Phase.RUNNING


def test_handing_over_by_page_names_the_field_and_keeps_what_was_typed(
    focal: Actor, coordinator: Actor, entity: Organisation
) -> None:
    row = appointment(entity, Role.ALTERNATE, person("leaver@example.org"))
    address, client = reverse("designation-hand-over", args=[row.pk]), signed_in(focal.user)
    values = {"email": "leaver@example.org", "name": "Next One", "language": "en", "since": timezone.now().date()}
    refused = client.post(address, {**values, "letter": letter()})
    assert (
        refused.status_code == 422 and list(refused.context["form"].errors) == ["email"] and "Next One" in refused.text
    )
    values["email"] = appointment(entity, Role.ALTERNATE).user.email
    conflict = client.post(address, {**values, "letter": letter()})
    assert conflict.status_code == 409 and "Available actions: Confirm appointment, Extend appointment" in conflict.text
    values["email"] = "next@example.org"
    assert list(client.post(address, values).context["form"].errors) == ["letter"]
    assert client.post(address, {**values, "letter": letter()}).status_code == 302
    made = Appointment.objects.get(predecessor=row)
    signed_in(coordinator.user).post(reverse("designation-approve", args=[made.pk]))
    assert Appointment.objects.get(pk=row.pk).phase == Phase.ENDED


def test_a_person_sees_where_they_stand_without_a_right_and_without_what_others_wrote(entity: Organisation) -> None:
    nominee = person(password="a long enough pass phrase")
    appointment(entity, Role.ALTERNATE, nominee, approved_at=None)
    ended = appointment(entity, Role.OBSERVER, nominee, ended_at=timezone.now(), end_reason="Secret reason")
    Appointment.objects.filter(approved_at=None).update(created_at=timezone.now() - 9 * DAY)
    page = signed_in(nominee).get(reverse("my-appointments"))
    assert page.status_code == 200 and "waiting for 9 days" in page.text and "Secret reason" not in page.text
    states = [step["state"] for step in page.context["entries"][-1]["steps"]]
    assert states[:3] == ["done", "here", "todo"]
    assert signed_in(nominee).get(reverse("designation", args=[ended.pk])).status_code == 403

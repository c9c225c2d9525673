"""Reminders of confirmations 30 and 7 days before, and of old nominations once a week: recipients, no duplicates."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.mail.rendering import letter
from accounts.models import Delivery, User
from entities import appointments
from entities.actors import Actor
from entities.appointments import reminders
from entities.models import HALF_A_YEAR, Appointment, Kind, Organisation, Role
from entities.tests.factories import appointment, organisation, person
from entities.tests.factories import letter as paper

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(message: str) -> set[tuple[User, bool]]:
    rows = Delivery.objects.filter(message=message, channel="portal").select_related("recipient")
    return {(row.recipient, row.needs_action) for row in rows}


def days_of_reminders(row: Appointment, days: int) -> list[int]:
    """Return on which of the coming days something new was queued about this appointment, running twice a day."""
    found, start = [], timezone.now()
    for day in range(days):
        with time_machine.travel(start + day * DAY, tick=False):
            before = Delivery.objects.filter(message="appointment_confirm", subject=f"appointment:{row.pk}").count()
            reminders.run()
            reminders.run()
            after = Delivery.objects.filter(message="appointment_confirm", subject=f"appointment:{row.pk}").count()
            found += [day] if after > before else []
    return found


@pytest.mark.turns(days=3)
def test_the_organisation_is_reminded_thirty_and_seven_days_before(focal: Actor, entity: Organisation) -> None:
    row = appointment(entity, Role.ALTERNATE, confirm_by=timezone.now().date() + 35 * DAY)
    assert days_of_reminders(row, 40) == [5, 28]
    assert told("appointment_confirm") == {(focal.user, True), (row.user, False)}


def test_a_confirmation_settles_what_was_asked(focal: Actor, entity: Organisation) -> None:
    row = appointment(entity, Role.ALTERNATE, confirm_by=timezone.now().date() + 10 * DAY)
    assert reminders.run() == 1
    appointments.confirm(actor=focal, appointment=row)
    assert not Delivery.objects.filter(needs_action=True, done_at=None).exists()
    assert reminders.run() == 0
    with time_machine.travel(timezone.now() + HALF_A_YEAR - 29 * DAY):
        assert reminders.run() >= 1


def test_for_a_sole_focal_point_and_for_whom_nobody_heads_unoct_is_asked(
    focal: Actor, coordinator: Actor, second: Actor
) -> None:
    soon = timezone.now().date() + 5 * DAY
    Appointment.objects.filter(pk=focal.appointments[0].pk).update(confirm_by=soon)
    partner = appointment(organisation(kind=Kind.PARTNER), Role.PARTNER_CONTACT, confirm_by=soon)
    assert reminders.run() == 2
    unoct = {(coordinator.user, True), (second.user, True)}
    assert told("appointment_confirm") == unoct | {(focal.user, False), (partner.user, False)}


def test_a_late_run_sends_only_the_nearest_reminder(focal: Actor, entity: Organisation) -> None:
    row = appointment(entity, Role.ALTERNATE, confirm_by=timezone.now().date() + 3 * DAY)
    assert days_of_reminders(row, 3) == [0]


def test_old_nominations_are_named_to_coordinators_once_a_week(
    focal: Actor, coordinator: Actor, second: Actor, entity: Organisation
) -> None:
    monday = timezone.now() - timezone.now().weekday() * DAY + 14 * DAY
    with time_machine.travel(monday, tick=False):
        appointments.nominate(
            actor=focal, organisation=entity, role=Role.OBSERVER, email="n@example.org", name="N", letter=paper()
        )
    counts = []
    for day in range(22):
        with time_machine.travel(monday + day * DAY, tick=False):
            counts.append(reminders.run() + reminders.run())
    assert [day for day, count in enumerate(counts) if count] == [8, 14, 21] and sum(counts) == 3
    assert told("nominations_waiting") == {(coordinator.user, False), (second.user, False)}


def test_who_nominated_is_not_reminded_to_approve(coordinator: Actor, second: Actor, entity: Organisation) -> None:
    appointments.nominate(actor=coordinator, organisation=entity, role=Role.OBSERVER, email="n@example.org", name="N")
    with time_machine.travel(timezone.now() + 8 * DAY):
        reminders.run()
    assert told("nominations_waiting") == {(second.user, False)}


def test_who_hands_over_is_not_reminded_to_approve_the_successor(coordinator: Actor, second: Actor) -> None:
    third = appointment(coordinator.appointments[0].organisation, Role.COORDINATOR).user
    post = coordinator.appointments[0]
    appointments.hand_over(actor=second, appointment=post, email="n@example.org", name="N")
    with time_machine.travel(timezone.now() + 8 * DAY):
        reminders.run()
    assert told("nominations_waiting") == {(third, False)}


def test_no_mail_about_an_appointment_names_anybody(
    focal: Actor, coordinator: Actor, second: Actor, entity: Organisation
) -> None:
    Organisation.objects.filter(pk=entity.pk).update(name_en="Secret Entity", name="Secret Entity")
    candidate = person("secret@example.org", name="Secret Person", password="a long enough pass phrase")
    made = appointments.nominate(
        actor=focal, organisation=entity, role=Role.ALTERNATE, email=candidate.email, name="Secret Person", letter=paper(),
        until=timezone.now().date() + 20 * DAY,
    )  # fmt: skip
    appointments.approve(actor=coordinator, appointment=made)
    wish = appointments.extend(actor=coordinator, appointment=made, until=timezone.now().date() + 200 * DAY)
    appointments.refuse(actor=second, renewal=wish, reason="Secret reason")
    Appointment.objects.filter(pk=made.pk).update(confirm_by=timezone.now().date() + DAY)
    reminders.run()
    appointments.end(actor=coordinator, appointment=made, reason="Secret reason")
    mails = [letter(row) for row in Delivery.objects.filter(channel="mail")]
    assert {row.message for row in Delivery.objects.all()} >= {
        "nomination_made", "nomination_decided", "appointment_begun", "renewal_asked", "renewal_decided",
        "appointment_confirm", "appointment_ended",
    }  # fmt: skip
    for mail in mails:
        for text in (mail.subject, mail.body, str(mail.alternatives[0][0])):
            assert "Secret" not in text and "lternate" not in text

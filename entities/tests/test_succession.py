"""Handover: a successor by nomination and approval, the predecessor's end, and open actions moved."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import inbox
from accounts.models import Delivery, User
from entities import appointments, pending_work
from entities.actors import Actor, actor_of
from entities.appointments import reminders
from entities.appointments.handover import pass_on_what_is_due
from entities.models import Appointment, Organisation, Phase, Role
from entities.tests.factories import appointment, letter, organisation, person
from web.exceptions import Conflict, Forbidden, Invalid

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def today() -> date:
    return timezone.now().date()


@pytest.fixture
def leaver(entity: Organisation) -> Appointment:
    return appointment(entity, Role.ALTERNATE, person("leaver@example.org"))


def hand_over(actor: Actor, row: Appointment, **values: object) -> Appointment:
    values = {"email": "next@example.org", "name": "N", "letter": letter(), **values}
    return appointments.hand_over(actor=actor, appointment=row, **values)


def test_the_post_changes_hands_with_the_approval(focal: Actor, coordinator: Actor, leaver: Appointment) -> None:
    made = hand_over(focal, leaver)
    assert (made.role, made.organisation, made.predecessor) == (leaver.role, leaver.organisation, leaver)
    assert actor_of(leaver.user).appointments, "the predecessor stays until UNOCT approves"
    appointments.approve(actor=coordinator, appointment=made)
    leaver.refresh_from_db()
    assert leaver.phase == Phase.ENDED and leaver.end_reason
    assert not actor_of(leaver.user).appointments and actor_of(made.user).appointments


def test_on_a_chosen_day_one_ends_and_the_other_begins(focal: Actor, coordinator: Actor, leaver: Appointment) -> None:
    made = hand_over(focal, leaver, since=today() + 10 * DAY)
    appointments.approve(actor=coordinator, appointment=made)
    leaver.refresh_from_db()
    assert leaver.until == today() + 9 * DAY and leaver.phase == Phase.RUNNING
    start = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + 10 * DAY
    for moment, holder in ((start - timedelta(seconds=1), leaver.user), (start, made.user)):
        with time_machine.travel(moment, tick=False):
            running = Appointment.objects.current().filter(organisation=leaver.organisation, role=Role.ALTERNATE)
            assert [row.user for row in running] == [holder]
    assert pass_on_what_is_due() == 0
    with time_machine.travel(start):
        assert (pass_on_what_is_due(), pass_on_what_is_due()) == (1, 0)


def test_a_term_that_ends_earlier_still_ends_earlier(focal: Actor, coordinator: Actor, leaver: Appointment) -> None:
    Appointment.objects.filter(pk=leaver.pk).update(until=today() + 2 * DAY)
    appointments.approve(actor=coordinator, appointment=hand_over(focal, leaver, since=today() + 10 * DAY))
    leaver.refresh_from_db()
    assert leaver.until == today() + 2 * DAY


def told(message: str) -> set[User]:
    return {row.recipient for row in Delivery.objects.filter(message=message, channel="portal")}


def test_nothing_is_asked_any_more_about_a_post_that_changed_hands(
    focal: Actor, coordinator: Actor, second: Actor, leaver: Appointment
) -> None:
    Appointment.objects.filter(pk=leaver.pk).update(until=today() + 20 * DAY, confirm_by=today() + 5 * DAY)
    reminders.run()
    appointments.extend(actor=focal, appointment=leaver, until=today() + 60 * DAY)
    assert set(inbox.notifications(focal.user).filter(inbox.ASKED).values_list("message", flat=True)) == {
        "appointment_confirm"
    }
    appointments.approve(actor=coordinator, appointment=hand_over(focal, leaver))
    assert not Delivery.objects.filter(inbox.ASKED).exists()
    assert told("appointment_ended") == {leaver.user, focal.user}
    assert told("renewal_decided") == {focal.user}, "what they asked for fell away"


def test_who_leaves_on_a_later_day_is_told_of_it(focal: Actor, coordinator: Actor, leaver: Appointment) -> None:
    appointments.approve(actor=coordinator, appointment=hand_over(focal, leaver, since=today() + 10 * DAY))
    assert told("renewal_decided") == {leaver.user} and not told("appointment_ended")


def test_nothing_is_asked_about_a_term_that_gave_way_to_a_nomination(
    focal: Actor, coordinator: Actor, second: Actor, leaver: Appointment
) -> None:
    Appointment.objects.filter(pk=leaver.pk).update(until=today() + DAY)
    appointments.extend(actor=second, appointment=leaver, until=today() + 60 * DAY)
    with time_machine.travel(timezone.now() + 3 * DAY):
        made = appointments.nominate(
            actor=focal, organisation=leaver.organisation, role=leaver.role, email=leaver.user.email, name="N",
            letter=letter(),
        )  # fmt: skip
    asked = Delivery.objects.filter(inbox.ASKED).values_list("subject", flat=True)
    assert set(asked) == {f"appointment:{made.pk}"} and told("renewal_decided") == {second.user}


def asked(user: User) -> set[tuple[str, str]]:
    return {(row.message, row.subject) for row in inbox.actions(user)}


def test_what_asks_a_coordinator_is_on_the_desk_and_passes_on(
    coordinator: Actor, second: Actor, focal: Actor, entity: Organisation, leaver: Appointment
) -> None:
    Appointment.objects.filter(pk=leaver.pk).update(until=today() + 20 * DAY)
    Appointment.objects.filter(pk=focal.appointments[0].pk).update(confirm_by=today() + 5 * DAY)
    new = appointments.nominate(
        actor=focal, organisation=entity, role=Role.OBSERVER, email="o@example.org", name="O", letter=letter()
    )
    appointments.extend(actor=focal, appointment=leaver, until=today() + 60 * DAY)
    reminders.run()
    post, sole = coordinator.appointments[0], focal.appointments[0]
    waits = {new.pk, leaver.pk, sole.pk}
    assert {item.url.split("/")[-2] for item in pending_work.open_items(post, second)} == set(map(str, waits))
    assert not pending_work.open_items(post, actor_of(appointment(organisation()).user))
    before = asked(coordinator.user)
    assert {message for message, _subject in before} == {"nomination_made", "renewal_asked", "appointment_confirm"}
    third = actor_of(appointment(post.organisation, Role.COORDINATOR).user)
    made = hand_over(second, post)
    appointments.approve(actor=third, appointment=made)
    assert asked(made.user) == before and not asked(coordinator.user)


def test_what_asks_a_focal_point_stays_with_the_post_it_is_asked_of(
    focal: Actor, second: Actor, leaver: Appointment, entity: Organisation
) -> None:
    appointment(entity, Role.ALTERNATE, focal.user)
    Appointment.objects.filter(pk=leaver.pk).update(confirm_by=today() + 5 * DAY)
    reminders.run()
    own = Appointment.objects.get(user=focal.user, role=Role.ALTERNATE)
    asks = {("appointment_confirm", f"appointment:{leaver.pk}")}
    assert asked(focal.user) == asks
    alternate = hand_over(focal, own)
    assert [item.url for item in pending_work.open_items(focal.appointments[0], focal)]
    assert not pending_work.open_items(own, focal)
    appointments.approve(actor=second, appointment=alternate)
    assert asked(focal.user) == asks and not asked(alternate.user)
    made = hand_over(second, focal.appointments[0], email="head@example.org")
    third = actor_of(appointment(second.appointments[0].organisation, Role.COORDINATOR).user)
    appointments.approve(actor=third, appointment=made)
    assert asked(made.user) == asks and not asked(focal.user)


@pytest.mark.parametrize("since", [date.min, date.max])
def test_a_day_out_of_sight_is_refused_at_its_field(since: date, focal: Actor, leaver: Appointment) -> None:
    with pytest.raises(Invalid) as refused:
        hand_over(focal, leaver, since=since)
    assert list(refused.value.errors) == ["since"]


@pytest.mark.parametrize("email", ["leaver@example.org", " LEAVER@Example.org "])
def test_nobody_hands_over_to_themselves(email: str, focal: Actor, leaver: Appointment) -> None:
    with pytest.raises(Invalid) as refused:
        hand_over(focal, leaver, email=email)
    assert list(refused.value.errors) == ["email"] and not leaver.successors.exists()


def test_a_post_has_one_successor_at_a_time(focal: Actor, coordinator: Actor, leaver: Appointment) -> None:
    first = hand_over(focal, leaver)
    with pytest.raises(Conflict):
        hand_over(focal, leaver, email="other@example.org")
    appointments.end(actor=coordinator, appointment=first, reason="Not known to us")
    assert hand_over(focal, leaver, email="other@example.org").phase == Phase.AWAITING


def test_a_successor_who_was_approved_and_begins_later_is_the_one(
    focal: Actor, coordinator: Actor, second: Actor, leaver: Appointment
) -> None:
    first = appointments.approve(actor=coordinator, appointment=hand_over(focal, leaver, since=today() + 9 * DAY))
    with pytest.raises(Conflict):
        hand_over(focal, leaver, email="other@example.org")
    appointments.end(actor=coordinator, appointment=first, reason="Takes another post")
    assert told("post_vacant") == {focal.user, second.user}
    assert set(Delivery.objects.filter(message="post_vacant").values_list("subject", flat=True)) == {
        f"appointment:{leaver.pk}"
    }
    other = appointments.approve(actor=coordinator, appointment=hand_over(focal, leaver, email="other@example.org"))
    assert other.phase == Phase.RUNNING


def test_who_leaves_does_not_let_in_their_successor(coordinator: Actor, second: Actor) -> None:
    made = hand_over(second, coordinator.appointments[0])
    assert not appointments.awaiting(coordinator).exists()
    for actor in (coordinator, second):
        with pytest.raises(Forbidden):
            appointments.approve(actor=actor, appointment=made)


@pytest.mark.parametrize(
    "fields",
    [{"approved_at": None}, {"ended_at": timezone.now()}, {"until": date(2020, 1, 1), "since": date(2019, 1, 1)}],
)
def test_only_a_post_that_is_held_changes_hands(fields: dict, focal: Actor, entity: Organisation) -> None:
    with pytest.raises(Conflict):
        hand_over(focal, appointment(entity, Role.OBSERVER, **fields))


def test_a_post_that_lapsed_can_be_handed_over(focal: Actor, coordinator: Actor, entity: Organisation) -> None:
    lapsed = appointment(entity, Role.ALTERNATE, confirm_by=today() - DAY)
    made = appointments.approve(actor=coordinator, appointment=hand_over(focal, lapsed))
    assert made.phase == Phase.RUNNING and Appointment.objects.get(pk=lapsed.pk).phase == Phase.ENDED


def test_a_refused_successor_leaves_the_post_where_it_is(focal: Actor, coordinator: Actor, leaver: Appointment) -> None:
    appointments.end(actor=coordinator, appointment=hand_over(focal, leaver), reason="Not known")
    assert actor_of(leaver.user).appointments

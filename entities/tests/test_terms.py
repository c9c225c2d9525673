"""Renewals: confirmed twice a year, extended or reinstated by two people, exact at midnight UTC."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Delivery
from audit.kinds import Kind as Noted
from audit.models import Entry
from entities import appointments
from entities.actors import Actor, actor_of
from entities.appointments import absence
from entities.models import HALF_A_YEAR, Appointment, Kind, Organisation, Phase, Renewal, Role
from entities.tests.factories import appointment, letter, organisation, person
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def today() -> date:
    return timezone.now().date()


@pytest.fixture
def held(entity: Organisation) -> Appointment:
    return appointment(entity, Role.ALTERNATE, until=today() + 20 * DAY)


@pytest.fixture
def lapsed(entity: Organisation) -> Appointment:
    return appointment(entity, Role.ALTERNATE, confirm_by=today() - DAY)


def runs(row: Appointment) -> bool:
    return bool(actor_of(row.user).appointments)


# ── Exact at midnight UTC ────────────────────────────────────────────────────
FIELDS = {"since": (False, True), "until": (True, False), "confirm_by": (True, False)}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_rights_change_at_midnight_utc_to_the_second(field: str, zone: str, entity: Organisation) -> None:
    """`since` is the first day, `until` and `confirm_by` are last days; the reader's time zone changes nothing."""
    turn = datetime(2031, 3, 1, tzinfo=UTC)
    days = {"since": date(2030, 1, 1), "until": date(2032, 1, 1), "confirm_by": date(2032, 1, 1)}
    days[field] = turn.date() if field == "since" else turn.date() - DAY
    row = appointment(entity, of=person(time_zone=zone), **days)
    before, after = FIELDS[field]
    with timezone.override(zone):
        for moment, expected in ((turn - timedelta(seconds=1), before), (turn, after)):
            with time_machine.travel(moment, tick=False):
                fresh = Appointment.objects.get(pk=row.pk)
                assert (runs(row), fresh.phase == Phase.RUNNING) == (expected, expected)
                assert Appointment.objects.in_phase(fresh.phase).filter(pk=row.pk).exists()


# ── confirm ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("who", ["coordinator", "focal"])
def test_the_organisation_or_unoct_confirms_for_half_a_year(
    who: str, request: pytest.FixtureRequest, held: Appointment
) -> None:
    actor = request.getfixturevalue(who)
    row = appointments.confirm(actor=actor, appointment=held)
    assert (row.confirm_by, row.confirmed_by) == (today() + HALF_A_YEAR, actor.user)


def test_nobody_confirms_themselves(focal: Actor, coordinator: Actor, second: Actor) -> None:
    for actor in (focal, coordinator):
        own = actor.appointments[0]
        assert not appointments.to_confirm(actor).filter(pk=own.pk).exists()
        with pytest.raises(Forbidden):
            appointments.confirm(actor=actor, appointment=own)
        assert appointments.confirm(actor=second, appointment=own).confirmed_by == second.user


def test_what_lapsed_is_confirmed_by_nobody_alone(focal: Actor, coordinator: Actor, lapsed: Appointment) -> None:
    for actor in (focal, coordinator):
        with pytest.raises(Conflict) as refused:
            appointments.confirm(actor=actor, appointment=lapsed)
        assert refused.value.transitions
    assert not runs(lapsed)


def test_approval_counts_as_the_first_confirmation(coordinator: Actor, focal: Actor, entity: Organisation) -> None:
    for since in (today(), today() + 40 * DAY):
        made = appointments.nominate(
            actor=focal,
            organisation=entity,
            role=Role.OBSERVER,
            email=f"p{since}@example.org",
            name="P",
            since=since,
            letter=letter(),
        )
        Appointment.objects.filter(pk=made.pk).update(confirm_by=today() - DAY)  # long overdue
        assert appointments.approve(actor=coordinator, appointment=made).confirm_by == since + HALF_A_YEAR


# ── extend ───────────────────────────────────────────────────────────────────
def test_an_extension_is_asked_by_one_and_granted_by_another(
    focal: Actor, coordinator: Actor, second: Actor, held: Appointment
) -> None:
    wished = today() + 400 * DAY
    wish = appointments.extend(actor=focal, appointment=held, until=wished)
    held.refresh_from_db()
    assert held.until == today() + 20 * DAY, "nothing changes by asking"
    asked = Delivery.objects.filter(message="renewal_asked", channel="portal", needs_action=True)
    assert {row.recipient for row in asked} == {coordinator.user, second.user}
    row = appointments.grant(actor=coordinator, renewal=wish)
    assert (row.until, row.confirm_by, row.confirmed_by) == (wished, today() + HALF_A_YEAR, coordinator.user)
    assert not asked.filter(done_at=None).exists()
    told = set(Delivery.objects.filter(message="renewal_decided").values_list("recipient", flat=True))
    assert told == {focal.user.pk, held.user_id}


def test_nobody_grants_what_they_asked_or_hold(
    coordinator: Actor, second: Actor, focal: Actor, held: Appointment
) -> None:
    asked = appointments.extend(actor=coordinator, appointment=held, until=today() + 99 * DAY)
    for actor in (coordinator, focal):
        with pytest.raises(Forbidden):
            appointments.grant(actor=actor, renewal=asked)
    assert list(appointments.undecided(second)) == [asked] and not appointments.undecided(coordinator).exists()
    Appointment.objects.filter(pk=second.appointments[0].pk).update(until=today() + DAY)
    own = appointments.extend(actor=coordinator, appointment=second.appointments[0], until=today() + 9 * DAY)
    with pytest.raises(Forbidden):
        appointments.grant(actor=second, renewal=own)
    for rows, values in (
        (Renewal.objects.filter(pk=asked.pk), {"granted": True, "decided_by": coordinator.user}),
        (Appointment.objects.filter(pk=held.pk), {"nominated_by": focal.user, "approved_by": focal.user}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)  # the database, too, requires two people


@pytest.mark.parametrize("days", [-1, 0, 20, 4000, (date.max - today()).days])
def test_an_extension_ends_later_than_the_present_term_but_not_out_of_sight(
    days: int, focal: Actor, held: Appointment
) -> None:
    with pytest.raises(Invalid) as refused:
        appointments.extend(actor=focal, appointment=held, until=today() + days * DAY)
    assert list(refused.value.errors) == ["until"]


def test_an_extension_that_makes_no_sense_is_refused(focal: Actor, entity: Organisation, held: Appointment) -> None:
    endless = appointment(entity, Role.OBSERVER)
    over = appointment(entity, Role.OBSERVER, until=today() - DAY)
    for row in (endless, over):
        with pytest.raises(Conflict):
            appointments.extend(actor=focal, appointment=row, until=today() + 50 * DAY)
    appointments.extend(actor=focal, appointment=held, until=today() + 50 * DAY)
    with pytest.raises(Conflict):
        appointments.extend(actor=focal, appointment=held, until=today() + 60 * DAY)


def test_a_refusal_says_why_and_leaves_the_term(focal: Actor, coordinator: Actor, held: Appointment) -> None:
    wish = appointments.extend(actor=focal, appointment=held, until=today() + 50 * DAY)
    with pytest.raises(Invalid):
        appointments.refuse(actor=coordinator, renewal=wish, reason=" ")
    row = appointments.refuse(actor=coordinator, renewal=wish, reason="The post is abolished")
    wish.refresh_from_db()
    assert row.until == today() + 20 * DAY and (wish.granted, wish.reason) == (False, "The post is abolished")
    with pytest.raises(Conflict):
        appointments.grant(actor=coordinator, renewal=wish)


def test_an_end_takes_the_wish_with_it(focal: Actor, coordinator: Actor, held: Appointment) -> None:
    wish = appointments.extend(actor=focal, appointment=held, until=today() + 50 * DAY)
    appointments.end(actor=focal, appointment=held, reason="Left")
    with pytest.raises(Conflict):
        appointments.grant(actor=coordinator, renewal=wish)
    assert not runs(held)


def test_a_day_that_passed_while_unoct_thought_is_not_granted(
    focal: Actor, coordinator: Actor, held: Appointment
) -> None:
    wish = appointments.extend(actor=focal, appointment=held, until=today() + 21 * DAY)
    with time_machine.travel(timezone.now() + 22 * DAY), pytest.raises(Conflict):
        appointments.grant(actor=coordinator, renewal=wish)


def test_who_asked_for_themselves_is_not_their_own_confirmer(focal: Actor, coordinator: Actor) -> None:
    own = focal.appointments[0]
    Appointment.objects.filter(pk=own.pk).update(until=today() + 20 * DAY)
    wish = appointments.extend(actor=focal, appointment=own, until=today() + 50 * DAY)
    assert appointments.grant(actor=coordinator, renewal=wish).confirmed_by == coordinator.user


def test_the_log_tells_what_was_given_from_what_was_taken(
    focal: Actor, coordinator: Actor, held: Appointment, lapsed: Appointment
) -> None:
    own = focal.appointments[0]
    absence.name_deputy(actor=focal, appointment=own, deputy=held.user)
    absence.name_deputy(actor=focal, appointment=own, deputy=None)
    wish = appointments.extend(actor=focal, appointment=held, until=today() + 50 * DAY)
    appointments.grant(actor=coordinator, renewal=wish)
    appointments.grant(actor=coordinator, renewal=appointments.reinstate(actor=focal, appointment=lapsed))
    successor = appointments.hand_over(
        actor=focal, appointment=held, email="s@example.org", name="S", since=today() + 9 * DAY, letter=letter()
    )
    appointments.approve(actor=coordinator, appointment=successor)
    kinds = [Noted.NOMINATED, Noted.RIGHT_GIVEN, Noted.RIGHT_ENDED]
    entries = Entry.objects.filter(kind__in=kinds, detail__contains=": ").order_by("id")
    said = [(entry.kind, entry.detail.partition(":")[0]) for entry in entries]
    assert [one for one in said if one[1] != "appointed"] == [
        (Noted.RIGHT_GIVEN, "deputy named"),
        (Noted.RIGHT_ENDED, "deputy taken away"),
        (Noted.RIGHT_GIVEN, "extended"),
        (Noted.RIGHT_GIVEN, "confirmed"),
        (Noted.NOMINATED, "nominated"),
        (Noted.RIGHT_GIVEN, "approved"),
        (Noted.RIGHT_ENDED, "last day brought forward for a successor"),
    ]


# ── reinstate ────────────────────────────────────────────────────────────────
def test_what_lapsed_comes_back_by_two_people(
    focal: Actor, coordinator: Actor, second: Actor, lapsed: Appointment, entity: Organisation
) -> None:
    wish = appointments.reinstate(actor=focal, appointment=lapsed)
    assert not runs(lapsed)
    assert appointments.grant(actor=coordinator, renewal=wish).phase == Phase.RUNNING and runs(lapsed)
    alone = appointment(organisation(kind=Kind.MEMBER_STATE), confirm_by=today() - DAY)  # only UNOCT can ask
    wish = appointments.reinstate(actor=coordinator, appointment=alone)
    with pytest.raises(Forbidden):
        appointments.grant(actor=coordinator, renewal=wish)
    assert appointments.grant(actor=second, renewal=wish).phase == Phase.RUNNING
    with pytest.raises(Conflict):
        appointments.reinstate(actor=focal, appointment=lapsed)


def test_what_is_over_by_its_term_does_not_come_back(focal: Actor, coordinator: Actor, lapsed: Appointment) -> None:
    Appointment.objects.filter(pk=lapsed.pk).update(until=today() + DAY)
    wish = appointments.reinstate(actor=focal, appointment=lapsed)
    with time_machine.travel(timezone.now() + 2 * DAY):
        with pytest.raises(Conflict) as refused:
            appointments.grant(actor=coordinator, renewal=wish)
        assert refused.value.transitions
        appointments.refuse(actor=coordinator, renewal=wish, reason="The term is over")


# ── Permissions, for all transitions ─────────────────────────────────────────
@pytest.mark.parametrize("role", [role for role in Role if role != Role.FOCAL_POINT])
def test_no_other_role_of_the_organisation_takes_any_of_these_steps(
    role: Role, entity: Organisation, held: Appointment, lapsed: Appointment
) -> None:
    actor = actor_of(appointment(entity, role).user)
    for verb in verbs(actor, held, lapsed):
        with pytest.raises((Forbidden, NotVisible)):
            verb()


def test_people_of_other_organisations_learn_nothing(held: Appointment, lapsed: Appointment) -> None:
    actor = actor_of(appointment(organisation()).user)
    for verb in verbs(actor, held, lapsed):
        with pytest.raises(NotVisible):
            verb()


def verbs(actor: Actor, held: Appointment, lapsed: Appointment) -> list[Callable[[], Any]]:
    wish = Renewal.objects.create(
        appointment=held, until=today() + 60 * DAY, asked_by=person(), asked_at=timezone.now()
    )
    return [
        lambda: appointments.confirm(actor=actor, appointment=held),
        lambda: appointments.extend(actor=actor, appointment=held, until=today() + 50 * DAY),
        lambda: appointments.reinstate(actor=actor, appointment=lapsed),
        lambda: appointments.grant(actor=actor, renewal=wish),
        lambda: appointments.refuse(actor=actor, renewal=wish, reason="No"),
        lambda: appointments.hand_over(actor=actor, appointment=held, email="s@example.org", name="S"),
    ]


# ── Concurrency ──────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["nomination", "renewal"])
def test_of_two_coordinators_at_once_exactly_one_wins(
    what: str, focal: Actor, coordinator: Actor, second: Actor, entity: Organisation, held: Appointment
) -> None:
    made = appointments.nominate(
        actor=focal, organisation=entity, role=Role.OBSERVER, email="new@example.org", name="New", letter=letter()
    )
    wish = appointments.extend(actor=focal, appointment=held, until=today() + 50 * DAY)
    gate, outcomes = threading.Barrier(2), []

    def decide(actor: Actor) -> None:
        try:
            gate.wait()
            if what == "nomination":
                appointments.approve(actor=actor, appointment=made)
            else:
                appointments.grant(actor=actor, renewal=wish)
            outcomes.append("won")
        except Conflict:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[actor]) for actor in (coordinator, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["told", "won"]
    assert Delivery.objects.filter(message="invitation").count() == (what == "nomination")

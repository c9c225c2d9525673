"""Deputies and absences: who may arrange them, what is refused, and that periods end by their date."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Delivery
from entities.actors import Actor, actor_of
from entities.appointments import absence
from entities.models import Absence, Appointment, Organisation, Role
from entities.tests.factories import appointment, organisation, person
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LAST = (date.max - timezone.now().date()).days


def today() -> date:
    return timezone.now().date()


@pytest.fixture
def alternate(entity: Organisation) -> Appointment:
    return appointment(entity, Role.ALTERNATE)


def covered_by(row: Appointment) -> object:
    return Appointment.objects.with_cover().get(pk=row.pk).covered_by


def test_a_deputy_stands_in_exactly_from_the_first_day_to_the_last(focal: Actor, alternate: Appointment) -> None:
    row = focal.appointments[0]
    absence.name_deputy(actor=focal, appointment=row, deputy=alternate.user)
    absence.be_absent(actor=focal, appointment=row, since=today() + 2 * DAY, until=today() + 3 * DAY)
    first = datetime.combine(today() + 2 * DAY, datetime.min.time(), UTC)
    second = timedelta(seconds=1)
    for moment, covered in (
        (first - second, False),
        (first, True),
        (first + 2 * DAY - second, True),
        (first + 2 * DAY, False),
    ):
        with time_machine.travel(moment, tick=False):
            assert covered_by(row) == (alternate.user_id if covered else None)


def test_a_deputy_who_is_away_or_has_left_covers_nobody(focal: Actor, alternate: Appointment) -> None:
    row, other = focal.appointments[0], actor_of(alternate.user)
    absence.name_deputy(actor=focal, appointment=row, deputy=alternate.user)
    absence.be_absent(actor=focal, appointment=row, since=today(), until=today() + DAY)
    assert covered_by(row) == alternate.user_id
    absence.be_absent(actor=other, appointment=alternate, since=today(), until=today())
    assert covered_by(row) is None
    absence.come_back(actor=other, appointment=alternate)
    assert covered_by(row) == alternate.user_id
    Appointment.objects.filter(pk=alternate.pk).update(ended_at=timezone.now())
    assert covered_by(row) is None


def test_the_deputy_is_told_and_may_be_taken_away(focal: Actor, alternate: Appointment) -> None:
    row = focal.appointments[0]
    for _ in range(2):
        absence.name_deputy(actor=focal, appointment=row, deputy=alternate.user)
    assert Delivery.objects.filter(message="deputy_named", recipient=alternate.user, channel="portal").count() == 1
    assert absence.name_deputy(actor=focal, appointment=row, deputy=None).deputy is None


@pytest.mark.parametrize("who", ["self", "observer", "stranger", "former"])
def test_a_deputy_acts_for_the_same_organisation(who: str, focal: Actor, entity: Organisation) -> None:
    people = {
        "self": focal.user,
        "observer": appointment(entity, Role.OBSERVER).user,
        "stranger": appointment(organisation()).user,
        "former": appointment(entity, Role.ALTERNATE, until=today() - DAY).user,
    }
    with pytest.raises(Invalid) as refused:
        absence.name_deputy(actor=focal, appointment=focal.appointments[0], deputy=people[who])
    assert list(refused.value.errors) == ["deputy"]


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (-1, 3, "since"),
        (3, 2, "until"),
        (0, 400, "until"),
        (1, 368, "until"),
        (LAST, LAST, "since"),
        (0, LAST, "until"),
    ],
)
def test_a_period_that_cannot_be_is_refused(since: int, until: int, field: str, focal: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        absence.be_absent(
            actor=focal, appointment=focal.appointments[0], since=today() + since * DAY, until=today() + until * DAY
        )
    assert list(refused.value.errors) == [field]
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(
            appointment=focal.appointments[0], since=today(), until=today() + 367 * DAY, recorded_by=focal.user
        )


def test_days_that_passed_are_not_written_anew(focal: Actor) -> None:
    row = focal.appointments[0]
    absence.be_absent(actor=focal, appointment=row, since=today(), until=today() + 5 * DAY)
    with time_machine.travel(timezone.now() + 3 * DAY):
        changed = absence.be_absent(actor=focal, appointment=row, since=today(), until=today() + 9 * DAY)
        assert (changed.until - changed.since).days == 12 and Absence.objects.count() == 1
        absence.come_back(actor=focal, appointment=row)
        changed.refresh_from_db()
        assert (changed.until - changed.since).days == 2 and absence.absence_of(row) is None


def test_who_arranges_it(focal: Actor, coordinator: Actor, alternate: Appointment, entity: Organisation) -> None:
    for actor in (actor_of(alternate.user), focal, coordinator):
        absence.be_absent(actor=actor, appointment=alternate, since=today(), until=today() + DAY)
    with pytest.raises(Forbidden):
        absence.be_absent(
            actor=actor_of(alternate.user), appointment=focal.appointments[0], since=today(), until=today() + DAY
        )
    for stranger in (appointment(organisation()).user, appointment(entity, Role.OBSERVER).user, person()):
        with pytest.raises(NotVisible):
            absence.name_deputy(actor=actor_of(stranger), appointment=alternate, deputy=None)
    Appointment.objects.filter(pk=alternate.pk).update(until=today() - DAY)
    with pytest.raises(Conflict):
        absence.come_back(actor=focal, appointment=alternate)

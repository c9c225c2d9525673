"""Appointments, absences and offers begin and end with the days of their organisation, not with those of UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from accounts.models import User
from entities.actors import actor_of
from entities.appointments import absence, nomination
from entities.models import Absence, Appointment, Organisation, Role
from entities.models.appointment import Phase
from entities.tests.factories import appointment, organisation, person
from web.exceptions import Invalid

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 10)
AHEAD, BEHIND = "Pacific/Kiritimati", "Pacific/Honolulu"  # UTC+14 and UTC−10
# The last moment of DAY and the one after it, where the organisation is.
LAST = {AHEAD: datetime(2027, 3, 10, 9, 59, 59, tzinfo=UTC), BEHIND: datetime(2027, 3, 11, 9, 59, 59, tzinfo=UTC)}


@pytest.fixture(params=[AHEAD, BEHIND])
def office(request: pytest.FixtureRequest) -> Organisation:
    return organisation("office", time_zone=request.param)


@pytest.fixture(autouse=True)
def before() -> Iterator[None]:
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        yield


def test_the_last_day_ends_at_midnight_of_the_organisation(office: Organisation) -> None:
    row = appointment(office, until=DAY)
    for moment, phase in (
        (LAST[office.time_zone], Phase.RUNNING),
        (LAST[office.time_zone] + timedelta(seconds=1), Phase.OVER),
    ):
        with time_machine.travel(moment, tick=False):
            fresh = Appointment.objects.get(pk=row.pk)
            assert fresh.phase == phase
            assert set(Appointment.objects.in_phase(phase)) == {row}
            assert bool(actor_of(User.objects.get(pk=row.user_id)).appointments) == (phase == Phase.RUNNING)


def test_the_first_day_begins_at_midnight_of_the_organisation(office: Organisation) -> None:
    row = appointment(office, since=DAY + timedelta(days=1))
    with time_machine.travel(LAST[office.time_zone], tick=False):
        assert row.phase == Phase.COMING and not Appointment.objects.current().exists()
    with time_machine.travel(LAST[office.time_zone] + timedelta(seconds=1), tick=False):
        assert row.phase == Phase.RUNNING and Appointment.objects.current().exists()


def test_who_is_away_is_away_by_the_days_of_the_organisation(office: Organisation) -> None:
    row = appointment(office)
    Absence.objects.create(appointment=row, since=DAY, until=DAY, recorded_by=row.user)
    with time_machine.travel(LAST[office.time_zone], tick=False):
        assert set(Appointment.objects.absent()) == {row} and absence.absence_of(row)
    with time_machine.travel(LAST[office.time_zone] + timedelta(seconds=1), tick=False):
        assert not Appointment.objects.absent().exists() and absence.absence_of(row) is None


def test_today_is_accepted_as_last_day_and_yesterday_is_not(office: Organisation) -> None:
    with time_machine.travel(LAST[office.time_zone], tick=False):
        actor = actor_of(appointment(office, Role.FOCAL_POINT, confirm_by=DAY + timedelta(days=99)).user)
        row = nomination.appoint(user=person("one@example.org"), organisation=office, role=Role.ALTERNATE, until=DAY)
        assert row.since == DAY and row.phase == Phase.RUNNING
        assert "10 March 2027" in row.until_in_words and "UTC" in row.until_in_words
        mine = actor.appointments[0]
        assert absence.be_absent(actor=actor, appointment=mine, since=DAY, until=DAY).until == DAY
        with pytest.raises(Invalid):
            absence.be_absent(actor=actor, appointment=mine, since=DAY - timedelta(days=1), until=DAY)

"""Absences: mail goes to the deputy, notifications are kept for both, and deadlines wait while nobody can answer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Delivery, User
from assistance.needs.deadlines import MATCH_ANSWER
from assistance.tests.cast import Cast, appoint
from assistance.workflow import deadlines
from assistance.workflow.dues import days_due
from assistance.workflow.models import Due, Event
from entities.appointments import absence
from entities.models import Absence, Appointment, Role
from entities.tests.factories import person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def post_of(cast: Cast, name: str) -> Appointment:
    return Appointment.objects.get(user=cast.users[name])


def colleague(cast: Cast, role: str = Role.ALTERNATE) -> User:
    return appoint(person("colleague@example.org"), cast.org("carana"), role).user


def go_away(cast: Cast, name: str, days: int, deputy: User | None = None) -> None:
    actor, today = getattr(cast, name), timezone.now().date()
    absence.be_absent(actor=actor, appointment=post_of(cast, name), since=today, until=today + (days - 1) * DAY)
    if deputy:
        absence.name_deputy(actor=actor, appointment=post_of(cast, name), deputy=deputy)


def channels(user: User, message: str) -> list[tuple[str, bool]]:
    return sorted(Delivery.objects.filter(recipient=user, message=message).values_list("channel", "needs_action"))


def test_while_away_mail_goes_to_the_deputy_and_both_bells_ring(cast: Cast) -> None:
    deputy = colleague(cast)
    go_away(cast, "carana", 10, deputy)
    cast.match()
    assert channels(deputy, "match_proposed") == [("mail", True), ("portal", True)]
    assert channels(cast.users["carana"], "match_proposed") == [("portal", True)]
    with time_machine.travel(timezone.now() + 10 * DAY):
        cast.match(who="iom")
    assert ("mail", True) in channels(cast.users["carana"], "match_proposed"), "back at midnight after the last day"


def test_without_a_deputy_who_may_know_mail_still_comes(cast: Cast) -> None:
    go_away(cast, "carana", 10)
    cast.match()
    assert ("mail", True) in channels(cast.users["carana"], "match_proposed")
    cast.need("put")
    row = post_of(cast, "unodc")
    Appointment.objects.filter(pk=row.pk).update(deputy=cast.users["sumora"])  # by force: of another organisation
    Absence.objects.create(
        appointment=row, since=timezone.now().date(), until=timezone.now().date(), recorded_by=row.user
    )
    Due.objects.update(counts_from=timezone.now() - 46 * DAY)
    deadlines.run()
    assert channels(cast.users["unodc"], "match_lapsed") == [("mail", False), ("portal", False)]
    assert not Delivery.objects.filter(recipient=cast.users["sumora"]).exists()


def test_reminders_reach_the_deputy(cast: Cast) -> None:
    deputy = colleague(cast)
    match = cast.match()
    go_away(cast, "carana", 60, deputy)
    deadlines.run(timezone.now() + 9 * DAY)
    assert channels(deputy, "match_reminder") == [("mail", True), ("portal", True)]
    assert channels(cast.users["carana"], "match_reminder") == [("portal", True)]
    assert Event.objects.filter(match=match, name="match_reminder").count() == 1


@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("absent_days", "deputy", "reminded", "called", "lapsed"),
    [(0, False, 9, 21, 45), (5, False, 14, 26, 50), (5, True, 9, 21, 45), (30, False, 39, 51, 75)],
)
def test_days_on_which_nobody_is_there_do_not_count(
    absent_days: int, deputy: bool, reminded: int, called: int, lapsed: int, cast: Cast
) -> None:
    start = datetime(2031, 3, 3, 12, tzinfo=UTC)
    Appointment.objects.update(approved_at=start - 90 * DAY, confirm_by=start.date() + 150 * DAY)
    with time_machine.travel(start, tick=False):
        match = cast.match()
    with time_machine.travel(start + DAY, tick=False):
        if absent_days:
            go_away(cast, "carana", absent_days)
        if deputy:
            colleague(cast)
        deadlines.run()  # sets anew when deadlines are due
        assert lapsed in {
            (row.day - start.date()).days for row in deadlines.upcoming(cast.unodc) if row.reference == match.reference
        }
    verbs = {}
    for day in (
        reminded,
        called,
        lapsed,
    ):  # what is due earlier would be done at the first moment, which is not a whole day
        for moment in (start + day * DAY - timedelta(seconds=1), start + day * DAY):
            with time_machine.travel(moment, tick=False):
                deadlines.run()
    for event in Event.objects.filter(match=match, name__startswith="match_").exclude(name="match_proposed"):
        verbs[event.name] = (event.at - start).days
        assert event.at == start + verbs[event.name] * DAY, "to the second"
    assert verbs == {"match_reminder": reminded, "match_last_call": called, "match_lapsed": lapsed}


def test_days_of_matches_cost_one_statement(cast: Cast, django_assert_max_num_queries: object) -> None:
    rows = [cast.match() for _ in range(3)]
    go_away(cast, "carana", 5)
    actor = cast.carana
    assert actor.groups
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        assert set(days_due(actor, rows, MATCH_ANSWER)) == {row.pk for row in rows}

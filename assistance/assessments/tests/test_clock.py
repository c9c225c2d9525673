"""The clock of assessments: two weeks after the last day the entity is asked, once, until it answers."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Delivery
from assistance.assessments import transitions
from assistance.assessments.models import Assessment
from assistance.assessments.tests import assessments as made
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from assistance.workflow import deadlines, editing
from assistance.workflow.models import Due, Event
from assistance.workflow.pending_work import tasks

pytestmark = pytest.mark.django_db


def run(days: float = 0) -> int:
    """Run deadlines so many days from now."""
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        return deadlines.run()


def asked(cast: Cast) -> int:
    """Return how many open requests the entity has."""
    rows = Delivery.objects.filter(recipient=cast.users["unodc"], needs_action=True, done_at=None, channel="portal")
    return rows.filter(message="assessment_finish_asked").count()


def test_the_entity_is_asked_two_weeks_after_the_last_day(cast: Cast, client: Client) -> None:
    row = made.assessment(cast, "under_way")  # it ended yesterday
    due = Due.objects.get(assessment=row)
    assert (due.owed_by, due.owed_to) == (cast.org("unodc"), cast.org("carana"))
    assert due.due_on == row.ends_on + timedelta(days=14)
    run(13)
    assert asked(cast) == 0 and not tasks(cast.unodc)
    run(15)
    run(16)
    assert asked(cast) == 1
    assert Event.objects.filter(assessment=row, name="assessment_finish_asked").count() == 1
    (task,) = tasks(cast.unodc)
    assert task.action == "Finish assessment" and not tasks(cast.carana)
    sign_in(client, cast, "unodc")
    assert "Say whether the assessment has finished" in words(client.get("/"))
    transitions.finish(actor=cast.unodc, assessment=row.pk)
    assert asked(cast) == 0 and not tasks(cast.unodc) and Due.objects.get(assessment=row).done_at is not None


def test_a_later_last_day_asks_later(cast: Cast) -> None:
    row = made.assessment(cast, "under_way")
    run(15)
    later = timezone.now().date() + timedelta(days=60)
    editing.edit(actor=cast.unodc, model=Assessment, pk=row.pk, values={"ends_on": later})
    assert asked(cast) == 0
    assert Due.objects.get(assessment=row, done_at=None).due_on == later + timedelta(days=14)


def test_nobody_is_asked_of_what_was_cancelled_or_finished(cast: Cast) -> None:
    transitions.cancel(actor=cast.unodc, assessment=made.assessment(cast).pk, reason="Postponed.")
    made.assessment(cast, "done")
    run(40)
    assert asked(cast) == 0 and not Due.objects.filter(kind="assessment_finish", done_at=None).exists()


def test_a_planned_one_is_asked_to_be_started_or_cancelled(cast: Cast) -> None:
    row = made.assessment(cast)
    run(15)
    (task,) = tasks(cast.unodc)
    assert task.action == "Start assessment"
    transitions.cancel(actor=cast.unodc, assessment=row.pk, reason="Postponed.")
    assert not tasks(cast.unodc)

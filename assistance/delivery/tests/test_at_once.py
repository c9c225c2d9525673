"""People, and schedulers, who act on one match at once: each figure counts once, and each is told once."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Delivery
from assistance.delivery import reports, transitions
from assistance.dues import transitions as dues
from assistance.needs.models import Match
from assistance.tests.at_once import at_once
from assistance.tests.cast import Cast
from assistance.workflow import deadlines, due_runs
from assistance.workflow.models import Due, Event

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_report_sent_by_two_tabs_counts_once(cast: Cast) -> None:
    match, today = cast.match("in_delivery"), timezone.now().date()
    report = partial(transitions.report, actor=cast.unodc, match=match.pk, what="A course.", trained_women=9)
    period = {"period_from": today - timedelta(days=30), "period_to": today}
    assert sorted(at_once(*[partial(report, **period)] * 4)) == ["", "Invalid", "Invalid", "Invalid"]
    assert reports.figures_of(match).trained == 9


def test_a_delivery_is_reported_once(cast: Cast) -> None:
    match = cast.match("in_delivery")
    deliver = partial(
        transitions.deliver, actor=cast.unodc, match=match.pk, note="Held.", documents="The list.", places_used=5
    )
    assert sorted(at_once(deliver, deliver, deliver)) == ["", "Conflict", "Conflict"]
    assert Match.objects.get(pk=match.pk).status == "delivered" and reports.figures_of(match).places_used == 5
    assert Event.objects.filter(match=match, name="match_delivered").count() == 1


def test_two_schedulers_ask_once_again(cast: Cast) -> None:
    match = cast.match("delivered")
    due = Due.objects.get(match=match, kind="verify")
    dues.snooze(actor=cast.cted, due=due.pk, until=timezone.now().date() + timedelta(days=21))
    with time_machine.travel(timezone.now() + timedelta(days=23), tick=False):
        later = timezone.now()
        assert at_once(*[partial(due_runs.run, later)] * 4) == [""] * 4
        assert at_once(partial(deadlines.run), partial(deadlines.run)) == ["", ""]
    told = Delivery.objects.filter(message="due_reminder", subject=f"due:{due.pk}", recipient=cast.users["cted"])
    assert told.filter(channel="portal").count() == 1 and told.filter(channel="mail").count() == 1

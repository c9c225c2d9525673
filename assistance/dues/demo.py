"""Demonstration deadlines: they begin with the demonstration matches and visits; people remind of, waive and snooze some."""

from datetime import timedelta

from django.utils import timezone

from assistance.demo.demonstration import Demonstration
from assistance.dues import transitions
from assistance.dues.models import Due
from assistance.needs.models import Match

# Matches whose delivery CTED has to verify: one is overdue, one the State does not wait for, one is to be asked again.
OVERDUE, WAIVED, SNOOZED = "carana/small-arms/interpol/58", "sumora/prisons/unodc/52", "carana/cft/unodc/82"
REASON = "The follow-up visit in spring will look at this."


def load(demo: Demonstration) -> None:
    """Schedule what people do with these deadlines."""
    demo.schedule(5, _nudge)
    demo.schedule(2, _waive)
    demo.schedule(3, _snooze)


def _verification(demo: Demonstration, match: str) -> Due:
    return Due.objects.get(match=demo.get(Match, match).pk, kind="verify", done_at=None)


def _nudge(demo: Demonstration) -> None:
    transitions.nudge(actor=demo.people.focal_point("carana"), due=_verification(demo, OVERDUE).pk)


def _waive(demo: Demonstration) -> None:
    transitions.waive(actor=demo.people.focal_point("sumora"), due=_verification(demo, WAIVED).pk, reason=REASON)


def _snooze(demo: Demonstration) -> None:
    until = timezone.now().date() + timedelta(days=21)
    transitions.snooze(actor=demo.people.assessor("carana"), due=_verification(demo, SNOOZED).pk, until=until)

"""Deadlines about visit reports: the State's observations on a draft, and its reply to the recommendations."""

from django.utils.translation import gettext_lazy as _

from assistance.recommendations.procedure import (
    OBSERVATIONS,
    OBSERVATIONS_DUE,
    REPLY_DUE,
    REPLY_MONTHS,
    end_observations,
)
from assistance.workflow.clocks import Clock, Rung
from entities.actors import CTED

# Both are between the State and CTED alone, as its consent is. The day of the reply is stated in letters, so absences
# do not move it.
REPORT_CLOCKS = (
    Clock(
        kind=OBSERVATIONS_DUE,
        label=_("Observations on a draft report"),
        owed_by=lambda visit: visit.state_id,
        owed_to=lambda visit: CTED,
        starts=("draft_sent",),
        answered_by=("observations_received", "visit_cancelled"),
        days=OBSERVATIONS.days,
        rungs=(Rung(-10), Rung(-3)),
        at_end=end_observations,
        is_private=True,
    ),
    Clock(
        kind=REPLY_DUE,
        label=_("Reply to the recommendations of a visit"),
        owed_by=lambda visit: visit.state_id,
        owed_to=lambda visit: CTED,
        starts=("final_sent",),
        answered_by=("reply_received",),
        months=REPLY_MONTHS,
        rungs=(Rung(-30), Rung(-7), Rung(0, "reply_overdue"), Rung(30)),
        is_private=True,
        skips_absence=False,
    ),
)

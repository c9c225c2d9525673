"""The clock of assessments: two weeks after its last day the entity is asked whether an assessment has finished."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assistance.assessments.models import Assessment
from assistance.assessments.states import ASKED_AFTER, ASKED_AGAIN, RUNNING
from assistance.workflow.clocks import Clock, Rung

FINISH = "assessment_finish"  # the kind of the clock


def _assessing(row: Assessment) -> UUID | None:
    """Return the entity of an assessment that has not ended; of another assessment nobody owes anything."""
    return row.entity_id if row.status in RUNNING else None


def _asked_on(row: Assessment) -> date:
    return row.ends_on + timedelta(days=ASKED_AFTER)


# It stays open until the entity finishes or cancels the assessment, or sets a later last day.
ASSESSMENT_CLOCKS = (
    Clock(
        kind=FINISH,
        label=_("Whether an assessment has finished"),
        owed_by=_assessing,
        owed_to=lambda row: row.state_id,
        starts=("assessment_recorded", "assessment_edited", "assessment_started"),
        answered_by=("assessment_finished", "assessment_cancelled"),
        own_date=_asked_on,
        rungs=(Rung(0, "assessment_finish_asked"), Rung(ASKED_AGAIN)),
        skips_absence=False,  # the day follows from the dates of the assessment
        may_be_waived=False,  # nobody would be asked again
        running=Q(status__in=RUNNING),
    ),
)

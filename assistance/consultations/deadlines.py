"""The clock of rounds: the State comments on a round within 30 days."""

from django.utils.translation import gettext_lazy as _

from assistance.consultations.messages import ABOUT_COMMENTS
from assistance.consultations.models import Round
from assistance.workflow.clocks import Clock, Rung
from assistance.workflow.notifications import settle
from entities.actors import CTED

COMMENT = "round_comment"  # the kind of the clock


def let_comments_end(row: Round) -> None:
    """Mark the request for comments as done: after 30 days the State is no longer asked."""
    settle([row], ABOUT_COMMENTS)


ROUND_CLOCKS = (
    Clock(
        kind=COMMENT,
        label=_("Comments on a round of consultations"),
        owed_by=lambda row: row.state_id,
        owed_to=lambda row: CTED,
        starts=("round_closed",),
        answered_by=("round_commented",),
        own_date=lambda row: row.comments_until,
        rungs=(Rung(-7), Rung(-1)),
        at_end=let_comments_end,
        skips_absence=False,  # the day is stated to the State
    ),
)

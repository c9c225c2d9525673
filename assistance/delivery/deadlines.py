"""What is owed about a confirmed match: the quarterly report of the provider, the State's answer to an end."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assistance.delivery.rules import END
from assistance.delivery.states import DISPUTED_FOR
from assistance.needs.deadlines import HIDDEN, RELEASED
from assistance.needs.models import Match
from assistance.needs.states import MatchStatus
from assistance.workflow.clocks import Clock, Rung
from assistance.workflow.engine import record, save

REPORT = "match_report"  # the kind of the clock


def let_end_stand(match: Match) -> None:
    """Record that the State has not disputed the end of a match in time. Its need is locked."""
    match.end_settled_at = timezone.now()
    save(match, ["end_settled_at"])
    record("match_end_stands", match, actor=None, before=match.status)


CLOCKS = (
    Clock(
        kind=REPORT,
        label=_("Quarterly report on assistance in progress"),
        owed_by=lambda match: match.provider_id,
        owed_to=lambda match: match.need.state_id,
        starts=("match_started", "match_reported"),
        answered_by=("match_delivered", "match_ended", "match_retracted"),
        answered_on={"need": ("need_closed",)},
        paused_on=HIDDEN,
        resumed_on=RELEASED,
        months=3,
        rungs=(Rung(-14), Rung(0), Rung(30)),
        running=Q(status=MatchStatus.IN_DELIVERY, need__closed_at=None),
        reads=("need",),
    ),
    Clock(
        kind=END,
        label=_("Response to the end of a match"),
        owed_by=lambda match: match.need.state_id,
        owed_to=lambda match: match.provider_id,
        starts=("match_ended",),
        answered_by=("match_end_confirmed", "match_disputed"),
        days=DISPUTED_FOR.days,
        rungs=(Rung(7, from_start=True),),
        at_end=let_end_stand,
        may_be_waived=False,  # the State confirms the end itself
        since=lambda match: match.ended_at,
        running=Q(status=MatchStatus.ENDED, end_settled_at=None),
        reads=("need",),
    ),
)

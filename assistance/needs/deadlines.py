"""Deadlines of needs and matches: what is owed about a match, and the days by which assistance is required.

Access rights never depend on these tasks.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.needs.models import Match, Need
from assistance.needs.rules import ASKED_BEFORE, MONTHS
from assistance.needs.states import OPEN_MATCH, UNFINISHED, MatchStatus, NeedStatus
from assistance.needs.status import refresh_need
from assistance.workflow.clocks import Clock, Rung
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.engine import record, save
from assistance.workflow.models import Due, Event
from assistance.workflow.naming import named_rows
from entities.actors import CTED, Actor

# Domain rules, section 5: a reminder after 9 days without an answer, a last reminder after 21, lapsed after 45.
PROJECT_ENDED = timedelta(days=14)  # how long a provider is asked how a match goes on without its project
REMINDER, LAST_CALL, LAPSE = timedelta(days=9), timedelta(days=21), timedelta(days=45)
MATCH_ANSWER, VERIFY, NEED_SUSTAIN = "match_answer", "verify", "need_sustain"  # kinds of clocks
# While the State releases the need to nobody, its providers see neither need nor match: nothing falls due for them.
HIDDEN = {"need": ("consent_withdrawn", "consent_expired")}
RELEASED = {"need": ("need_shared",)}


def side_asked(match: Match) -> UUID:
    """Return the organisation whose answer a match waits for."""
    return match.provider_id if match.status == MatchStatus.SUGGESTED else match.need.state_id


def side_asking(match: Match) -> UUID | str:
    """Return the organisation that waits for the answer: CTED for what it suggested, else the provider."""
    return CTED if match.status == MatchStatus.SUGGESTED else match.provider_id


def declined_before(matches: Sequence[Any]) -> set[UUID]:
    """Return those of these matches whose asked side has declined an earlier match of the same need and provider."""
    declined = Event.objects.filter(
        name="match_declined",
        match__need__in={match.need_id for match in matches},
        match__provider__in={match.provider_id for match in matches},
    )
    known = set(declined.values_list("match__need", "match__provider", "acting_as__organisation"))
    return {match.pk for match in matches if (match.need_id, match.provider_id, side_asked(match)) in known}


def lapse(match: Match) -> None:
    """Let a match that nobody answered lapse. Its need is locked."""
    before, match.status = match.status, MatchStatus.LAPSED
    save(match, ["status"])
    refresh_need(match.need, quiet=True)
    record("match_lapsed", match, actor=None, before=before)


def project_unanswered(match: Match) -> None:
    """Record that the provider did not say how a match goes on without its project: nothing is ended by silence.

    Seen by those who see the deadline; the State may not know the project.
    """
    due = Due.objects.filter(match=match, kind="match_project").latest("starts_at")
    record("match_project_unanswered", match, actor=None, before=match.status, due=due)


MATCH_CLOCKS = (
    Clock(
        kind=MATCH_ANSWER,
        label=_("Response to a proposed match"),
        owed_by=side_asked,
        owed_to=side_asking,
        starts=("match_suggested", "match_proposed", "match_confirmed_by_provider"),
        answered_by=("match_accepted", "match_declined", "match_retracted", "match_lapsed"),
        days=LAPSE.days,
        rungs=(
            Rung(REMINDER.days, "match_reminder", from_start=True),
            Rung(LAST_CALL.days, "match_last_call", from_start=True),
        ),
        at_end=lapse,
        may_be_waived=False,  # whoever no longer asks for an answer withdraws the proposal
        quiet_days=3,
        refusers=declined_before,
        since=lambda match: match.waiting_since,
        running=Q(status__in=OPEN_MATCH),
        reads=("need",),
    ),
    Clock(
        kind=VERIFY,
        label=_("Verification of the assistance delivered"),
        owed_by=lambda match: CTED,
        owed_to=lambda match: match.need.state_id,
        starts=("match_delivered",),
        answered_on={"need": ("need_verified", "need_closed")},
        days=30,
        rungs=(Rung(0), Rung(14)),
        running=Q(status=MatchStatus.DELIVERED, verified_share=None, need__closed_at=None),
        reads=("need",),
    ),
    Clock(
        kind="match_project",
        label=_("How the match goes on without its project"),
        owed_by=lambda match: match.provider_id,
        owed_to=lambda match: CTED,
        starts=("match_project_ended",),
        answered_by=(
            "match_carried_on",
            "match_project_resumed",
            "match_retracted",
            "match_declined",
            "match_lapsed",
            "match_delivered",
            "match_ended",
        ),
        answered_on={"need": ("need_closed",)},
        paused_on=HIDDEN,
        resumed_on=RELEASED,
        days=PROJECT_ENDED.days,
        rungs=(Rung(-7),),
        at_end=project_unanswered,
        since=lambda match: match.project_ended_at,
        running=Q(project_ended_at__isnull=False, status__in=UNFINISHED),
    ),
)


NEED_CLOCKS = (
    Clock(
        kind=NEED_SUSTAIN,
        label=_("Report a year after a need was met"),
        owed_by=lambda need: need.state_id if need.status == NeedStatus.MET else None,
        owed_to=lambda need: CTED,
        starts=("need_verified",),
        answered_by=("need_sustained", "need_not_sustained", "need_reopened"),
        months=MONTHS,
        rungs=(Rung(-ASKED_BEFORE.days), Rung(0), Rung(30)),
        since=lambda need: need.met_at,
        running=Q(status=NeedStatus.MET, year_answer="", met_at__isnull=False),
    ),
)


def due_needs(actor: Actor, period: Period) -> list[Deadline]:
    """Return the deadlines in a period of needs that this actor sees and that are still open, soonest first."""

    def open_by(needs: QuerySet[Need], first: date, last: date) -> QuerySet[Need]:
        still = needs.filter(deadline__range=(first, last)).exclude(status__in=(NeedStatus.MET, NeedStatus.CLOSED))
        return still.order_by("deadline")

    needs = named_rows(actor, Need, "open by", open_by, [period.first, period.last], period.most)
    text = pgettext_lazy("deadline", "Need to be met")
    return [Deadline.of(need, need.deadline, text) for need in needs]

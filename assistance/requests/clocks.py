"""What is owed about a request: UNOCT's service times, the State's objection, answers, choice and report after a year."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from assistance.requests.models import AssistanceRequest
from assistance.requests.rules import NOT_ASKED
from assistance.requests.states import AFTER_CIRCULATION, RequestStatus
from assistance.requests.transitions import NOT_REFUSED, OBJECTION
from assistance.requests.waiting import ACKNOWLEDGEMENT, AUTHENTICATION, CHOICE, NOTE_FOLLOWS, choice_by
from assistance.workflow.clocks import Clock, Rung
from assistance.workflow.engine import record, save
from entities.actors import UNOCT

# Events by which a request leaves the procedure before its circulation.
LEFT = ("request_refused", "request_returned", "request_objected", "request_referred", "request_withdrawn")


def no_objection(row: AssistanceRequest) -> None:
    """Record that the period for objections has ended without one: UNOCT can circulate the request."""
    row.cleared_at = timezone.now()
    save(row, ["cleared_at"])
    record("request_cleared", row, actor=None, before=row.status)


def return_without_note(row: AssistanceRequest) -> None:
    """Return a request whose note verbale has not followed in time."""
    before, reason = row.status, _("The note verbale has not followed within 10 working days.")
    row.status = row.recorded = RequestStatus.RETURNED
    with override(row.language):
        row.returned_parts, row.returned_reason = ["note_verbale"], str(reason)
    for name, value in NOT_REFUSED.items():
        setattr(row, name, value)
    save(row, ["status", "recorded", "returned_parts", "returned_reason", *NOT_REFUSED])
    record("request_returned", row, actor=None, before=before, reason=row.returned_reason)


REQUEST_CLOCKS = (
    Clock(
        kind="request_authenticate",
        label=_("Authentication of a request"),
        owed_by=lambda row: UNOCT,
        owed_to=lambda row: row.state_id,
        starts=("request_submitted",),
        answered_by=("request_authenticated", *LEFT),
        working_days=AUTHENTICATION,
        rungs=(Rung(0),),
        since=lambda row: row.submitted_at,
        running=Q(status=RequestStatus.SUBMITTED),
    ),
    Clock(
        kind="request_acknowledge",
        label=_("Acknowledgement of a request"),
        owed_by=lambda row: UNOCT,
        owed_to=lambda row: row.state_id,
        starts=("request_authenticated",),
        answered_by=("request_acknowledged", *LEFT),
        working_days=ACKNOWLEDGEMENT,
        rungs=(Rung(0),),
        since=lambda row: row.authenticated_at,
        running=Q(status=RequestStatus.AUTHENTICATED),
    ),
    Clock(
        kind="request_note",
        label=_("Note verbale that was to follow"),
        owed_by=lambda row: row.state_id if row.note_to_follow and not row.has_note else None,
        owed_to=lambda row: UNOCT,
        starts=("request_submitted",),
        answered_by=("request_note_attached", "request_authenticated", *LEFT),
        working_days=NOTE_FOLLOWS,
        rungs=(Rung(-3),),
        at_end=return_without_note,
        since=lambda row: row.submitted_at,
    ),
    Clock(
        kind="request_objection",
        label=_("Objection to the circulation of a request"),
        owed_by=lambda row: row.state_id,
        owed_to=lambda row: UNOCT,
        starts=("request_acknowledged",),
        answered_by=("request_cleared", "request_circulated", *LEFT),
        working_days=OBJECTION,
        rungs=(Rung(-2),),
        at_end=no_objection,
        skips_absence=False,  # the State was told the day
        may_be_waived=False,  # the State states that it has no objection
        since=lambda row: row.acknowledged_at,
        running=Q(status=RequestStatus.ACKNOWLEDGED, cleared_at=None),
    ),
    Clock(
        kind="request_question",
        label=_("Answer to a question about a request"),
        owed_by=lambda row: row.state_id,
        owed_to=lambda row: UNOCT,
        starts=("request_question_asked",),
        answered_by=("request_questions_answered", "request_closed", "request_lapsed", *LEFT),
        days=21,
        rungs=(Rung(9, from_start=True), Rung(21, from_start=True)),
    ),
    Clock(
        kind="request_choice",
        label=_("Choice among the offers for a request"),
        owed_by=lambda row: row.state_id,
        owed_to=lambda row: UNOCT,
        starts=("request_offers_received",),
        answered_by=(
            "request_provider_chosen",
            "request_provider_confirmed",
            "request_offers_gone",
            "request_closed",
            "request_lapsed",
            *LEFT,
        ),
        own_date=choice_by,
        rungs=(Rung(7 - CHOICE.days), Rung(21 - CHOICE.days), Rung(0, "request_choice_overdue")),
        running=Q(status=RequestStatus.OFFERS_IN),
    ),
    Clock(
        kind="request_year",
        label=_("Report on a request after a year"),
        owed_by=lambda row: row.state_id,
        owed_to=lambda row: UNOCT,
        starts=("request_submitted",),
        answered_by=("request_year_answered", *LEFT),
        months=12,
        rungs=(Rung(-14), Rung(0), Rung(30)),
        since=lambda row: row.submitted_at,
        running=Q(year_answer="", status__in=[*AFTER_CIRCULATION, RequestStatus.CLOSED])
        & ~Q(decided_outcome__in=NOT_ASKED),
    ),
)

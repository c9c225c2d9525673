"""Transitions of a request before its circulation, and how it ends by a decision."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import policy, row_security
from assistance.access.rules import is_released
from assistance.consents import transitions as consents
from assistance.needs import transitions as needs_transitions
from assistance.needs.models import Need
from assistance.needs.states import CloseReason, NeedStatus
from assistance.requests.letters import LABELS
from assistance.requests.models import AssistanceRequest
from assistance.requests.specificity import LINES, OTHERS, REQUIRED
from assistance.requests.states import RequestOutcome, RequestStatus, YearAnswer
from assistance.workflow.engine import TransitionContext, finish, require_text, transition
from entities import working_days
from entities.actors import Actor
from entities.local_days import day_of
from web.dates import in_words
from web.exceptions import Conflict, Invalid

OBJECTION = 5  # working days in which the State may object to the circulation, after the acknowledgement
RETURNABLE = tuple(dict.fromkeys([*(field for _label, _why, field in LINES.values()), *REQUIRED, *OTHERS]))
NOT_REFUSED: dict[str, Any] = {"refusal_proposed_by": None, "refusal_reason": ""}
# What a request that is submitted again loses of the procedure before.
AGAIN: dict[str, Any] = {
    "authenticated_at": None, "authenticated_by": None, "authenticated_how": "", "acknowledged_at": None,
    "cleared_at": None, "objection_until": None, "returned_parts": [], "returned_reason": "", **NOT_REFUSED,
}  # fmt: skip
NOT_PROPOSED: dict[str, Any] = {"proposed_at": None, "proposed_by": None, "proposed_as": None}


def reach(context: TransitionContext, step: RequestStatus, **values: Any) -> None:
    """Set the last recorded step of a request, and further fields."""
    context.set(recorded=step, status=step, **values)


# ── The State ────────────────────────────────────────────────────────────────
def attach_note(
    *, actor: Actor, assistance_request: object, note_verbale: UploadedFile, version: int | None = None
) -> AssistanceRequest:
    """Attach the note verbale to a draft, or to a submitted request that it was to follow. Returns the request.

    Raises NotVisible, Forbidden, Conflict, StaleSave, Invalid.
    """
    note = consents.cleaned(note_verbale)
    with transition(actor, AssistanceRequest, assistance_request, "attach-note", version=version) as context:
        context.set(note_verbale=consents.kept(note, context.row.state), note_to_follow=False)
    return context.row


def submit(*, actor: Actor, assistance_request: object, version: int | None = None) -> AssistanceRequest:
    """Submit a request; where the State requires two persons, propose that to a colleague. Returns the request."""
    with transition(actor, AssistanceRequest, assistance_request, "submit", version=version) as context:
        row, now = context.row, timezone.now()
        if consents.asks_for_two(row.state_id):
            context.event = "request_proposed"
            context.set(proposed_at=now, proposed_by=actor.user, proposed_as=context.appointment)
            if row.status == RequestStatus.DRAFT:  # UNOCT and CTED see no more of a returned one than that it is
                reach(context, RequestStatus.PROPOSED)
        else:
            _submitted(actor, context)
    return context.row


def confirm(*, actor: Actor, assistance_request: object, version: int | None = None) -> AssistanceRequest:
    """Submit a request that a colleague proposed, as the second person. Returns the request."""
    with transition(actor, AssistanceRequest, assistance_request, "confirm", version=version) as context:
        _submitted(actor, context)
    return context.row


def _submitted(actor: Actor, context: TransitionContext) -> None:
    reach(
        context, RequestStatus.SUBMITTED, submitted_at=timezone.now(), submitted_by=actor.user,
        submitted_as=context.appointment, **NOT_PROPOSED, **AGAIN,
    )  # fmt: skip


def take_back(
    *, actor: Actor, assistance_request: object, reason: str, version: int | None = None
) -> AssistanceRequest:
    """Return a proposed submission to its author, with a reason. Returns the request; raises Invalid without one."""
    require_text(reason=reason)
    with transition(actor, AssistanceRequest, assistance_request, "take-back", version=version) as context:
        reach(context, _before_submission(context.row), **NOT_PROPOSED)
        context.reason = reason
    return context.row


def _before_submission(row: AssistanceRequest) -> RequestStatus:
    """Return the step to which a request goes back: the draft, or that it was returned for clarification."""
    return RequestStatus.DRAFT if row.submitted_at is None else RequestStatus.RETURNED


def no_objection(*, actor: Actor, assistance_request: object, version: int | None = None) -> AssistanceRequest:
    """State that the State does not object to the circulation. Returns the request."""
    with transition(actor, AssistanceRequest, assistance_request, "no-objection", version=version) as context:
        context.set(cleared_at=timezone.now())
    return context.row


def object_to(
    *, actor: Actor, assistance_request: object, reason: str, version: int | None = None
) -> AssistanceRequest:
    """Object to the circulation, with a reason: the request returns to the State. Returns the request."""
    require_text(reason=reason)
    with transition(actor, AssistanceRequest, assistance_request, "object", version=version) as context:
        reach(context, RequestStatus.RETURNED)
        context.reason = reason
    return context.row


def report_after_year(
    *, actor: Actor, assistance_request: object, answer: str, note: str = "", version: int | None = None
) -> AssistanceRequest:
    """Answer, a year after the submission, whether the need has been met. Returns the request; raises Invalid."""
    if answer not in YearAnswer.values:
        raise Invalid({"answer": [_("Select one of the answers given.")]})
    with transition(actor, AssistanceRequest, assistance_request, "report-after-year", version=version) as context:
        context.set(year_answer=answer, year_answered_at=timezone.now())
        context.reason = note or str(YearAnswer(answer).label)
    return context.row


# ── UNOCT ────────────────────────────────────────────────────────────────────
def authenticate(
    *,
    actor: Actor,
    assistance_request: object,
    note_number: str = "",
    note_dated: date | None = None,
    how: str = "",
    version: int | None = None,
) -> AssistanceRequest:
    """Record that the request comes from the State: by number and date of its note verbale, or `how` it was confirmed.

    Number and date that are left out are those that the State has recorded. Returns the request; raises Invalid where
    neither is known, or for a note dated in the future.
    """
    if note_dated and note_dated > timezone.now().date():
        raise Invalid({"note_dated": [_("The date is in the future.")]})
    with transition(actor, AssistanceRequest, assistance_request, "authenticate", version=version) as context:
        row = context.row
        note = {"note_number": note_number or row.note_number, "note_dated": note_dated or row.note_dated}
        if not how and not all(note.values()):
            problem = _("Enter number and date of the note verbale, or how the Mission confirmed the request.")
            raise Invalid({"how": [problem]})
        reach(
            context, RequestStatus.AUTHENTICATED, authenticated_at=timezone.now(), authenticated_by=actor.user,
            authenticated_how=how, **(note if all(note.values()) else {}),
        )  # fmt: skip
        context.reason = how
    return context.row


def refuse(*, actor: Actor, assistance_request: object, reason: str, version: int | None = None) -> AssistanceRequest:
    """Propose to refuse a request that does not come from the State; a second coordinator decides. Returns it."""
    require_text(reason=reason)
    with transition(actor, AssistanceRequest, assistance_request, "refuse", version=version) as context:
        context.set(refusal_proposed_by=actor.user, refusal_reason=reason)
        context.reason = reason
    return context.row


def confirm_refusal(*, actor: Actor, assistance_request: object, version: int | None = None) -> AssistanceRequest:
    """Close a request as not authentic, as the second coordinator. Returns the request."""
    with transition(actor, AssistanceRequest, assistance_request, "confirm-refusal", version=version) as context:
        context.reason = context.row.refusal_reason
        context.set(**closed(RequestOutcome.NOT_AUTHENTIC))
    return context.row


def drop_refusal(*, actor: Actor, assistance_request: object, version: int | None = None) -> AssistanceRequest:
    """Let a request stand that somebody proposed to refuse. Returns the request."""
    with transition(actor, AssistanceRequest, assistance_request, "drop-refusal", version=version) as context:
        context.set(**NOT_REFUSED)
    return context.row


def acknowledge(*, actor: Actor, assistance_request: object, version: int | None = None) -> AssistanceRequest:
    """Acknowledge a request: from now on the State has five working days to object. Returns the request."""
    with transition(actor, AssistanceRequest, assistance_request, "acknowledge", version=version) as context:
        now = timezone.now()
        until = working_days.after(day_of(now, context.row.state), OBJECTION)
        reach(context, RequestStatus.ACKNOWLEDGED, acknowledged_at=now, objection_until=until)
    return context.row


def send_back(
    *, actor: Actor, assistance_request: object, parts: Sequence[str], reason: str, version: int | None = None
) -> AssistanceRequest:
    """Return a request for clarification, naming the parts to change. Returns the request; raises Invalid."""
    require_text(reason=reason)
    if not parts:
        raise Invalid({"parts": [_("Select at least one part that the State is asked to change.")]})
    if unknown := sorted(set(parts) - set(RETURNABLE)):
        raise Invalid({"parts": [_("Unknown values: %(names)s.") % {"names": ", ".join(unknown)}]})
    with transition(actor, AssistanceRequest, assistance_request, "send-back", version=version) as context:
        reach(
            context, RequestStatus.RETURNED, returned_parts=list(dict.fromkeys(parts)), returned_reason=reason,
            **NOT_REFUSED,
        )  # fmt: skip
        context.reason = reason
    return context.row


def record_letter(
    *, actor: Actor, assistance_request: object, letter: str, number: str, sent_on: date, version: int | None = None
) -> AssistanceRequest:
    """Record that a letter was sent, with its number and day. Returns the request; raises Invalid."""
    if letter not in LABELS:
        raise Invalid({"letter": [_("Select one of the letters given.")]})
    if sent_on > timezone.now().date():
        raise Invalid({"sent_on": [_("The date is in the future.")]})
    with transition(actor, AssistanceRequest, assistance_request, "record-letter", version=version) as context:
        context.reason = " · ".join(filter(None, (str(LABELS[letter]), number, in_words(sent_on))))
    return context.row


# ── How it ends by a decision ────────────────────────────────────────────────
def refer(
    *, actor: Actor, assistance_request: object, body: str, agreed_how: str, version: int | None = None
) -> AssistanceRequest:
    """Refer a request to another body, as agreed with the State. Returns the request; raises Invalid."""
    missing = {name: text for name, text in {"body": body, "agreed_how": agreed_how}.items() if not text.strip()}
    if missing:
        raise Invalid({name: [_("This field is required.")] for name in missing})
    with transaction.atomic():
        needs = locked_needs(actor, assistance_request)
        with transition(actor, AssistanceRequest, assistance_request, "refer", version=version) as context:
            check_needs(context.row, needs)
            context.set(referred_to=body, referred_how=agreed_how, **closed(RequestOutcome.REFERRED))
            _decided(context.row)
            for need in _open(needs):
                own = TransitionContext(need, actor, context.appointment, "need_closed", need.status)
                needs_transitions.end(own, CloseReason.NO_LONGER_NEEDED, _("Referred to %(body)s.") % {"body": body})
                finish(own)
            context.reason = body
    return context.row


def withdraw(*, actor: Actor, assistance_request: object, reason: str, version: int | None = None) -> AssistanceRequest:
    """Withdraw a request: consent ends, open matches lapse, needs are closed. Returns the request; raises Invalid."""
    require_text(reason=reason)
    with transaction.atomic():
        needs = locked_needs(actor, assistance_request)
        with transition(actor, AssistanceRequest, assistance_request, "withdraw", version=version) as context:
            check_needs(context.row, needs)
            context.set(**closed(RequestOutcome.WITHDRAWN))
            _decided(context.row)
            if released := [need for need in needs if is_released(need)]:
                consents.withdraw(actor=actor, rows=released, reason=reason)
            for need in _open(needs):
                needs_transitions.close(actor=actor, need=need.pk, reason=CloseReason.WITHDRAWN_BY_STATE, note=reason)
            context.reason = reason
    return context.row


def closed(outcome: RequestOutcome) -> dict[str, Any]:
    """Return the values of a request that a decision closes with this outcome."""
    return {
        "decided_outcome": outcome, "outcome": outcome, "status": RequestStatus.CLOSED, "closed_at": timezone.now(),
        **NOT_PROPOSED, "refusal_proposed_by": None, "choice_proposed_by": None, "choice_proposed_at": None,
    }  # fmt: skip


def _decided(row: AssistanceRequest) -> None:
    """Save how a request is closed before its needs are, from which its status would else be computed."""
    AssistanceRequest.objects.filter(pk=row.pk).update(decided_outcome=row.decided_outcome)


def locked_needs(actor: Actor, assistance_request: object) -> list[Need]:
    """Return the needs of a request, locked before it: the order in which matches lock them too.

    Raises NotVisible for a request that the actor does not see.
    """
    row = policy.get(actor, AssistanceRequest, assistance_request)
    with row_security.bypass():
        return list(row.needs.order_by("pk").select_for_update(of=("self",)))


def check_needs(row: AssistanceRequest, needs: Sequence[Need]) -> None:
    """Raise Conflict when needs were made of a request between its needs were locked and the request itself."""
    if {need.pk for need in needs} != set(row.needs.values_list("pk", flat=True)):
        raise Conflict(_("Somebody else has just acted on this request. Open it again."))


def _open(needs: Sequence[Need]) -> list[Need]:
    """Return the needs that are neither met nor closed."""
    return [need for need in needs if need.status not in (NeedStatus.MET, NeedStatus.CLOSED)]

"""Transitions of a confirmed match: reported, delivered, ended without delivery, disputed, and the State's feedback."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.delivery import reports
from assistance.delivery.models import Feedback
from assistance.delivery.states import FIGURES
from assistance.needs.models import Match
from assistance.needs.rules import reasons_for
from assistance.needs.states import AnswerReason, MatchOutcome, MatchStatus
from assistance.workflow.engine import TransitionContext, record, require_text, transition
from entities.actors import Actor
from web.exceptions import Invalid
from web.texts import REMARK_MAX

REPORTED = (*FIGURES, "documents")  # any of these makes a final report of what is sent with a delivery


# ── Reports ──────────────────────────────────────────────────────────────────
def report(*, actor: Actor, match: object, version: int | None = None, **values: Any) -> Match:
    """Report what was done in a period; a first report also starts the delivery. `values` are `reports.FIELDS`.

    Large numbers need `confirm_large`. Returns the match; raises Invalid for a future period or impossible numbers.
    """
    with transition(actor, Match, match, "report", version=version) as context:
        final = reports.add(actor, context.appointment, context.row, values)
        if final.is_final:
            reports.check_final(context.row, final)
        if context.before == MatchStatus.ACCEPTED:
            _start(context)
    return context.row


def _start(context: TransitionContext) -> None:
    """Start the delivery with the report of the same transition, which alone is told to others."""
    context.set(status=MatchStatus.IN_DELIVERY)
    record(
        "match_started", context.row, actor=context.actor, appointment=context.appointment, before=context.before,
        tell=False,
    )  # fmt: skip


def deliver(*, actor: Actor, match: object, note: str = "", version: int | None = None, **values: Any) -> Match:
    """Report delivery: the provider's claim, which alone does not make the need met.

    It needs a final report: the one that was sent before, or else `values` and the note. Returns the match; raises Invalid
    without a number and a document, or without a document for a need of high priority.
    """
    with transition(actor, Match, match, "deliver", version=version) as context:
        final = reports.final_report(context.row)
        if final is None or any(values.get(name) for name in REPORTED):
            if not note.strip():
                raise Invalid({"note": [_("Enter what was delivered.")]})
            sent = {**values, "what": note, "is_final": True}
            final = reports.add(actor, context.appointment, context.row, sent)
        reports.check_final(context.row, final)
        context.set(status=MatchStatus.DELIVERED, delivered_note=note or final.what)
        context.reason = note or final.what
    return context.row


# ── The end without delivery ─────────────────────────────────────────────────
def could_not_help(
    *, actor: Actor, match: object, reason: str, reason_code: str = AnswerReason.OTHER, version: int | None = None
) -> Match:
    """End a confirmed match that its provider cannot carry out; its share becomes open again. Returns the match.

    Raises Invalid without a reason, or for a type that is not of providers.
    """
    return _end(actor, match, "could-not-help", MatchOutcome.COULD_NOT_HELP, reason, reason_code, version)


def not_reachable(
    *, actor: Actor, match: object, reason: str, reason_code: str = AnswerReason.OTHER, version: int | None = None
) -> Match:
    """End a confirmed match whose State does not answer the provider. Returns the match.

    Raises Conflict without two contacts that are 9 days apart, Invalid as `could_not_help`.
    """
    return _end(actor, match, "not-reachable", MatchOutcome.NOT_REACHABLE, reason, reason_code, version)


def _end(
    actor: Actor, match: object, name: str, outcome: str, reason: str, reason_code: str, version: int | None
) -> Match:
    require_text(reason=reason)
    with transition(actor, Match, match, name, version=version) as context:
        if reason_code not in reasons_for(context.row, name):
            raise Invalid({"reason_code": [_("Select one of the reasons given.")]})
        context.set(
            status=MatchStatus.ENDED, ended_outcome=outcome, ended_at=timezone.now(), end_settled_at=None,
            answer_reason=reason, answer_reason_code=reason_code,
        )  # fmt: skip
        context.reason = reason
    return context.row


def confirm_end(*, actor: Actor, match: object, note: str = "", version: int | None = None) -> Match:
    """Confirm, for the State, that a match has ended as its provider reported. Returns the match."""
    with transition(actor, Match, match, "confirm-end", version=version) as context:
        context.set(end_settled_at=timezone.now())
        context.reason = note
    return context.row


def dispute(*, actor: Actor, match: object, reason: str, version: int | None = None) -> Match:
    """Dispute the end of a match, for the State: it is accepted again, if its share is still open. Returns the match.

    Raises Invalid without a reason, Conflict when the share has been taken or the end is final.
    """
    require_text(reason=reason)
    with transition(actor, Match, match, "dispute", version=version) as context:
        context.set(
            status=MatchStatus.ACCEPTED, ended_outcome="", ended_at=None, end_settled_at=None, answer_reason="",
            answer_reason_code="",
        )  # fmt: skip
        context.reason = reason
    return context.row


# ── Feedback ─────────────────────────────────────────────────────────────────
def feedback(
    *,
    actor: Actor,
    match: object,
    useful: int,
    on_time: bool,
    would_ask_again: bool,
    words: str = "",
    version: int | None = None,
) -> Match:
    """Give the State's feedback on assistance, once; within 30 days it replaces what was said before.

    Returns the match; raises Forbidden for a person who also acts for the provider, Invalid for a number beyond 1 to 5.
    """
    if not 1 <= useful <= 5:
        raise Invalid({"useful": [_("Select a number from 1 to 5.")]})
    if len(words) > REMARK_MAX:
        raise Invalid({"words": [_("The text is too long.")]})
    said = {"useful": useful, "on_time": on_time, "would_ask_again": would_ask_again, "words": words}
    with transition(actor, Match, match, "feedback", version=version) as context:
        by = {"by": actor.user, "organisation": context.appointment.organisation}
        Feedback.objects.update_or_create(
            match=context.row,
            defaults={**said, **by, "changed_at": timezone.now()},
            create_defaults={**said, **by},
        )
    return context.row

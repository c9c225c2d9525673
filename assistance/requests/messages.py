"""Messages about requests: event names, and who is notified."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.requests.rules import awaits_feedback
from assistance.workflow.notifications import (
    AUDIENCE_REASON,
    PARTY_REASON,
    STATE_REASON,
    Rule,
    cted,
    everyone,
    state,
    unoct,
)

COORDINATOR_REASON = _("You receive this because UNOCT processes the requests of States.")

# Requests to act that stop mattering when a request moves on.
BEFORE_CIRCULATION = (
    "request_proposed", "request_submitted", "request_refusal_proposed", "request_acknowledged", "request_cleared",
    "request_returned",
)  # fmt: skip
CORRECTIONS = {"corrections": ("request_correction_proposed",)}  # which nobody has to answer any more
ALL = (*BEFORE_CIRCULATION, "request_question_asked", "request_choice_proposed", "request_choice_overdue")


def asked_for_feedback(row: Any) -> set[object]:
    """Return the State of a closed request, as the party asked, while it has to give feedback on what it was given."""
    return state(row) if awaits_feedback(row) else set()


EVENTS: Mapping[str, str | Promise] = {
    "request_recorded": _("Request recorded"),
    "request_edited": _("Request edited"),
    "request_corrected": _("Request corrected as CTED proposed"),
    "request_note_attached": _("Note verbale attached"),
    "request_proposed": _("Submission proposed to a colleague"),
    "request_taken_back": _("Request returned to draft"),
    "request_submitted": pgettext_lazy("event", "Request submitted"),
    "request_authenticated": _("Request authenticated"),
    "request_refusal_proposed": _("Refusal proposed"),
    "request_refused": _("Request refused as not authentic"),
    "request_refusal_dropped": _("Proposal to refuse dropped"),
    "request_acknowledged": _("Request acknowledged"),
    "request_cleared": _("No objection to the circulation"),
    "request_objected": _("Objection to the circulation"),
    "request_returned": _("Request returned for clarification"),
    "request_circulated": _("Request circulated"),
    "request_question_asked": _("Question asked"),
    "request_question_answered": _("Question answered"),
    "request_choice_proposed": _("Choice proposed to a colleague"),
    "request_choice_dropped": _("Choice dropped"),
    "request_provider_chosen": _("Providers chosen"),
    "request_referred": _("Request referred to another body"),
    "request_withdrawn": _("Request withdrawn"),
    "request_closed": _("Request closed"),
    "request_lapsed": _("Request lapsed without a provider"),
    "request_year_answered": _("Answered after a year"),
    "request_letter_sent": _("Letter sent"),
    "request_offers_received": pgettext_lazy("event", "Offers received"),
    "request_offers_gone": _("No offer left"),
    "request_provider_confirmed": _("Provider confirmed for the request"),
    "request_questions_answered": _("Last open question answered"),
    "request_choice_overdue": _("Choice among the offers overdue"),
}
MESSAGES: Mapping[str, Rule] = {
    "request_proposed": Rule(
        Message("request_proposed", _("%(reference)s: request awaiting your confirmation"), STATE_REASON), asks=state
    ),
    "request_taken_back": Rule(
        Message("request_taken_back", _("%(reference)s: request returned to draft"), STATE_REASON),
        tells=(state,),
        settles=("request_proposed",),
    ),
    "request_submitted": Rule(
        Message("request_submitted", _("%(reference)s: request submitted"), PARTY_REASON),
        asks=unoct,
        tells=(cted, state),
        settles=("request_proposed", "request_returned"),
    ),
    "request_authenticated": Rule(
        Message("request_authenticated", _("%(reference)s: request authenticated"), PARTY_REASON),
        tells=(state, cted),
        settles=("request_submitted",),
    ),
    "request_refusal_proposed": Rule(
        Message(
            "request_refusal_proposed", _("%(reference)s: refusal of a request to be confirmed"), COORDINATOR_REASON
        ),
        asks=unoct,
    ),
    "request_refused": Rule(
        Message("request_refused", _("%(reference)s: request refused as not authentic"), PARTY_REASON),
        tells=(state, unoct),
        settles=BEFORE_CIRCULATION,
        settles_on=CORRECTIONS,
    ),
    "request_refusal_dropped": Rule(
        Message("request_refusal_dropped", _("%(reference)s: request is not refused"), COORDINATOR_REASON),
        tells=(unoct,),
        settles=("request_refusal_proposed",),
    ),
    "request_acknowledged": Rule(
        Message("request_acknowledged", _("%(reference)s: you may object to the circulation"), STATE_REASON),
        asks=state,
        tells=(cted,),
        settles=("request_submitted",),
    ),
    "request_cleared": Rule(
        Message("request_cleared", _("%(reference)s: request can be circulated"), COORDINATOR_REASON),
        asks=unoct,
        settles=("request_acknowledged",),
    ),
    "request_objected": Rule(
        Message("request_objected", _("%(reference)s: State objects to the circulation"), PARTY_REASON),
        tells=(unoct, cted),
        settles=("request_acknowledged",),
    ),
    "request_returned": Rule(
        Message("request_returned", _("%(reference)s: request returned for clarification"), STATE_REASON),
        asks=state,
        tells=(cted,),
        settles=("request_submitted", "request_acknowledged", "request_cleared", "request_refusal_proposed"),
    ),
    "request_circulated": Rule(
        Message("request_circulated", _("%(reference)s: request of a State for assistance"), AUDIENCE_REASON),
        tells=(everyone,),
        settles=BEFORE_CIRCULATION,
        settles_on=CORRECTIONS,
    ),
    "request_question_asked": Rule(
        Message("request_question_asked", _("%(reference)s: question about your request"), STATE_REASON), asks=state
    ),
    "request_question_answered": Rule(
        Message("request_question_answered", _("%(reference)s: question about a request answered"), AUDIENCE_REASON),
        tells=(everyone,),
    ),
    "request_questions_answered": Rule(
        Message("request_questions_answered", _("%(reference)s: question about a request answered"), AUDIENCE_REASON),
        tells=(everyone,),
        settles=("request_question_asked",),
    ),
    "request_choice_overdue": Rule(
        Message("request_choice_overdue", _("%(reference)s: State has not chosen an offer"), COORDINATOR_REASON),
        asks=unoct,
        tells=(state,),
    ),
    "request_choice_proposed": Rule(
        Message("request_choice_proposed", _("%(reference)s: choice of providers awaiting confirmation"), STATE_REASON),
        asks=state,
    ),
    "request_choice_dropped": Rule(
        Message("request_choice_dropped", _("%(reference)s: choice of providers dropped"), STATE_REASON),
        tells=(state,),
        settles=("request_choice_proposed",),
    ),
    "request_referred": Rule(
        Message("request_referred", _("%(reference)s: request referred to another body"), PARTY_REASON),
        tells=(everyone,),
        settles=ALL,
        settles_on=CORRECTIONS,
    ),
    "request_withdrawn": Rule(
        Message("request_withdrawn", _("%(reference)s: request withdrawn by the State"), PARTY_REASON),
        tells=(state, unoct, cted),
        settles=ALL,
        settles_on=CORRECTIONS,
    ),
    "request_closed": Rule(
        Message("request_closed", _("%(reference)s: request closed"), PARTY_REASON),
        asks=asked_for_feedback,
        tells=(state, unoct, cted),
        settles=ALL,
        settles_on=CORRECTIONS,
    ),
    "request_lapsed": Rule(
        Message("request_lapsed", _("%(reference)s: request lapsed without a provider"), PARTY_REASON),
        tells=(state, unoct, cted),
        settles=ALL,
    ),
    "request_year_answered": Rule(
        Message("request_year_answered", _("%(reference)s: State reports after a year"), PARTY_REASON),
        tells=(unoct, cted),
    ),
}

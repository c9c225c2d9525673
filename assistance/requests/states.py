"""The statuses of requests, the rule that computes them, and the transitions: data only."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.needs.states import CONFIRMED_MATCH, MatchStatus, NeedStatus
from assistance.workflow.transition import Transition, table


class RequestStatus(TextChoices):
    """The status of a request. From its circulation on it is computed by `request_status`, never typed."""

    DRAFT = "draft", pgettext_lazy("request status", "Draft")
    PROPOSED = "proposed", pgettext_lazy("request status", "Awaiting confirmation by a colleague")
    SUBMITTED = "submitted", pgettext_lazy("request status", "Submitted")
    AUTHENTICATED = "authenticated", pgettext_lazy("request status", "Authenticated")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("request status", "Acknowledged")
    RETURNED = "returned", pgettext_lazy("request status", "Returned for clarification")
    CIRCULATED = "circulated", pgettext_lazy("request status", "Circulated")
    OFFERS_IN = "offers_in", pgettext_lazy("request status", "Offers received")
    PROVIDER_CHOSEN = "provider_chosen", pgettext_lazy("request status", "Provider chosen")
    IN_IMPLEMENTATION = "in_implementation", pgettext_lazy("request status", "In progress")
    CLOSED = "closed", pgettext_lazy("request status", "Closed")


class RequestOutcome(TextChoices):
    """How a request was closed."""

    MET = "met", pgettext_lazy("request outcome", "Met")
    PARTLY = "partly_met", pgettext_lazy("request outcome", "Partly met")
    NOT_MET = "not_met", pgettext_lazy("request outcome", "Not met")
    LAPSED = "lapsed", pgettext_lazy("request outcome", "Lapsed (no provider)")
    WITHDRAWN = "withdrawn", pgettext_lazy("request outcome", "Withdrawn by the State")
    NOT_AUTHENTIC = "not_authentic", pgettext_lazy("request outcome", "Not authenticated")
    REFERRED = "referred", pgettext_lazy("request outcome", "Referred to another body")


class Unit(TextChoices):
    """What the quantity of a request counts."""

    PEOPLE = "people", pgettext_lazy("unit", "people")
    EXPERT_DAYS = "expert_days", pgettext_lazy("unit", "expert days")
    SITES = "sites", pgettext_lazy("unit", "sites")
    LAWS = "laws", pgettext_lazy("unit", "laws")
    SYSTEMS = "systems", pgettext_lazy("unit", "systems")
    UNITS = "units", pgettext_lazy("unit", "units")


class AskedOutcome(TextChoices):
    """What came of the same request made elsewhere."""

    PENDING = "pending", pgettext_lazy("answer to a request", "No answer yet")
    DECLINED = "declined", pgettext_lazy("answer to a request", "Declined")
    HELPING = "helping", pgettext_lazy("answer to a request", "Provides assistance")
    NONE = "none", pgettext_lazy("answer to a request", "No assistance resulted")


class YearAnswer(TextChoices):
    """The State's answer, a year after it asked, to whether the need has been met."""

    YES = "yes", pgettext_lazy("choice", "Yes")
    PARTLY = "partly", pgettext_lazy("choice", "Partly")
    NO = "no", pgettext_lazy("choice", "No")


class RequestCorrectionStatus(TextChoices):
    """The status of a correction that CTED proposes of a request."""

    PROPOSED = "proposed", pgettext_lazy("correction status", "Awaiting the State")
    ACCEPTED = "accepted", _("Accepted by the State")
    REFUSED = "refused", pgettext_lazy("correction status", "Not accepted")


class RequestCorrectedField(TextChoices):
    """The fields of a request that CTED can propose to correct. To whom it goes, and by which note, the State says."""

    TITLE = "title", pgettext_lazy("label", "Title")
    DESCRIPTION = "description", _("Description of the request")
    DELIVERABLE = "deliverable", _("What will exist afterwards")
    BENEFICIARY = "beneficiary", _("Beneficiary institution")
    PROVISION = "provision", pgettext_lazy("label", "Provision")
    QUANTITY = "quantity", pgettext_lazy("label", "Quantity")
    WANTED_BY = "wanted_by", _("Required by")
    BASELINE = "baseline", pgettext_lazy("label", "Baseline")
    TARGET = "target", pgettext_lazy("label", "Target")
    CONDITIONS = "conditions", pgettext_lazy("label", "Conditions")


EDITABLE = (RequestStatus.DRAFT, RequestStatus.RETURNED)
WITH_UNOCT = (RequestStatus.SUBMITTED, RequestStatus.AUTHENTICATED, RequestStatus.ACKNOWLEDGED)
# While CTED has read a request and needs have not been made of it: then corrections change its text.
CORRECTABLE = (*WITH_UNOCT, RequestStatus.RETURNED)
ONLY_STATE = (RequestStatus.DRAFT, RequestStatus.PROPOSED)
# What is between the people of the State alone: that it requires two persons, and what they write to each other.
STATE_EVENTS = (
    "request_recorded", "request_edited", "request_proposed", "request_taken_back", "request_choice_proposed",
    "request_choice_dropped",
)  # fmt: skip
# What leaves version and date of a request as they are: its other readers may not notice.
QUIET_EVENTS = ("request_choice_proposed", "request_choice_dropped")
OPEN_TO_PROVIDERS = (RequestStatus.CIRCULATED, RequestStatus.OFFERS_IN)
AFTER_CIRCULATION = (*OPEN_TO_PROVIDERS, RequestStatus.PROVIDER_CHOSEN, RequestStatus.IN_IMPLEMENTATION)
BEFORE_CLOSURE = tuple(status for status in RequestStatus if status != RequestStatus.CLOSED)

# The main path, as the stepper on the page shows it, without exits.
PATH = (
    RequestStatus.DRAFT,
    RequestStatus.SUBMITTED,
    RequestStatus.AUTHENTICATED,
    RequestStatus.ACKNOWLEDGED,
    RequestStatus.CIRCULATED,
    RequestStatus.OFFERS_IN,
    RequestStatus.PROVIDER_CHOSEN,
    RequestStatus.IN_IMPLEMENTATION,
    RequestStatus.CLOSED,
)


REQUEST = table(
    Transition(
        "attach-note", pgettext_lazy("button", "Attach note verbale"),
        _("Your State, UNOCT and CTED can open the file."),
        (RequestStatus.DRAFT, RequestStatus.RETURNED, *WITH_UNOCT), "state", "request_note_attached",
        ("note_may_be_attached",),
    ),
    Transition(
        "submit", pgettext_lazy("button", "Submit request"),
        _("UNOCT and CTED can read the request and its documents, and UNOCT checks that it comes from your State."),
        EDITABLE, "state", "request_submitted", ("is_complete", "days_stand", "no_submission_proposed"), tone="primary",
        needs_proof=True, is_task=True,
    ),
    Transition(
        "confirm", pgettext_lazy("button", "Confirm and submit"),
        _("You are the second person. The request is submitted immediately."),
        (RequestStatus.PROPOSED, RequestStatus.RETURNED), "colleague", "request_submitted",
        ("submission_proposed", "proposal_stands", "days_stand"), tone="primary", needs_proof=True, is_task=True,
        answers=True,
    ),
    Transition(
        "take-back", pgettext_lazy("button", "Return to draft"),
        _("The request is not submitted. Your colleagues see your reason."),
        (RequestStatus.PROPOSED, RequestStatus.RETURNED), "state", "request_taken_back", ("submission_proposed",),
    ),
    Transition(
        "authenticate", pgettext_lazy("button", "Authenticate"),
        _("You confirm that the request comes from the State. The State and CTED will be notified."),
        (RequestStatus.SUBMITTED,), "coordinator", "request_authenticated", ("no_refusal_proposed",), tone="primary",
        is_task=True,
    ),
    Transition(
        "refuse", pgettext_lazy("button", "Propose to refuse"),
        _("A second coordinator has to confirm that the request does not come from the State."),
        (RequestStatus.SUBMITTED,), "coordinator", "request_refusal_proposed", ("no_refusal_proposed",), tone="danger",
    ),
    Transition(
        "confirm-refusal", pgettext_lazy("button", "Confirm refusal"),
        _("The request is closed as not authenticated. The State will be notified of the reason."),
        (RequestStatus.SUBMITTED,), "other_coordinator", "request_refused", ("refusal_proposed",), tone="danger",
        is_task=True, answers=True,
    ),
    Transition(
        "drop-refusal", pgettext_lazy("button", "Do not refuse"), _("The request stays open and can be authenticated."),
        (RequestStatus.SUBMITTED,), "coordinator", "request_refusal_dropped", ("refusal_proposed",),
    ),
    Transition(
        "acknowledge", pgettext_lazy("button", "Acknowledge"),
        _("The State has five working days to object to the circulation."),
        (RequestStatus.AUTHENTICATED,), "coordinator", "request_acknowledged", tone="primary", is_task=True,
    ),
    Transition(
        "no-objection", pgettext_lazy("button", "State no objection"),
        _("UNOCT can circulate the request at once to the recipients that you have allowed."),
        (RequestStatus.ACKNOWLEDGED,), "state", "request_cleared", ("may_still_object",), tone="primary",
        is_task=True, answers=True,
    ),
    Transition(
        "object", pgettext_lazy("button", "Object"),
        _("The request is not circulated. It returns to you so that you can change it."),
        (RequestStatus.ACKNOWLEDGED,), "state", "request_objected", ("may_still_object",), tone="danger",
        answers=True,
    ),
    Transition(
        "send-back", pgettext_lazy("button", "Return for clarification"),
        _("The State is asked to change the parts that you name, and to submit the request again."),
        WITH_UNOCT, "coordinator", "request_returned",
    ),
    Transition(
        "circulate", pgettext_lazy("button", "Circulate"),
        _("The recipients can read the request and its documents, and offer assistance. The State’s consent takes effect."),
        (RequestStatus.ACKNOWLEDGED,), "coordinator", "request_circulated", ("objection_settled",), tone="primary",
        is_task=True,
    ),
    Transition(
        "ask", pgettext_lazy("button", "Ask a question"),
        _("The State’s answer reaches everybody who can read the request. Other providers do not see who asked."),
        AFTER_CIRCULATION, "provider_reading", "request_question_asked",
    ),
    Transition(
        "answer", pgettext_lazy("button", "Answer a question"),
        _("Everybody who can read the request sees your answer."),
        AFTER_CIRCULATION, "state", "request_question_answered", ("has_open_question",), is_task=True, answers=True,
    ),
    Transition(
        "choose", pgettext_lazy("button", "Choose providers"),
        _("The offers that you choose are accepted together. The providers, UNOCT and CTED will be notified."),
        (RequestStatus.OFFERS_IN, RequestStatus.PROVIDER_CHOSEN, RequestStatus.IN_IMPLEMENTATION), "state",
        "request_provider_chosen", ("has_proposals", "no_choice_proposed"), tone="primary", is_task=True, answers=True,
    ),
    Transition(
        "confirm-choice", pgettext_lazy("button", "Confirm the choice"),
        _("You are the second person. The offers chosen are accepted immediately."),
        (RequestStatus.OFFERS_IN, RequestStatus.PROVIDER_CHOSEN, RequestStatus.IN_IMPLEMENTATION), "colleague_choosing",
        "request_provider_chosen", ("choice_proposed", "choice_stands"), tone="primary", is_task=True, answers=True,
    ),
    Transition(
        "drop-choice", pgettext_lazy("button", "Drop the choice"), _("No offer is accepted. You can choose again."),
        AFTER_CIRCULATION, "state", "request_choice_dropped", ("choice_proposed",),
    ),
    Transition(
        "refer", pgettext_lazy("button", "Refer to another body"),
        _("The request is closed here. The State will see to which body it was referred."),
        (*WITH_UNOCT, RequestStatus.RETURNED, RequestStatus.CIRCULATED), "coordinator", "request_referred",
    ),
    Transition(
        "record-letter", pgettext_lazy("button", "Record a letter as sent"),
        _("The State, UNOCT and CTED see in the history which letter was sent, and when."),
        tuple(status for status in RequestStatus if status not in ONLY_STATE), "coordinator", "request_letter_sent",
    ),
    Transition(
        "report-after-year", pgettext_lazy("button", "Report after a year"),
        _("UNOCT and CTED see whether your need has been met."),
        (*AFTER_CIRCULATION, RequestStatus.CLOSED), "state", "request_year_answered", ("year_has_passed",), is_task=True,
        answers=True,
    ),
    Transition(
        "withdraw", pgettext_lazy("button", "Withdraw request"),
        _("Only your State, UNOCT and CTED can then read it. Proposals that you have not accepted end."),
        BEFORE_CLOSURE, "state", "request_withdrawn", tone="danger", needs_proof=True,
    ),
)  # fmt: skip


REQUEST_CORRECTION = table(
    Transition(
        "accept", pgettext_lazy("button", "Accept correction"),
        _("The request is changed as proposed. UNOCT and whoever proposed it are told."),
        (RequestCorrectionStatus.PROPOSED,), "owner", "request_correction_accepted",
        ("may_be_written", "field_is_unchanged"), tone="primary", is_task=True, answers=True,
    ),
    Transition(
        "refuse", pgettext_lazy("button", "Refuse correction"),
        _("The request stays as it is. UNOCT and whoever proposed the correction read your reason."),
        (RequestCorrectionStatus.PROPOSED,), "owner", "request_correction_refused", tone="danger", is_task=True,
        answers=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class RequestFacts:
    """The facts that determine a request's status.

    `recorded` is the last step that somebody took, up to the circulation; `outcome` how it was closed by a decision.
    `needs` are (status, share verified in per cent) of its needs, `matches` the statuses of all their matches.
    """

    recorded: str
    outcome: str = ""
    needs: tuple[tuple[str, int], ...] = ()
    matches: tuple[str, ...] = ()


def request_status(facts: RequestFacts) -> tuple[RequestStatus, str]:
    """Return the status computed from the facts, and the outcome of a closed request (empty for others).

    A request that lapsed without a provider goes on when one is found after all.
    """
    running = {status for status in facts.matches if status in CONFIRMED_MATCH}
    proposed = MatchStatus.PROPOSED in facts.matches
    settled = bool(facts.needs) and all(status in SETTLED for status, _share in facts.needs)
    moves_on = running or proposed or settled
    if facts.outcome and not (facts.outcome == RequestOutcome.LAPSED and moves_on):
        return RequestStatus.CLOSED, facts.outcome
    if facts.recorded != RequestStatus.CIRCULATED:
        return RequestStatus(facts.recorded), ""
    if settled:
        return RequestStatus.CLOSED, outcome_of(facts.needs)
    if running & {MatchStatus.IN_DELIVERY, MatchStatus.DELIVERED}:
        return RequestStatus.IN_IMPLEMENTATION, ""
    if running:
        return RequestStatus.PROVIDER_CHOSEN, ""
    return (RequestStatus.OFFERS_IN if proposed else RequestStatus.CIRCULATED), ""


SETTLED = (NeedStatus.MET, NeedStatus.PARTLY_MET, NeedStatus.NOT_MET, NeedStatus.CLOSED)


def outcome_of(needs: tuple[tuple[str, int], ...]) -> RequestOutcome:
    """Return the outcome of a request all of whose needs are verified or closed: met when each of them is met."""
    if all(status == NeedStatus.MET for status, _share in needs):
        return RequestOutcome.MET
    return RequestOutcome.PARTLY if any(share > 0 for _status, share in needs) else RequestOutcome.NOT_MET


# Tone and icon of each status; shown with its label, never alone.
REQUEST_STYLES: Mapping[str, tuple[str, str]] = {
    "draft": ("neutral", "pencil"),
    "proposed": ("warning", "hourglass"),
    "submitted": ("info", "send"),
    "authenticated": ("info", "check"),
    "acknowledged": ("info", "check-circle"),
    "returned": ("warning", "arrow-back"),
    "circulated": ("accent", "share"),
    "offers_in": ("warning", "hourglass"),
    "provider_chosen": ("accent", "link"),
    "in_implementation": ("accent", "truck"),
    "closed": ("neutral", "lock"),
}
REQUEST_CORRECTION_STYLES: Mapping[str, tuple[str, str]] = {
    "proposed": ("warning", "hourglass"),
    "accepted": ("success", "check"),
    "refused": ("neutral", "x-circle"),
}

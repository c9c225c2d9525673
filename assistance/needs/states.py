"""The statuses of needs and matches, the rule that computes a need's status, and the transitions: data only."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table


class NeedStatus(TextChoices):
    """The status of a need. Computed from facts by `need_status`, never typed."""

    DRAFT = "draft", pgettext_lazy("need status", "Draft")
    PUT_TO_STATE = "put_to_state", pgettext_lazy("need status", "Awaiting State agreement")
    AGREED = "agreed", pgettext_lazy("need status", "Agreed with the State")
    SHARED = "shared", pgettext_lazy("need status", "Shared")
    UNDER_CONSIDERATION = "under_consideration", pgettext_lazy("need status", "Under consideration")
    MATCHED_IN_PART = "matched_in_part", pgettext_lazy("need status", "Partly matched")
    MATCHED = "matched", pgettext_lazy("need status", "Matched")
    IN_DELIVERY = "in_delivery", pgettext_lazy("need status", "In progress")
    DELIVERED = "delivered", pgettext_lazy("need status", "Awaiting verification")
    MET = "met", pgettext_lazy("need status", "Met")
    PARTLY_MET = "partly_met", pgettext_lazy("need status", "Partly met")
    NOT_MET = "not_met", pgettext_lazy("need status", "Not met")
    CLOSED = "closed", pgettext_lazy("need status", "Closed")


class MatchStatus(TextChoices):
    """The status of a match of one need and one provider."""

    SUGGESTED = "suggested", pgettext_lazy("match status", "Suggested to provider")
    PROPOSED = "proposed", pgettext_lazy("match status", "Proposed to the State")
    ACCEPTED = "accepted", pgettext_lazy("match status", "Accepted")
    IN_DELIVERY = "in_delivery", pgettext_lazy("match status", "In progress")
    DELIVERED = "delivered", pgettext_lazy("match status", "Delivered")
    DECLINED = "declined", pgettext_lazy("match status", "Declined")
    RETRACTED = "retracted", pgettext_lazy("match status", "Withdrawn")
    LAPSED = "lapsed", pgettext_lazy("match status", "Lapsed (no response)")
    ENDED = "ended", pgettext_lazy("match status", "Ended without delivery")


class MatchOutcome(TextChoices):
    """What came of a match: ended by the provider, or, computed from its delivery, helped."""

    HELPED = "helped", pgettext_lazy("match outcome", "Helped")
    COULD_NOT_HELP = "could_not_help", pgettext_lazy("match outcome", "Could not help")
    NOT_REACHABLE = "not_reachable", pgettext_lazy("match outcome", "State not reachable")


class AnswerReason(TextChoices):
    """Why a proposal is declined or withdrawn; the reason in words is stored beside it."""

    NO_CAPACITY = "no_capacity", _("No capacity")
    NO_MONEY = "no_money", _("No funds")
    OUT_OF_MANDATE = "out_of_mandate", _("Outside the mandate")
    LANGUAGE = "language", _("Language not available")
    TIMING = "timing", _("Timing does not suit")
    SECURITY = "security", _("Security conditions")
    ALREADY_COVERED = "already_covered", _("Need already covered")
    NEED_UNCLEAR = "need_unclear", _("Need not clear enough")
    ANOTHER_CHOSEN = "another_chosen", _("Another provider chosen")
    OTHER = "other", pgettext_lazy("reason", "Other")
    MERGED = "merged", _("Merged with an earlier match of the same need")


# Reasons that only a provider gives, and that only a State does; the others are common to both.
OF_PROVIDERS = (AnswerReason.NO_MONEY, AnswerReason.OUT_OF_MANDATE, AnswerReason.NEED_UNCLEAR)
OF_STATES = (AnswerReason.ANOTHER_CHOSEN,)
OF_PORTAL = (AnswerReason.MERGED,)  # given by no person: recorded when two offers are merged


class Outcome(TextChoices):
    """The outcome of a verification."""

    MET = "met", pgettext_lazy("outcome", "Met")
    PARTLY_MET = "partly_met", pgettext_lazy("outcome", "Partly met")
    NOT_MET = "not_met", pgettext_lazy("outcome", "Not met")


class CloseReason(TextChoices):
    """Why a need is closed without being met."""

    NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")
    WITHDRAWN_BY_STATE = "withdrawn_by_state", _("Withdrawn by the State")
    SUPERSEDED = "superseded", _("Superseded by a follow-up visit")


class Sustained(TextChoices):
    """What the State says, a year after a need was met, of what was built with the assistance."""

    WORKING = "working", _("Still working")
    PARTLY = "partly", _("Partly working")
    NOT_WORKING = "not_working", _("No longer working")


class NeedSource(TextChoices):
    """The source of a need."""

    VISIT = "visit", _("Assessment visit")
    CONSULTATION = "consultation", _("Capacity consultation")
    REQUEST = "request", _("Request by the State")
    DESK_SURVEY = "desk_survey", _("Desk survey")


class Priority(TextChoices):
    """How urgent a need is; the reason is stored beside it."""

    HIGH = "high", pgettext_lazy("priority", "High")
    MEDIUM = "medium", pgettext_lazy("priority", "Medium")
    LOW = "low", pgettext_lazy("priority", "Low")


OPEN_MATCH = (MatchStatus.SUGGESTED, MatchStatus.PROPOSED)


CONFIRMED_MATCH = (MatchStatus.ACCEPTED, MatchStatus.IN_DELIVERY, MatchStatus.DELIVERED)


RUNNING_MATCH = (MatchStatus.ACCEPTED, MatchStatus.IN_DELIVERY)  # the provider still has something to do
# Matches of which something is still to come from the provider.
UNFINISHED = (*OPEN_MATCH, MatchStatus.ACCEPTED, MatchStatus.IN_DELIVERY)


# The main path of a need, as the stepper on its page shows it, without exits.
NEED_ROAD = (
    NeedStatus.DRAFT,
    NeedStatus.PUT_TO_STATE,
    NeedStatus.AGREED,
    NeedStatus.SHARED,
    NeedStatus.UNDER_CONSIDERATION,
    NeedStatus.MATCHED,
    NeedStatus.IN_DELIVERY,
    NeedStatus.DELIVERED,
    NeedStatus.MET,
)


_BEFORE_AGREEMENT = (NeedStatus.DRAFT, NeedStatus.PUT_TO_STATE)


_OPEN = tuple(s for s in NeedStatus if s not in (NeedStatus.MET, NeedStatus.CLOSED))


_AFTER_AGREEMENT = tuple(s for s in NeedStatus if s not in _BEFORE_AGREEMENT and s != NeedStatus.CLOSED)


OPEN_TO_OFFERS = (
    NeedStatus.SHARED,
    NeedStatus.UNDER_CONSIDERATION,
    NeedStatus.MATCHED_IN_PART,
    NeedStatus.IN_DELIVERY,
    NeedStatus.DELIVERED,
    NeedStatus.PARTLY_MET,
    NeedStatus.NOT_MET,
)


NEED = table(
    Transition(
        "put-to-state", pgettext_lazy("button", "Send to Member State"),
        _("The State’s focal points will be asked to agree to this need."),
        (NeedStatus.DRAFT,), "cted", "need_put_to_state", tone="primary", is_task=True,
    ),
    Transition(
        "agree", pgettext_lazy("button", "Agree to need"),
        _("The need is recorded as agreed with the State. It can then be released."),
        (NeedStatus.PUT_TO_STATE,), "state_or_cted", "need_agreed", tone="primary", is_task=True, answers=True,
    ),
    Transition(
        "share", pgettext_lazy("button", "Share with others"),
        _("The recipients you select will be able to read this need until the date you set."),
        _AFTER_AGREEMENT, "state", "need_shared", tone="primary", needs_proof=True, own_page=True,
    ),
    Transition(
        "withdraw", pgettext_lazy("button", "Withdraw consent"),
        _("All users except you and CTED lose access to this need immediately."),
        _AFTER_AGREEMENT, "state", "consent_withdrawn", ("is_released",), tone="danger", needs_proof=True, own_page=True,
    ),
    Transition(
        "verify", pgettext_lazy("button", "Verify assistance"), _("Records whether the assistance delivered has met the need."),
        (NeedStatus.DELIVERED,), "verifier", "need_verified", tone="primary", is_task=True,
    ),
    Transition(
        "close", pgettext_lazy("button", "Close need"), _("The need is closed without being met. Open matches end."),
        _OPEN, "state_or_cted", "need_closed", tone="danger",
    ),
    Transition(
        "report-after-year", pgettext_lazy("button", "Report after a year"),
        _("CTED sees whether what was built still works."),
        (NeedStatus.MET,), "state", "need_sustained", ("asks_after_year",), is_task=True, answers=True,
    ),
    Transition(
        "take-note", pgettext_lazy("button", "Take note of report"),
        _("The need stays met. The State sees your reason."),
        (NeedStatus.MET,), "cted", "need_report_noted", ("report_awaits_cted",), is_task=True, answers=True,
    ),
    Transition(
        "reopen", pgettext_lazy("button", "Reopen need"),
        _("A new cycle begins: all of the need is open again. The earlier matches and outcomes stay readable."),
        (NeedStatus.MET, NeedStatus.PARTLY_MET, NeedStatus.CLOSED), "cted", "need_reopened", ("may_be_reopened",),
        tone="danger",
    ),
)  # fmt: skip


MATCH = table(
    Transition(
        "accept", pgettext_lazy("button", "Accept proposal"), _("The other party, CTED and UNOCT will be notified."),
        (MatchStatus.SUGGESTED, MatchStatus.PROPOSED), "side_asked", "match_accepted",
        ("release_stands", "share_is_open"), tone="primary", is_task=True, answers=True,
    ),
    Transition(
        "decline", pgettext_lazy("button", "Decline proposal"), _("The other party will see your reason."),
        (MatchStatus.SUGGESTED, MatchStatus.PROPOSED), "side_asked", "match_declined", tone="danger",
        is_task=True, answers=True,
    ),
    Transition(
        "start", pgettext_lazy("button", "Start delivery"), _("The State and CTED will see that delivery has started."),
        (MatchStatus.ACCEPTED,), "provider", "match_started", ("need_is_not_closed",), tone="primary",
        is_task=True,
    ),
    Transition(
        "deliver", pgettext_lazy("button", "Report delivery"),
        _("CTED and the State will be asked to verify the assistance delivered."),
        RUNNING_MATCH, "provider", "match_delivered", ("need_is_not_closed",), tone="primary", is_task=True,
    ),
    Transition(
        "report", pgettext_lazy("button", "Report progress"),
        _("The State and CTED will be told. A first report also starts the delivery."),
        RUNNING_MATCH, "provider", "match_reported", ("need_is_not_closed",), is_task=True,
    ),
    Transition(
        "could-not-help", pgettext_lazy("button", "End: could not help"),
        _("The match ends and its share becomes open again. The State can dispute this within 14 days."),
        RUNNING_MATCH, "provider", "match_ended", ("need_is_not_closed",), tone="danger",
    ),
    Transition(
        "not-reachable", pgettext_lazy("button", "End: State not reachable"),
        _("The match ends and its share becomes open again. The State can dispute this within 14 days."),
        RUNNING_MATCH, "provider", "match_ended", ("need_is_not_closed", "was_contacted"), tone="danger",
    ),
    Transition(
        "confirm-end", pgettext_lazy("button", "Confirm the end"), _("You confirm that the match has ended, as reported."),
        (MatchStatus.ENDED,), "state_alone", "match_end_confirmed", ("end_is_open",), is_task=True, answers=True,
    ),
    Transition(
        "dispute", pgettext_lazy("button", "Dispute the end"),
        _("The match is accepted again, with its share. The provider will be asked to go on."),
        (MatchStatus.ENDED,), "state_alone", "match_disputed",
        ("end_is_open", "need_is_not_closed", "release_stands", "share_is_open", "no_other_match"), tone="primary",
        is_task=True, answers=True,
    ),
    Transition(
        "feedback", pgettext_lazy("button", "Give feedback"),
        _("The provider, CTED and UNOCT will read it. You can change it for 30 days."),
        (MatchStatus.DELIVERED,), "state_alone", "match_feedback", ("feedback_is_open",), is_task=True,
    ),
    Transition(
        "retract", pgettext_lazy("button", "Withdraw proposal"),
        _("The State will see your reason. The share becomes open again."),
        (MatchStatus.SUGGESTED, MatchStatus.PROPOSED, MatchStatus.ACCEPTED, MatchStatus.IN_DELIVERY),
        "proposer", "match_retracted", tone="danger",
    ),
    Transition(
        "carry-on", pgettext_lazy("button", "Carry on"),
        _("The match goes on without the project, which has ended. CTED will be notified."),
        UNFINISHED, "provider", "match_carried_on", ("project_has_ended",), tone="primary", is_task=True, answers=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class NeedFacts:
    """The facts that determine a need's status. `matches` are (status, already verified) of its matches."""

    closed: bool
    put: bool
    agreed: bool
    released: bool
    matches: tuple[tuple[str, bool], ...]
    confirmed_share: int
    outcome: str = ""


def need_status(facts: NeedFacts) -> NeedStatus:
    """Return the status computed from the facts (domain rules, section 4)."""
    if facts.closed:
        return NeedStatus.CLOSED
    running = {status for status, verified in facts.matches if status in CONFIRMED_MATCH and not verified}
    if running == {MatchStatus.DELIVERED}:
        return NeedStatus.DELIVERED
    if running & {MatchStatus.IN_DELIVERY, MatchStatus.DELIVERED}:
        return NeedStatus.IN_DELIVERY
    if running:
        return NeedStatus.MATCHED if facts.confirmed_share >= 100 else NeedStatus.MATCHED_IN_PART
    if facts.outcome:
        return NeedStatus(facts.outcome)
    if facts.released:
        asked = any(status in OPEN_MATCH for status, _verified in facts.matches)
        return NeedStatus.UNDER_CONSIDERATION if asked else NeedStatus.SHARED
    if facts.agreed:
        return NeedStatus.AGREED
    return NeedStatus.PUT_TO_STATE if facts.put else NeedStatus.DRAFT


# Tone and icon of each status; shown with its label, never alone.
NEED_STYLES: Mapping[str, tuple[str, str]] = {
    "draft": ("neutral", "pencil"),
    "put_to_state": ("info", "send"),
    "agreed": ("info", "check"),
    "shared": ("accent", "share"),
    "under_consideration": ("warning", "hourglass"),
    "matched_in_part": ("accent", "link"),
    "matched": ("accent", "link"),
    "in_delivery": ("accent", "truck"),
    "delivered": ("warning", "box"),
    "met": ("success", "check-circle"),
    "partly_met": ("warning", "half"),
    "not_met": ("danger", "x-circle"),
    "closed": ("neutral", "lock"),
    "high": ("neutral", "arrow-up"),
    "medium": ("neutral", "dash"),
    "low": ("neutral", "arrow-down"),
}

# Tone and icon of each status; shown with its label, never alone.
MATCH_STYLES: Mapping[str, tuple[str, str]] = {
    "suggested": ("info", "send"),
    "proposed": ("warning", "hourglass"),
    "accepted": ("success", "check"),
    "in_delivery": ("accent", "truck"),
    "delivered": ("warning", "box"),
    "declined": ("danger", "x-circle"),
    "retracted": ("neutral", "arrow-back"),
    "lapsed": ("neutral", "clock"),
    "ended": ("neutral", "x-circle"),
}

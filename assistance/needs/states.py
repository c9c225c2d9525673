"""The statuses of needs and matches, the rule that computes a need's status, and the transitions: data only."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from assistance.workflow.transition import Transition, table


class NeedStatus(TextChoices):
    """The status of a need. Computed from facts by `need_status`, never typed."""

    DRAFT = "draft", _("Draft")
    PUT_TO_STATE = "put_to_state", _("Put to the State")
    AGREED = "agreed", _("Agreed with the State")
    SHARED = "shared", _("Shared")
    UNDER_CONSIDERATION = "under_consideration", _("Under consideration")
    MATCHED_IN_PART = "matched_in_part", _("Matched in part")
    MATCHED = "matched", _("Matched")
    IN_DELIVERY = "in_delivery", _("In delivery")
    DELIVERED = "delivered", _("Delivered, to be verified")
    MET = "met", _("Met")
    PARTLY_MET = "partly_met", _("Partly met")
    NOT_MET = "not_met", _("Not met")
    CLOSED = "closed", _("Closed")


class MatchStatus(TextChoices):
    """The status of a match of one need and one provider."""

    SUGGESTED = "suggested", _("Suggested to the provider")
    PROPOSED = "proposed", _("Proposed to the State")
    ACCEPTED = "accepted", _("Accepted")
    IN_DELIVERY = "in_delivery", _("In delivery")
    DELIVERED = "delivered", _("Delivered")
    DECLINED = "declined", _("Declined")
    RETRACTED = "retracted", _("Retracted")
    LAPSED = "lapsed", _("Lapsed without an answer")


class Outcome(TextChoices):
    """The outcome of a verification."""

    MET = "met", _("Met")
    PARTLY_MET = "partly_met", _("Partly met")
    NOT_MET = "not_met", _("Not met")


class CloseReason(TextChoices):
    """Why a need is closed without being met."""

    NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")
    WITHDRAWN_BY_STATE = "withdrawn_by_state", _("Withdrawn by the State")
    SUPERSEDED = "superseded", _("Superseded by a follow-up visit")


class NeedSource(TextChoices):
    """The source of a need."""

    VISIT = "visit", _("Assessment visit")
    CONSULTATION = "consultation", _("Capacity consultation")
    REQUEST = "request", _("Request of the State")
    DESK_SURVEY = "desk_survey", _("Desk survey")


class Priority(TextChoices):
    """How urgent a need is; the reason is stored beside it."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


OPEN_MATCH = (MatchStatus.SUGGESTED, MatchStatus.PROPOSED)


CONFIRMED_MATCH = (MatchStatus.ACCEPTED, MatchStatus.IN_DELIVERY, MatchStatus.DELIVERED)


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
        "put-to-state", _("Put to the State"), _("The State's focal points will be asked to agree this need."),
        (NeedStatus.DRAFT,), "cted", "need_put_to_state", tone="primary",
    ),
    Transition(
        "agree", _("Agree"), _("The need counts as agreed with the State; it can then be released."),
        (NeedStatus.PUT_TO_STATE,), "state_or_cted", "need_agreed", tone="primary",
    ),
    Transition(
        "share", _("Share"), _("Those you choose will be able to read this need until the date you set."),
        _AFTER_AGREEMENT, "state", "need_shared", tone="primary", needs_proof=True, own_page=True,
    ),
    Transition(
        "withdraw", _("Withdraw"), _("Everyone except you and CTED stops seeing this need at once."),
        _AFTER_AGREEMENT, "state", "consent_withdrawn", ("is_released",), tone="danger", needs_proof=True, own_page=True,
    ),
    Transition(
        "verify", _("Verify"), _("Records whether the assistance delivered has met the need."),
        (NeedStatus.DELIVERED,), "verifier", "need_verified", tone="primary",
    ),
    Transition(
        "close", _("Close"), _("The need leaves the work without being met; open matches end."),
        _OPEN, "state_or_cted", "need_closed", tone="danger",
    ),
)  # fmt: skip


MATCH = table(
    Transition(
        "accept", _("Accept"), _("The other side, CTED and UNOCT will be told."),
        (MatchStatus.SUGGESTED, MatchStatus.PROPOSED), "side_asked", "match_accepted",
        ("release_stands", "share_is_open"), tone="primary",
    ),
    Transition(
        "decline", _("Decline"), _("The other side will be told your reason."),
        (MatchStatus.SUGGESTED, MatchStatus.PROPOSED), "side_asked", "match_declined", tone="danger",
    ),
    Transition(
        "start", _("Start delivery"), _("The State and CTED will see that delivery has begun."),
        (MatchStatus.ACCEPTED,), "provider", "match_started", ("need_is_not_closed",), tone="primary",
    ),
    Transition(
        "deliver", _("Report delivery"), _("CTED will be asked to verify what was delivered."),
        (MatchStatus.ACCEPTED, MatchStatus.IN_DELIVERY), "provider", "match_delivered", ("need_is_not_closed",), tone="primary",
    ),
    Transition(
        "retract", _("Retract"), _("The State will be told your reason; the share becomes open again."),
        (MatchStatus.SUGGESTED, MatchStatus.PROPOSED, MatchStatus.ACCEPTED, MatchStatus.IN_DELIVERY),
        "proposer", "match_retracted", tone="danger",
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
    "high": ("danger", "arrow-up"),
    "medium": ("warning", "dash"),
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
}

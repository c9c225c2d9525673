"""States next to label, colour and meaning, and the rows that say which step leads on from where: data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NeedStatus(TextChoices):
    """Where a need stands. Computed from facts by `need_status`, never typed."""

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
    """Where a match of one need and one provider stands."""

    SUGGESTED = "suggested", _("Suggested to the provider")
    PROPOSED = "proposed", _("Proposed to the State")
    ACCEPTED = "accepted", _("Accepted")
    IN_DELIVERY = "in_delivery", _("In delivery")
    DELIVERED = "delivered", _("Delivered")
    DECLINED = "declined", _("Declined")
    RETRACTED = "retracted", _("Retracted")
    LAPSED = "lapsed", _("Lapsed without an answer")


class OfferStatus(TextChoices):
    """Where an offer stands; whether its window has passed is read from its dates."""

    DRAFT = "draft", pgettext_lazy("offer", "Draft")
    PUBLISHED = "published", pgettext_lazy("offer", "Published")
    PAUSED = "paused", pgettext_lazy("offer", "Paused")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Withdrawn")


class ProjectStatus(TextChoices):
    """Seed 001 names four (requested, planned, ongoing, completed); practice adds two."""

    REQUESTED = "requested", _("Requested")
    PLANNED = "planned", _("Planned")
    ONGOING = "ongoing", _("Ongoing")
    COMPLETED = "completed", _("Completed")
    SUSPENDED = "suspended", _("Suspended")
    CANCELLED = "cancelled", _("Cancelled")


class VisitStage(TextChoices):
    """Where a visit stands by its dates."""

    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    UNDER_WAY = "under_way", pgettext_lazy("visit", "Under way")
    CONDUCTED = "conducted", pgettext_lazy("visit", "Conducted")


class ConsentState(TextChoices):
    """Where a State's consent to release stands: a track of its own beside the visit or need."""

    NOT_ASKED = "not_asked", _("Consent not asked")
    ASKED = "asked", _("Consent asked")
    FULL = "full", _("Released in full")
    PARTIAL = "partial", _("Released in part")
    DECLINED = "declined", _("Consent declined")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")
    EXPIRED = "expired", _("Release ended")


class Decision(TextChoices):
    """What a consent row says about the items it names."""

    GRANTED = "granted", _("Released")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Outcome(TextChoices):
    """What verification finds."""

    MET = "met", _("Met")
    PARTLY_MET = "partly_met", _("Partly met")
    NOT_MET = "not_met", _("Not met")


class CloseReason(TextChoices):
    """Why a need leaves the work without being met."""

    NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")
    WITHDRAWN_BY_STATE = "withdrawn_by_state", _("Withdrawn by the State")
    SUPERSEDED = "superseded", _("Superseded by a follow-up visit")


class VisitKind(TextChoices):
    """What a visit is for."""

    COMPREHENSIVE = "comprehensive", _("Comprehensive")
    FOCUSED = "focused", _("Focused")
    FOLLOW_UP = "follow_up", _("Follow-up")
    ADVOCACY = "advocacy", _("Advocacy")


class VisitMode(TextChoices):
    """How a visit is made."""

    ON_SITE = "on_site", _("On site")
    HYBRID = "hybrid", _("Hybrid")
    VIRTUAL = "virtual", _("Virtual")


class NeedSource(TextChoices):
    """Where a need comes from."""

    VISIT = "visit", _("Assessment visit")
    CONSULTATION = "consultation", _("Capacity consultation")
    REQUEST = "request", _("Request of the State")
    DESK_SURVEY = "desk_survey", _("Desk survey")


class AssistanceType(TextChoices):
    """The kinds of help a need may ask and an offer give."""

    LEGISLATION = "legislation", _("Legislative assistance")
    TRAINING = "training", _("Training")
    EXPERT_ADVICE = "expert_advice", _("Expert advice")
    EQUIPMENT = "equipment", _("Equipment")
    ICT = "ict", _("Information systems")
    STUDY_VISIT = "study_visit", _("Study visit")
    MENTORING = "mentoring", _("Mentoring")
    FUNDING = "funding", _("Funding")


class Priority(TextChoices):
    """How pressing a need is; the reason is kept beside it."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class PartyRole(TextChoices):
    """What an organisation does in a project. Codes of IATI's OrganisationRole list, in words."""

    FUNDING = "funding", _("Funding")
    ACCOUNTABLE = "accountable", _("Accountable")
    EXTENDING = "extending", _("Extending")
    IMPLEMENTING = "implementing", _("Implementing")


# Colour and icon of each state; the word always stands beside them.
STYLE: Mapping[str, tuple[str, str]] = {
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
    "suggested": ("info", "send"),
    "proposed": ("warning", "hourglass"),
    "accepted": ("success", "check"),
    "declined": ("danger", "x-circle"),
    "retracted": ("neutral", "arrow-back"),
    "lapsed": ("neutral", "clock"),
    "published": ("success", "check"),
    "paused": ("warning", "pause"),
    "withdrawn": ("neutral", "arrow-back"),
    "expired": ("neutral", "calendar-x"),
    "requested": ("info", "send"),
    "planned": ("info", "calendar"),
    "under_way": ("accent", "truck"),
    "conducted": ("success", "check"),
    "ongoing": ("accent", "truck"),
    "completed": ("success", "check-circle"),
    "suspended": ("warning", "pause"),
    "cancelled": ("neutral", "x-circle"),
    "not_asked": ("neutral", "clock"),
    "asked": ("warning", "hourglass"),
    "full": ("success", "share"),
    "partial": ("accent", "share"),
    "granted": ("success", "share"),
    "high": ("danger", "arrow-up"),
    "medium": ("warning", "dash"),
    "low": ("neutral", "arrow-down"),
}

OPEN_MATCH = (MatchStatus.SUGGESTED, MatchStatus.PROPOSED)
CONFIRMED_MATCH = (MatchStatus.ACCEPTED, MatchStatus.IN_DELIVERY, MatchStatus.DELIVERED)

# The road of a need as its page draws it; exits are not on it.
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


@dataclass(frozen=True)
class Transition:
    """One legal step. `who` and `guards` name functions in policy and transitions; `event` is what is recorded.

    `needs_proof` steps are taken only right after a fresh proof of identity: they let people in, or shut them out.
    Those with an `own_page` are taken over several rows at once, on a page called like the model and the step.
    """

    name: str
    label: str | Promise
    consequence: str | Promise
    sources: tuple[str, ...]
    who: str
    event: str
    guards: tuple[str, ...] = field(default=())
    tone: str = "secondary"
    needs_proof: bool = False
    own_page: bool = False


def _table(*rows: Transition) -> dict[str, Transition]:
    return {row.name: row for row in rows}


NEED = _table(
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

SECTION = _table(
    Transition(
        "share", _("Share"), _("Those you choose will be able to read this section until the date you set."),
        (), "state", "section_released", tone="primary", needs_proof=True, own_page=True,
    ),
    Transition(
        "withdraw", _("Withdraw"), _("Everyone except you and CTED stops seeing this section at once."),
        (), "state", "consent_withdrawn", ("is_released",), tone="danger", needs_proof=True, own_page=True,
    ),
)  # fmt: skip

VISIT = _table(
    Transition(
        "ask-consent", _("Ask for consent"), _("The State's focal points will be asked to release the report and its needs."),
        (), "cted", "consent_asked", ("has_something_to_release", "not_planned", "consent_is_not_asked"), tone="primary",
    ),
    Transition(
        "decline-consent", _("Decline to release"), _("CTED is told that nothing of this visit is to be released."),
        (), "state", "consent_declined", ("consent_is_asked",), tone="danger",
    ),
)  # fmt: skip

OFFER = _table(
    Transition(
        "publish", _("Publish"), _("Every member, or the States you named, will see this offer."),
        (OfferStatus.DRAFT, OfferStatus.PAUSED), "provider", "offer_published", ("window_is_open",), tone="primary",
    ),
    Transition(
        "pause", _("Pause"), _("The offer is hidden from others until you publish it again."),
        (OfferStatus.PUBLISHED,), "provider", "offer_paused",
    ),
    Transition(
        "withdraw", _("Withdraw"), _("The offer ends. Matches already made go on."),
        (OfferStatus.DRAFT, OfferStatus.PUBLISHED, OfferStatus.PAUSED), "provider", "offer_withdrawn", tone="danger",
    ),
)  # fmt: skip

MATCH = _table(
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
    """The facts from which a need's status follows. `matches` are (status, already verified) of its matches."""

    closed: bool
    put: bool
    agreed: bool
    released: bool
    matches: tuple[tuple[str, bool], ...]
    confirmed_share: int
    outcome: str = ""


def need_status(facts: NeedFacts) -> NeedStatus:
    """Return the status that follows from the facts (domain rules, section 4)."""
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

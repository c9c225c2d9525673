"""The statuses of offers and their transitions, and the types of assistance: data only."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table

# A provider says every half year that its published offer is still right, and is reminded before it ends.
CONFIRMED_FOR = timedelta(days=180)  # since the last confirmation or publication
UNANSWERED = timedelta(days=30)  # since the provider was asked to confirm: then the offer is paused
# Event → how long before the last day the provider is asked whether the offer is to go on; the nearest first.
ASKED_BEFORE_END = {"offer_expiring_soon": timedelta(days=7), "offer_expiring": timedelta(days=30)}


class OfferStatus(TextChoices):
    """The status of an offer; whether its window has passed is computed from its dates."""

    DRAFT = "draft", pgettext_lazy("offer status", "Draft")
    PUBLISHED = "published", pgettext_lazy("offer status", "Published")
    PAUSED = "paused", pgettext_lazy("offer status", "Paused")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer status", "Withdrawn")
    MERGED = "merged", pgettext_lazy("offer status", "Merged")


class ShownStatus(TextChoices):
    """The one status that pages, filters and the API show of an offer; expired is computed and never stored."""

    DRAFT = OfferStatus.DRAFT.value, OfferStatus.DRAFT.label
    PUBLISHED = OfferStatus.PUBLISHED.value, OfferStatus.PUBLISHED.label
    EXPIRED = "expired", pgettext_lazy("offer status", "Expired")
    PAUSED = OfferStatus.PAUSED.value, OfferStatus.PAUSED.label
    WITHDRAWN = OfferStatus.WITHDRAWN.value, OfferStatus.WITHDRAWN.label
    MERGED = OfferStatus.MERGED.value, OfferStatus.MERGED.label


# An offer with one of these can no longer be changed.
ENDED = (OfferStatus.WITHDRAWN, OfferStatus.MERGED)


class PauseReason(TextChoices):
    """Why the portal has paused an offer; empty where its provider has."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("reason of a pause", "Not confirmed by the provider")


class Eligibility(TextChoices):
    """The groups of States an offer is meant for. Declared by the provider; `eligibility.py` looks a State up."""

    LDC = "ldc", _("Least developed countries")
    LLDC = "lldc", _("Landlocked developing countries")
    SIDS = "sids", _("Small island developing States")
    MOST_AFFECTED = "most_affected", _("States most affected by terrorism")


class CostToState(TextChoices):
    """What a State pays of the assistance."""

    NONE = "none", _("No cost to the State")
    TRAVEL = "travel", _("The State pays for travel")
    SHARED = "shared", _("The cost is shared")
    FULL = "full", _("The State pays in full")


class AssistanceType(TextChoices):
    """The types of assistance that a need may ask for and an offer provide."""

    LEGISLATION = "legislation", _("Legislative assistance")
    TRAINING = "training", pgettext_lazy("assistance type", "Training")
    EXPERT_ADVICE = "expert_advice", _("Expert advice")
    EQUIPMENT = "equipment", pgettext_lazy("assistance type", "Equipment")
    ICT = "ict", _("Information systems")
    STUDY_VISIT = "study_visit", _("Study visit")
    MENTORING = "mentoring", pgettext_lazy("assistance type", "Mentoring")
    FUNDING = "funding", pgettext_lazy("assistance type", "Funding")
    AWARENESS = "awareness", pgettext_lazy("assistance type", "Awareness-raising")
    MODEL_LAW = "model_law", _("Model law")


class CorrectionStatus(TextChoices):
    """The status of a proposed correction."""

    PROPOSED = "proposed", pgettext_lazy("correction status", "Awaiting the provider")
    ACCEPTED = "accepted", _("Accepted by the provider")
    REFUSED = "refused", pgettext_lazy("correction status", "Not accepted")


class CorrectedField(TextChoices):
    """The fields of an offer that readers can correct. What is offered, and how much, is the provider's to say."""

    TITLE = "title", pgettext_lazy("label", "Title")
    DESCRIPTION = "description", _("Description of the offer")
    OPENS_ON = "opens_on", _("Available from")
    CLOSES_ON = "closes_on", _("Available until")
    LEAD_TIME_DAYS = "lead_time_days", _("Days of preparation")
    COST_NOTE = "cost_note", _("What the State pays for")
    CONDITIONS = "conditions", pgettext_lazy("label", "Conditions")


OFFER = table(
    Transition(
        "publish", pgettext_lazy("button", "Publish offer"), _("All users, or only the States you named, will see this offer."),
        (OfferStatus.DRAFT, OfferStatus.PAUSED), "provider", "offer_published", ("window_is_open",), tone="primary",
    ),
    Transition(
        "confirm", pgettext_lazy("button", "Confirm offer"),
        _("You say that the offer is still right. It stays published, and you are asked again in 6 months."),
        (OfferStatus.PUBLISHED,), "provider", "offer_confirmed", ("window_is_open",), is_task=True,
    ),
    Transition(
        "pause", pgettext_lazy("button", "Pause offer"), _("The offer is hidden from others until you publish it again."),
        (OfferStatus.PUBLISHED,), "provider", "offer_paused",
    ),
    Transition(
        "merge", pgettext_lazy("button", "Merge offer"),
        _("This offer ends. Its matches move to the other offer, to which its page leads from then on."),
        (OfferStatus.PUBLISHED,), "provider", "offer_merged", tone="danger",
    ),
    Transition(
        "propose-merge", pgettext_lazy("button", "Propose merging"),
        _("The provider is asked whether to merge this offer into the other one. Nothing changes before."),
        (OfferStatus.PUBLISHED,), "coordinator", "offer_merge_proposed",
    ),
    Transition(
        "keep-apart", pgettext_lazy("button", "Keep offers apart"),
        _("Both offers stay as they are. UNOCT is told."),
        (OfferStatus.PUBLISHED,), "provider", "offer_merge_declined", ("merge_is_proposed",), is_task=True, answers=True,
    ),
    Transition(
        "withdraw", pgettext_lazy("button", "Withdraw offer"), _("The offer ends. Existing matches continue."),
        (OfferStatus.DRAFT, OfferStatus.PUBLISHED, OfferStatus.PAUSED), "provider", "offer_withdrawn", tone="danger",
    ),
)  # fmt: skip

CORRECTION = table(
    Transition(
        "accept", pgettext_lazy("button", "Accept correction"),
        _("The offer is changed as proposed. Whoever proposed it is told."),
        (CorrectionStatus.PROPOSED,), "owner", "correction_accepted", ("field_is_unchanged",), tone="primary",
        is_task=True, answers=True,
    ),
    Transition(
        "refuse", pgettext_lazy("button", "Refuse correction"),
        _("The offer stays as it is. Whoever proposed the correction reads your reason."),
        (CorrectionStatus.PROPOSED,), "owner", "correction_refused", tone="danger", is_task=True, answers=True,
    ),
)  # fmt: skip

# Tone and icon of each status; shown with its label, never alone.
OFFER_STYLES: Mapping[str, tuple[str, str]] = {
    "draft": ("neutral", "pencil"),
    "published": ("success", "check"),
    "paused": ("warning", "pause"),
    "withdrawn": ("neutral", "arrow-back"),
    "merged": ("neutral", "arrow-right"),
    "expired": ("neutral", "calendar-x"),
}
CORRECTION_STYLES: Mapping[str, tuple[str, str]] = {
    "proposed": ("warning", "hourglass"),
    "accepted": ("success", "check"),
    "refused": ("neutral", "x-circle"),
}

"""The statuses of offers and their transitions, and the types of assistance: data only."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table


class OfferStatus(TextChoices):
    """The status of an offer; whether its window has passed is computed from its dates."""

    DRAFT = "draft", pgettext_lazy("offer", "Draft")
    PUBLISHED = "published", pgettext_lazy("offer", "Published")
    PAUSED = "paused", pgettext_lazy("offer", "Paused")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Withdrawn")


class AssistanceType(TextChoices):
    """The types of assistance that a need may ask for and an offer provide."""

    LEGISLATION = "legislation", _("Legislative assistance")
    TRAINING = "training", _("Training")
    EXPERT_ADVICE = "expert_advice", _("Expert advice")
    EQUIPMENT = "equipment", _("Equipment")
    ICT = "ict", _("Information systems")
    STUDY_VISIT = "study_visit", _("Study visit")
    MENTORING = "mentoring", _("Mentoring")
    FUNDING = "funding", _("Funding")


OFFER = table(
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

# Tone and icon of each status; shown with its label, never alone.
OFFER_STYLES: Mapping[str, tuple[str, str]] = {
    "draft": ("neutral", "pencil"),
    "published": ("success", "check"),
    "paused": ("warning", "pause"),
    "withdrawn": ("neutral", "arrow-back"),
    "expired": ("neutral", "calendar-x"),
}

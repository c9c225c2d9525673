"""What the decision pages of offers show beside the decision, and what comes next."""

from typing import Any

from django.utils.translation import gettext as _

from assistance.offers.models import Offer
from assistance.offers.states import AssistanceType, OfferStatus
from entities.actors import Actor
from web.translated_text import CODES


def about_offer(actor: Actor, offer: Offer) -> dict[str, Any]:
    """Return the types of assistance of an offer, in words, and its working languages."""
    return {
        "types": [label for value, label in AssistanceType.choices if value in offer.assistance_types],
        "languages": [code for code in CODES if code in offer.working_languages],
    }


def next_for_offer(offer: Offer) -> str:
    """Return what moves an offer on, and who can do it; empty where it is no longer used."""
    return {
        OfferStatus.DRAFT: lambda: _("The provider publishes it."),
        OfferStatus.PAUSED: lambda: _("The provider publishes it."),
        OfferStatus.PUBLISHED: lambda: _("The provider proposes it for a need, or CTED suggests it."),
    }.get(OfferStatus(offer.status), str)()

"""What the decision pages of offers show beside the decision, and what comes next."""

from typing import Any

from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.offers.eligibility import eligibility_for
from assistance.offers.models import Offer
from assistance.offers.rules import knows_proposals
from assistance.offers.states import AssistanceType, Eligibility, OfferStatus
from assistance.projects.models import Project
from entities.actors import Actor
from entities.models import Phase
from web.translated_text import CODES


def details(actor: Actor, offer: Offer) -> dict[str, Any]:
    """Return what the facts of an offer show: codes in words, the contact person who acts now, and the project seen."""
    contact = offer.contact_appointment
    seen = policy.visible(actor, Project).filter(pk=offer.project_id).first() if offer.project_id else None
    return {
        "types": [label for value, label in AssistanceType.choices if value in offer.assistance_types],
        "languages": [code for code in CODES if code in offer.working_languages],
        "eligible": [label for value, label in Eligibility.choices if value in offer.eligibility],
        "eligible_for": [
            (state, found) for state in actor.states() if (found := eligibility_for(offer, state)) is not None
        ],
        "contact": contact if contact and contact.phase == Phase.RUNNING else None,
        "project": seen,
    }


def proposed_merge(actor: Actor, offer: Offer) -> Offer | None:
    """Return the offer into which UNOCT proposes to merge this one, for those who are told and see it."""
    if offer.merge_proposed_id is None or not knows_proposals(actor, offer):
        return None
    return policy.visible(actor, Offer).filter(pk=offer.merge_proposed_id).first()


def next_for_offer(offer: Offer) -> str:
    """Return what moves an offer on, and who can do it; empty where it is no longer used."""
    return {
        OfferStatus.DRAFT: lambda: _("The provider publishes it."),
        OfferStatus.PAUSED: lambda: _("The provider publishes it."),
        OfferStatus.PUBLISHED: lambda: _("The provider proposes it for a need, or CTED suggests it."),
    }.get(OfferStatus(offer.status), str)()

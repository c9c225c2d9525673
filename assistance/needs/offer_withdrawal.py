"""Withdrawing an offer: it ends, its matches go on, and their parties are told.

Locks are taken in the order of `merging.py`: needs, matches, offers.
"""

from django.db import transaction

from assistance.access import policy
from assistance.needs.merging import check_unchanged, locked_matches
from assistance.needs.states import UNFINISHED
from assistance.offers.models import Offer
from assistance.offers.states import OFFER, OfferStatus
from assistance.workflow.engine import record, transition
from entities.actors import Actor


def withdraw(*, actor: Actor, offer: object, version: int | None = None, reason: str = "") -> Offer:
    """End an offer; its matches go on, and the parties of those that are not finished are told. Returns the offer.

    Raises NotVisible, Forbidden, StaleSave, Conflict (it has ended; a match changed at this moment).
    """
    with transaction.atomic():
        row = policy.get(actor, Offer, offer)
        policy.require(actor, OFFER["withdraw"].who, row)
        matches = locked_matches({row.pk})
        with transition(actor, Offer, row.pk, "withdraw", version=version) as context:
            check_unchanged({row.pk}, matches)
            context.set(status=OfferStatus.WITHDRAWN, merge_proposed=None)
            context.reason = reason
        for match in matches:
            if match.status in UNFINISHED:
                record(
                    "match_offer_withdrawn", match, actor=actor, appointment=context.appointment, before=match.status
                )
    return context.row

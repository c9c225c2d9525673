"""Pending work on offers: to confirm that they are still right, and to answer corrections."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from assistance.offers.deadlines import to_confirm
from assistance.offers.models import Correction
from assistance.offers.states import CORRECTION, OFFER, CorrectionStatus
from assistance.workflow.dues import days_due
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor
from web.conditions import among


def pending_offers(actor: Actor) -> list[Task]:
    """Return the tasks of this actor on offers: those to confirm, due when an unanswered request pauses the offer."""
    text, offers = pgettext_lazy("task", "Offer to be confirmed"), to_confirm(actor)[:MOST]
    days = days_due(actor, offers, "offer_confirm")
    return [Task.of(offer, text, OFFER["confirm"], since=offer.confirm_due, due=days.get(offer.pk)) for offer in offers]


def pending_corrections(actor: Actor) -> list[Task]:
    """Return the corrections that this actor is asked to answer for a provider, the longest waiting first."""
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []

    def waiting(rows: QuerySet[Correction], mine: list[UUID]) -> QuerySet[Correction]:
        own = rows.filter(among("offer__provider", mine, "uuid"), status=CorrectionStatus.PROPOSED)
        return own.order_by("created_at")

    found = named_rows(actor, Correction, "waiting", waiting, [mine], MOST)
    text = pgettext_lazy("task", "Correction of an offer awaiting your response")
    return [Task.of(row, text, CORRECTION["accept"], since=row.created_at) for row in found]

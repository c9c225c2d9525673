"""Pending work on offers: to confirm that they are still right."""

from django.utils.translation import pgettext_lazy

from assistance.offers.deadlines import to_confirm
from assistance.offers.states import OFFER, UNANSWERED
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor


def pending_offers(actor: Actor) -> list[Task]:
    """Return the tasks of this actor on offers: those to confirm, due when an unanswered request pauses the offer."""
    text = pgettext_lazy("task", "Offer to be confirmed")
    return [
        Task.of(offer, text, OFFER["confirm"], since=due, due=(due + UNANSWERED).date())
        for offer in to_confirm(actor)[:MOST]
        if (due := offer.confirm_due)
    ]

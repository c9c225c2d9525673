"""What a reader can do with a deadline, as links: respond, remind, waive, and be asked again later."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.dues import queries
from assistance.dues.models import Due
from assistance.pages.views import transition_url
from assistance.workflow.engine import AvailableTransitions
from assistance.workflow.transition import RESPOND
from entities.actors import Actor
from web.views import Link


def links_of(actor: Actor, due: Due, available: AvailableTransitions) -> list[Link]:
    """Return the links to all that this reader can do with a deadline."""
    steps = [Link(transition_url(due, one), one.label, one.consequence) for one in available.of(due)]
    return [*answer_links(actor, due), *steps, *snooze_links(actor, due)]


def answer_links(actor: Actor, due: Due) -> list[Link]:
    """Return the link to the page on which the organization that owes can respond, for its people."""
    if due.done_at is not None or policy.acting_as(actor, "debtor", due) is None:
        return []
    url = queries.answered_at(due).get_absolute_url()
    return [Link(url, RESPOND, _("Opens the record on which you can respond."), tone="primary")]


def snooze_links(actor: Actor, due: Due) -> list[Link]:
    """Return the link to the page on which this reader chooses a day to be asked again, where they may."""
    if due.done_at is not None or policy.acting_as(actor, "party", due) is None:
        return []
    url = reverse("due-snooze", args=[due.pk])
    return [Link(url, _("Ask me again later"), _("You receive no reminder of this before the day you choose."))]

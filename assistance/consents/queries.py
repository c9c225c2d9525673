"""Queries of consents. Each starts from policy."""

from django.db.models import QuerySet

from assistance.access import policy
from assistance.consents.models import Consent
from assistance.needs.models import Need
from entities.actors import Actor


def consents_of(actor: Actor, *, need: Need) -> QuerySet[Consent]:
    """Return the State's decisions over a need, newest first, as far as this actor sees them."""
    rows = policy.visible(actor, Consent).filter(needs=need)
    return rows.select_related("given_by", "given_as").order_by("-given_at", "-id")

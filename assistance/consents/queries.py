"""Queries of consents. Each starts from policy."""

from django.db.models import QuerySet

from assistance.access import policy
from assistance.access.models import Restricted
from assistance.consents.models import Consent, relation_of
from entities.actors import Actor


def consents_of(actor: Actor, row: Restricted) -> QuerySet[Consent]:
    """Return the State's decisions over a row that it releases, newest first, as far as this actor sees them."""
    rows = policy.visible(actor, Consent).filter(**{relation_of(type(row)): row})
    return rows.select_related("given_by", "given_as").order_by("-given_at", "-id")

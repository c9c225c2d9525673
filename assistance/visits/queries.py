"""Queries of visits. Each starts from policy."""

from django.db.models import QuerySet

from assistance.access import policy
from assistance.visits.models import Section, Visit
from entities.actors import Actor


def sections_of(actor: Actor, visit: Visit) -> QuerySet[Section]:
    """Return the sections of a report that this actor sees, with their audiences."""
    rows = policy.visible(actor, Section).filter(visit=visit).select_related("audience", "owners", "visit__state")
    return rows.order_by("number")

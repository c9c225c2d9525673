"""What the decision pages of visits show beside the decision, and what comes next."""

from typing import Any

from django.utils.translation import gettext as _

from assistance.visits.models import Visit
from assistance.visits.queries import sections_of
from entities.actors import Actor


def about_visit(actor: Actor, visit: Visit) -> dict[str, Any]:
    """Return the sections of the report that the actor sees."""
    return {"sections": sections_of(actor, visit)}


def next_for_visit(visit: Visit) -> str:
    """Return what moves a visit on, and who can do it; empty while no answer is awaited."""
    return _("The State releases the report and its needs, or declines.") if visit.consent_asked_at else ""

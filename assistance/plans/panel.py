"""What the page of a consultation shows of the roadmap that is based on it."""

from typing import Any

from assistance.access import policy
from assistance.consultations.models import Consultation
from assistance.plans.models import ActionPlan
from assistance.plans.queries import lines_of
from entities.actors import Actor


def on_page(actor: Actor, row: Any) -> dict[str, Any]:
    """Return the roadmap of a consultation with its progress, if the reader sees one, and whether to draft one."""
    if not isinstance(row, Consultation):
        return {}
    plans = list(policy.visible(actor, ActionPlan).filter(consultation=row).select_related("state"))
    may_draft = actor.is_cted and actor.viewer is None and not plans
    return {"roadmaps": lines_of(actor, plans), "may_draft_roadmap": may_draft, "roadmap_of": row}

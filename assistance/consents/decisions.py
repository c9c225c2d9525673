"""What the decision pages of release plans show beside the decision, and what comes next."""

from typing import Any

from django.utils.translation import gettext as _

from assistance.consents.models import ReleasePlan
from assistance.consents.states import ReleasePlanStatus
from assistance.consents.summaries import difference
from entities.actors import Actor


def about_plan(actor: Actor, plan: ReleasePlan) -> dict[str, Any]:
    """Return what publishing a plan would change."""
    return {"difference": difference(actor, plan)}


def next_for_plan(plan: ReleasePlan) -> str:
    """Return what moves a plan on, and who can do it; empty when it is decided."""
    return {
        ReleasePlanStatus.DRAFT: lambda: _("The State releases it."),
        ReleasePlanStatus.PROPOSED: lambda: _("A colleague of the State confirms it or returns it."),
    }.get(ReleasePlanStatus(plan.status), str)()

"""What the pages and decision pages of consultations and rounds show, and what comes next."""

from typing import Any

from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.consultations import queries
from assistance.consultations.models import Consultation, Round
from assistance.consultations.states import RoundStatus
from entities.actors import Actor
from entities.local_days import today_of
from entities.programmes import by_role


def about_consultation(actor: Actor, row: Consultation) -> dict[str, Any]:
    """Return the programme with its parts, the rounds, and the indicators compared over the rounds."""
    rounds = queries.rounds_of(actor, row)
    return {"parts": by_role(row.programme), "rounds": rounds, "compared": queries.compared(rounds)}


def about_round(actor: Actor, row: Round) -> dict[str, Any]:
    """Return the consultation if it is seen, findings, priorities with those whose target was missed, and comments."""
    owns = not actor.groups.isdisjoint(policy.owners_of(row))
    today = today_of(row.state)
    parameters = [(one, queries.is_missed(one, today)) for one in row.parameters.order_by("number")]
    return {
        "consultation": policy.visible(actor, Consultation).filter(pk=row.consultation_id).first(),
        "findings": queries.findings_of(actor, row),
        "parameters": parameters,
        "is_owner": owns,
        "comments": row.comments.select_related("by") if owns else (),
    }


def next_for_round(row: Round) -> str:
    """Return what moves a round on, and who can do it; empty where nothing is left to do."""
    if row.status == RoundStatus.OPEN:
        return _("CTED records findings and priorities, and closes the round.")
    return ""

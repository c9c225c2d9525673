"""What the page of a State shows of the consultations with it."""

from typing import Any

from assistance.access import policy
from assistance.consultations.models import Consultation
from entities.actors import Actor
from entities.models import Organisation

SHOWN = 20  # consultations listed on the page


def of_organisation(actor: Actor, organisation: Organisation) -> dict[str, Any]:
    """Return the latest consultations with a State that the reader sees. One statement."""
    if not organisation.is_state:
        return {}
    rows = policy.visible(actor, Consultation).filter(state=organisation).select_related("programme")
    found = list(rows.order_by("-modified_at", "-id")[:SHOWN])
    return {"consultations": found} if found else {}

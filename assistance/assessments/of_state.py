"""What the page of a State shows of the assessments of it, and that of an entity of those it carries out."""

from typing import Any

from django.db.models import Q

from assistance.assessments.lines import counted, lines_seen
from assistance.assessments.models import AssessmentLine
from entities.actors import Actor
from entities.models import Organisation

SHOWN = 20  # lines listed on the page


def of_organisation(actor: Actor, organisation: Organisation) -> dict[str, Any]:
    """Return the latest assessments of a State or by an entity, as far as the reader sees their lines, and their number.

    Of lines for the same evaluation the page of a State lists one, with the entities of the others. Cancelled assessments
    are left out: their State and entity, who alone see these lines, find them in the list. Four statements.
    """
    own = Q(state=organisation) if organisation.is_state else Q(entity=organisation)
    seen = lines_seen(actor).filter(is_cancelled=False)
    rows = seen.filter(own)
    rows = counted(rows) if organisation.is_state else rows
    found = list(rows.order_by("-year", "-modified_at", "-id")[:SHOWN])
    if not found:
        return {}
    also: dict[object, list[AssessmentLine]] = {}
    for line in seen.filter(same_as__in=[row.pk for row in found]).order_by("entity__slug"):
        also.setdefault(line.same_as_id, []).append(line)
    return {
        "is_state": organisation.is_state,
        "number": rows.count(),
        "lines": [{"line": row, "also": [one.entity.short for one in also.get(row.pk, ())]} for row in found],
    }

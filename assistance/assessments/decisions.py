"""What the decision pages of assessments show beside the decision, and what comes next."""

from typing import Any

from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.assessments.models import Assessment, AssessmentLine, Finding
from assistance.assessments.states import AssessmentStatus
from assistance.needs.models import Need
from entities.actors import Actor


def about_assessment(actor: Actor, row: Assessment) -> dict[str, Any]:
    """Return what the facts of an assessment show: its findings with the needs seen, and the same evaluation."""
    seen = policy.visible(actor, AssessmentLine).select_related("entity", "state")
    return {
        "findings": findings_of(actor, row),
        "same_as": seen.filter(pk=row.same_as_id).first() if row.same_as_id else None,
        "instruments": row.instruments.order_by("kind", "year", "symbol"),
    }


def findings_of(actor: Actor, row: Assessment) -> list[Finding]:
    """Return the findings of an assessment in their order; `need_seen` is the need made of one, if the actor sees it."""
    found = list(row.findings.select_related("theme"))
    keys = [finding.need_id for finding in found if finding.need_id]
    needs = policy.visible(actor, Need).in_bulk(keys) if keys else {}
    for finding in found:
        finding.need_seen = needs.get(finding.need_id)  # type: ignore[attr-defined]
    return found


def next_for_assessment(row: Assessment) -> str:
    """Return what moves an assessment on, and who can do it; empty where it has ended."""
    return {
        AssessmentStatus.PLANNED: lambda: _("The entity starts it."),
        AssessmentStatus.UNDER_WAY: lambda: _("The entity records the findings and finishes it."),
    }.get(AssessmentStatus(row.status), str)()

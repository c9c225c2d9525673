"""Transitions of an assessment, and the need that CTED makes of a finding."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from assistance.assessments.messages import NEED_PROPOSED
from assistance.assessments.models import Assessment, Finding
from assistance.assessments.states import AssessmentStatus
from assistance.needs import of_findings
from assistance.needs.models import Need
from assistance.needs.states import NeedSource
from assistance.workflow.engine import require_text, transition
from entities.actors import Actor
from entities.models import Pillar
from web.exceptions import Invalid


def start(*, actor: Actor, assessment: object, version: int | None = None) -> Assessment:
    """Record that the assessment is under way. Returns the assessment."""
    with transition(actor, Assessment, assessment, "start", version=version) as context:
        context.set(status=AssessmentStatus.UNDER_WAY)
    return context.row


def finish(*, actor: Actor, assessment: object, version: int | None = None) -> Assessment:
    """Record that the assessment has finished. Returns the assessment."""
    with transition(actor, Assessment, assessment, "finish", version=version) as context:
        context.set(status=AssessmentStatus.DONE)
    return context.row


def cancel(*, actor: Actor, assessment: object, reason: str, version: int | None = None) -> Assessment:
    """End the assessment without a result. Returns the assessment; raises Invalid without a reason."""
    require_text(reason=reason)
    with transition(actor, Assessment, assessment, "cancel", version=version) as context:
        context.set(status=AssessmentStatus.CANCELLED)
        context.reason = reason
    return context.row


def propose_need(
    *,
    actor: Actor,
    assessment: object,
    finding: object,
    title: str,
    assistance_type: str,
    priority: str,
    priority_reason: str = "",
    pillar: Pillar | None = None,
    version: int | None = None,
) -> Assessment:
    """Draft a need from a finding that is a gap, for CTED. Returns the assessment.

    The need has the theme, the text and the language of the finding; of a theme without a pillar, `pillar` is that of the
    need. Raises Invalid for a finding of another assessment or one that is no gap, Conflict for one that has a need.
    """
    with transition(actor, Assessment, assessment, "propose-need", version=version) as context:
        row = context.row
        found = _gap(row, getattr(finding, "pk", finding))
        values = {
            "source": NeedSource.DESK_SURVEY,
            "title": title,
            "description": found.text,
            "assistance_type": assistance_type,
            "priority": priority,
            "priority_reason": priority_reason,
        }
        of_findings.draft(actor, row, found, pillar, values)
    return context.row


def _gap(row: Assessment, key: Any) -> Finding:
    found = row.findings.select_related("theme__pillar").filter(pk=key).first()
    if found is None or not found.is_gap:
        raise Invalid({"finding": [_("Select a finding of this assessment that is a gap.")]})
    return found


def follow_needs(needs: Sequence[Need]) -> None:
    """Mark the request to CTED as done once the needs made of the findings of an assessment are no longer drafts."""
    of_findings.follow(needs, Finding, "assessment", NEED_PROPOSED)

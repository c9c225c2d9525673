"""Helpers that make assessments for tests, each by the transitions that people would run."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assistance.assessments import transitions
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.consents import transitions as consents
from assistance.tests.cast import Cast
from assistance.workflow import editing


def values_of(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return the values of an assessment of carana that ended yesterday."""
    today = timezone.now().date()
    return {
        "state": cast.org("carana"), "kind": "audit", "language": "en", "title": "Security of airports",
        "summary": "Two airports were audited.", "themes": [cast.theme], "starts_on": today - timedelta(days=9),
        "ends_on": today - timedelta(days=1), **changes,
    }  # fmt: skip


def finding(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return a finding as a value."""
    return {
        "theme": cast.theme,
        "framework": "operational",
        "text": "No screening of staff.",
        "is_gap": True,
        **changes,
    }


def assessment(cast: Cast, stage: str = "planned", who: str = "unodc", **changes: Any) -> Assessment:
    """Return an assessment at `stage`: planned, under_way or done; with a finding that is a gap unless it is planned."""
    actor = getattr(cast, who)
    if stage != "planned":
        changes = {"findings": [finding(cast)], **changes}
    row = editing.create(actor=actor, model=Assessment, values=values_of(cast, entity=cast.org(who), **changes))
    if stage in ("under_way", "done"):
        transitions.start(actor=actor, assessment=row.pk)
    if stage == "done":
        transitions.finish(actor=actor, assessment=row.pk)
    row.refresh_from_db()
    return row


def released(cast: Cast, stage: str = "done", audience: Any = "compact", **changes: Any) -> Assessment:
    """Return an assessment that its State has released."""
    row = assessment(cast, stage, **changes)
    consents.release(actor=cast.carana, rows=[row], audience=audience)
    row.refresh_from_db()
    return row


def public(cast: Cast, stage: str = "done", **changes: Any) -> Assessment:
    """Return an assessment whose report its entity has published."""
    return assessment(cast, stage, **{"is_public": True, "public_link": "https://reports.example.org/1", **changes})


def line(row: Assessment) -> AssessmentLine:
    """Return the line of an assessment."""
    return AssessmentLine.objects.get(assessment=row)


def body(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return the body that records an assessment in the API."""
    return {
        "state": "XCA", "kind": "audit", "title": "Security of airports", "summary": "Two airports.", "themes": ["border"],
        "starts_on": "2026-03-02", "ends_on": "2026-03-06",
        "findings": [{"theme": "border", "framework": "operational", "text": "No screening of staff.", "is_gap": True}],
        **changes,
    }  # fmt: skip


def filled(cast: Cast, who: str = "unodc", **changes: Any) -> dict[str, Any]:
    """Return what the form of an assessment sends."""
    return {
        "entity": str(cast.org(who).pk), "state": str(cast.org("carana").pk), "kind": "audit", "language": "en",
        "title": "Security of airports", "summary": "", "themes": ["border"], "starts_on": "2026-03-02",
        "ends_on": "2026-03-06", **changes,
    }  # fmt: skip

"""Lines: what the whole Compact knows of assessments, kept in the transaction that changes an assessment.

An entity can say that its assessment is the same evaluation as that of another. Of lines that are the same one counts.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from assistance.access import policy, row_security
from assistance.access.audiences import audience_of, save_with_audience
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.assessments.states import AssessmentStatus
from entities.actors import Actor
from entities.models import Organisation


def follow(rows: Sequence[Assessment]) -> None:
    """Let the lines of these assessments, which have been saved, show what is known of them now."""
    with row_security.bypass():
        for row in rows:
            _follow(row)


def _follow(row: Assessment) -> None:
    line = AssessmentLine.objects.select_for_update().filter(assessment=row).first()
    if line is None:
        line = AssessmentLine(assessment=row)
        line.audience = line.owners = audience_of(())  # empty until its themes are saved
    line.assessment = row
    wanted = _facts_of(row)
    themes = set(row.themes.values_list("pk", flat=True))
    is_new = line._state.adding
    before = {} if is_new else {name: getattr(line, name) for name in wanted}
    shown = set() if is_new else set(line.themes.values_list("pk", flat=True))
    for name, value in wanted.items():
        setattr(line, name, value)
    if is_new:
        line.save(force_insert=True)
    line.themes.set(themes)
    changed = [] if is_new or (before == wanted and shown == themes) else [*wanted, "version", "modified_at"]
    line.version += bool(changed)
    save_with_audience(line, changed)
    if row.status == AssessmentStatus.CANCELLED:
        AssessmentLine.objects.filter(same_as=line).update(same_as=None)  # each of them counts again


def _facts_of(row: Assessment) -> dict[str, Any]:
    same = row.same_as if row.same_as_id else None
    return {
        "entity": row.entity,
        "state": row.state,
        "kind": row.kind,
        "year": row.ends_on.year,
        "same_as": None if same is None or same.is_cancelled else same,
        "is_cancelled": row.status == AssessmentStatus.CANCELLED,
    }


def line_of(row: Assessment) -> AssessmentLine | None:
    """Return the line of an assessment; None for one that is being recorded."""
    return None if row._state.adding else AssessmentLine.objects.filter(assessment=row).first()


def counted(lines: QuerySet[AssessmentLine]) -> QuerySet[AssessmentLine]:
    """Return those of the lines that count: without cancelled ones, and those that are the same evaluation as another."""
    return lines.filter(same_as=None, is_cancelled=False)


def lines_seen(actor: Actor) -> QuerySet[AssessmentLine]:
    """Return the lines that this actor sees, with what lists show of them."""
    seen = policy.visible(actor, AssessmentLine).select_related("entity", "state", "same_as__entity")
    return seen.prefetch_related("themes")


def selectable(actor: Actor, own: Sequence[Organisation]) -> QuerySet[AssessmentLine]:
    """Return the lines of other entities that an assessment of one of these organizations can be the same as."""
    lines = counted(policy.visible(actor, AssessmentLine))
    return lines.exclude(entity__in=[one.pk for one in own]).order_by("-year", "state__slug", "entity__slug", "pk")

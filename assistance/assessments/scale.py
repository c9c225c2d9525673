"""Assessments of the scale data, with their lines."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from assistance.assessments.models import Assessment, AssessmentLine
from assistance.assessments.states import AssessmentKind, AssessmentStatus
from assistance.scale.loading import Scale
from assistance.scale.tables import copy, copy_pairs
from assistance.scale.texts import LANGUAGES, translated
from entities.groups import COMPACT
from entities.models import Organisation

NEEDS = 50  # for one assessment


@dataclass(frozen=True)
class AssessmentFacts:
    """What the line must know of an assessment."""

    key: UUID
    entity: Organisation
    state: Organisation
    kind: str
    ends_on: date
    created: datetime


def load(scale: Scale) -> None:
    """Write the assessments, none of them released and a tenth published, their lines, and the themes of both."""
    rows = [_facts(scale) for _number in range(max(1, scale.sizes.needs // NEEDS))]
    scale.count("assessments", copy(Assessment, (_assessment(scale, row) for row in rows)))
    lines = {row.key: scale.key() for row in rows}
    copy(AssessmentLine, (_line(scale, row, lines[row.key]) for row in rows))
    themes = {row.key: scale.chance.sample(scale.themes, 2) for row in rows}
    copy_pairs(Assessment.themes, ((key, theme.pk) for key, own in themes.items() for theme in own))
    copy_pairs(AssessmentLine.themes, ((lines[key], theme.pk) for key, own in themes.items() for theme in own))


def _facts(scale: Scale) -> AssessmentFacts:
    chance, created = scale.chance, scale.moment()
    entity, state = chance.choice(scale.providers), chance.choice(scale.states)
    return AssessmentFacts(
        scale.key(), entity, state, chance.choice(AssessmentKind.values), created.date() + timedelta(days=40), created
    )


def _assessment(scale: Scale, row: AssessmentFacts) -> dict[str, Any]:
    is_public = scale.chance.random() < 0.1
    return {
        "id": row.key, "entity_id": row.entity.pk, "state_id": row.state.pk, "kind": row.kind,
        "language": scale.chance.choice(LANGUAGES), "starts_on": row.ends_on - timedelta(days=10), "ends_on": row.ends_on,
        "is_public": is_public, "public_link": "https://reports.example.org/" if is_public else "",
        "status": AssessmentStatus.DONE, "created_by_id": scale.post_at(row.entity).user,
        **translated(scale.chance, "title", 5), **translated(scale.chance, "summary", 40), **scale.dates(row.created),
        **scale.audiences({row.entity.group_id, row.state.group_id}, {COMPACT} if is_public else ()),
    }  # fmt: skip


def _line(scale: Scale, row: AssessmentFacts, key: UUID) -> dict[str, Any]:
    return {
        "id": key, "assessment_id": row.key, "entity_id": row.entity.pk, "state_id": row.state.pk, "kind": row.kind,
        "year": row.ends_on.year, **scale.dates(row.created),
        **scale.audiences({row.entity.group_id, row.state.group_id, COMPACT}),
    }  # fmt: skip

"""Visits and report sections of the scale data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from assistance.scale.loading import Scale
from assistance.scale.releases import Releasable, columns_of, release
from assistance.scale.tables import copy
from assistance.scale.texts import LANGUAGES, translated
from assistance.visits.models import Section, Visit
from assistance.visits.states import VisitKind, VisitMode
from entities.actors import CTED
from entities.groups import COMPACT
from entities.models import Organisation

NEEDS = 40  # for one visit
SECTIONS = 8


@dataclass(frozen=True)
class VisitFacts:
    """What needs and sections must know of a visit."""

    key: UUID
    state: Organisation
    created: datetime


def load(scale: Scale) -> None:
    """Write the visits, and the sections of their reports."""
    scale.facts["visit"] = facts = [
        VisitFacts(scale.key(), scale.chance.choice(scale.states), scale.moment())
        for _number in range(max(1, scale.sizes.needs // NEEDS))
    ]
    scale.count("visits", copy(Visit, (_visit(scale, visit) for visit in facts)))
    scale.facts["section"] = []
    scale.count("sections", copy(Section, _sections(scale, facts)))
    asker = scale.post_at(scale.offices[CTED])
    scale.events(
        {"at": visit.created, "name": "visit_recorded", "visit_id": visit.key, "post": asker} for visit in facts
    )


def _visit(scale: Scale, visit: VisitFacts) -> dict[str, Any]:
    begins = visit.created.date() - timedelta(days=scale.chance.randrange(10, 60))
    return {
        "id": visit.key, "state_id": visit.state.pk, "kind": scale.chance.choice(VisitKind.values),
        "mode": scale.chance.choice(VisitMode.values), "starts_on": begins, "ends_on": begins + timedelta(days=4),
        "created_by_id": scale.post_at(scale.offices[CTED]).user, **scale.dates(visit.created),
        **scale.audiences((scale.cted, scale.unoct, COMPACT, visit.state.group_id)),
    }  # fmt: skip


def _sections(scale: Scale, visits: list[VisitFacts]) -> Iterator[dict[str, Any]]:
    for visit in visits:
        for number in range(1, SECTIONS + 1):
            row = Releasable(scale.key(), visit.state, release(scale, visit.created))
            scale.facts["section"].append(row)
            yield {
                "id": row.key, "visit_id": visit.key, "number": number, "language": scale.chance.choice(LANGUAGES),
                **translated(scale.chance, "title", 5), **translated(scale.chance, "text", 60),
                **scale.dates(visit.created), **columns_of(scale, row, (scale.cted, visit.state.group_id)),
            }  # fmt: skip

"""Projects of the scale data: six of ten imported, the others recorded here."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from assistance.projects.models import Party, Project
from assistance.projects.states import PartyRole, ProjectStatus
from assistance.scale.loading import Scale
from assistance.scale.tables import copy, copy_pairs
from assistance.scale.texts import LANGUAGES, translated
from entities.groups import COMPACT, MEMBERS

NEEDS = 0.3  # of a project recorded here: how many address a need


def load(scale: Scale) -> None:
    """Write the projects with their parties, States, themes and needs."""
    pairs: dict[str, list[tuple[object, object]]] = {"states": [], "themes": [], "needs": []}
    parties: list[dict[str, Any]] = []
    scale.count("projects", copy(Project, _projects(scale, pairs, parties)))
    scale.count("parties", copy(Party, parties))
    for name, own in pairs.items():
        copy_pairs(getattr(Project, name), own)


def _projects(
    scale: Scale, pairs: dict[str, list[tuple[object, object]]], parties: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    chance = scale.chance
    for number in range(scale.sizes.projects):
        key, lead = scale.key(), chance.choice(scale.providers)
        imported, restricted = chance.random() < 0.6, chance.random() < 0.1
        states = chance.sample(scale.states, chance.choice((1, 1, 1, 2, 5)))
        funding = chance.choice(scale.providers)
        pairs["states"] += [(key, state.pk) for state in states]
        pairs["themes"] += [(key, theme.pk) for theme in chance.sample(scale.themes, 2)]
        parties.append({"id": scale.key(), "project_id": key, "organisation_id": funding.pk, "role": PartyRole.FUNDING})
        if not imported and chance.random() < NEEDS and scale.facts["need"]:
            pairs["needs"].append((key, chance.choice(scale.facts["need"]).key))
        begins = scale.now.date() - timedelta(days=chance.randrange(-200, 1500))
        owners = {MEMBERS} if imported else {lead.group_id, funding.group_id}
        if not imported and not restricted:
            owners |= {COMPACT, *(state.group_id for state in states)}
        yield {
            "id": key, "lead_id": lead.pk, "language": chance.choice(LANGUAGES), "is_restricted": restricted,
            "status": chance.choice(ProjectStatus.values), "planned_start": begins,
            "planned_end": begins + timedelta(days=chance.randrange(100, 900)), "budget": chance.randrange(10_000, 5_000_000),
            "currency": "USD", "origin": "Scale data" if imported else "",
            "iati_identifier": f"XX-SCALE-{number}" if imported else None,
            "confirmed_at": None if imported else scale.now,
            "created_by_id": None if imported else scale.post_at(lead).user,
            **translated(chance, "title", 6), **translated(chance, "description", 20), **scale.dates(scale.moment()),
            **scale.audiences(owners),
        }  # fmt: skip

"""What the page of a project, and the pages of decisions over it, show of its partners and results."""

from typing import Any

from assistance.projects import targets
from assistance.projects.models import Party, Project
from assistance.projects.result_table import table_of
from assistance.projects.sessions import trained_in
from assistance.projects.states import ROLES_IN, Phase
from entities.actors import Actor


def about_project(actor: Actor, project: Project) -> dict[str, Any]:
    """Return the phases, percentages, results and sessions of a project; targets of rounds as far as the actor sees them."""
    table = table_of(project)
    found = targets.targets_of(actor, [line.indicator for line in table])
    for line in table:
        line.indicator.consulted = found.get(line.indicator.pk)  # type: ignore[attr-defined]
    return {
        "phases": phases_of(project),
        "shares": project.shares.select_related("state"),
        "table": table,
        "trained": trained_in(project),
    }


def phases_of(project: Project) -> list[tuple[Phase, list[Party]]]:
    """Return the phases of a project with the partners that take part in each; empty where none takes part in any."""
    parties = list(project.parties.all())
    found = [(phase, [one for one in parties if one.role in roles]) for phase, roles in ROLES_IN.items()]
    return found if any(own for _phase, own in found) else []

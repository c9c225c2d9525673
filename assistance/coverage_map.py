"""The map of assistance: for each State what is requested, planned, ongoing and completed, as visible to a reader."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber

from assistance.access import policy
from assistance.needs.models import Need
from assistance.projects.models import Project
from assistance.projects.states import ProjectStatus
from assistance.visits.models import Visit
from entities.actors import Actor
from entities.models import Organisation
from web.translated_text import columns_in_languages

# The four of seed 001; suspended and cancelled projects are listed after them.
FOUR = (ProjectStatus.REQUESTED, ProjectStatus.PLANNED, ProjectStatus.ONGOING, ProjectStatus.COMPLETED)
SHOWN = 8


@dataclass
class Group:
    """The projects of one status: their number, and the latest of them."""

    status: ProjectStatus
    count: int
    latest: list[Project]

    @property
    def more(self) -> int:
        return self.count - len(self.latest)


def projects_by_status(actor: Actor, state: Organisation) -> list[Group]:
    """Return a State's projects by status, those statuses that have any. Three statements."""
    place = Window(RowNumber(), partition_by="status", order_by=("-modified_at", "-id"))
    numbered = (
        policy.visible(actor, Project)
        .filter(states=state)
        .annotate(place=place, number=Window(Count("*"), partition_by="status"))
        .order_by("place")
    )
    shown = list(numbered.filter(place__lte=SHOWN).values_list("status", "number", "pk"))
    latest = (
        policy.visible(actor, Project)
        .select_related("lead")
        .only("status", "language", "title", *columns_in_languages("title"), "lead")
        .in_bulk([pk for _status, _number, pk in shown])
    )
    counts = {status: number for status, number, _pk in shown}
    return [
        Group(status, counts[status], [latest[pk] for other, _number, pk in shown if other == status and pk in latest])
        for status in ProjectStatus
        if status in counts
    ]


def visits_to(actor: Actor, state: Organisation) -> QuerySet[Visit]:
    """Return the visits to a State that this actor sees, the latest first."""
    return policy.visible(actor, Visit).filter(state=state).order_by("-starts_on", "-id")


@dataclass
class Line:
    """One State of the overview: projects by status, and needs, as far as the reader may see."""

    state: Organisation
    needs: int = 0
    projects: dict[str, int] = field(default_factory=dict)

    @property
    def four(self) -> Iterator[tuple[ProjectStatus, int]]:
        return ((status, self.projects.get(status, 0)) for status in FOUR)


def overview(actor: Actor) -> list[Line]:
    """Return a line for each State with rows visible to the reader, sorted by name in their language. Three queries."""
    lines: dict[Any, Line] = {}
    projects = policy.visible(actor, Project).filter(states__isnull=False).order_by()
    found = list(projects.values_list("states", "status").annotate(number=Count("*")))
    needs = dict(policy.visible(actor, Need).order_by().values_list("state").annotate(number=Count("*")))
    for state in Organisation.objects.filter(pk__in={*needs, *(pk for pk, _s, _n in found)}).by_name():
        lines[state.pk] = Line(state, needs.get(state.pk, 0))
    for pk, status, count in found:
        lines[pk].projects[status] = count
    return list(lines.values())

"""The budgets of the projects in a State: each activity once, by currency, as far as a reader sees the projects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from assistance.access import policy
from assistance.projects.models import Project, StateShare
from assistance.projects.states import WHOLE, ProjectStatus
from entities.actors import Actor
from entities.models import Organisation

CENT = Decimal("0.01")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Budgets:
    """Sums by currency, of how many projects, and of how many of them the whole budget counts for lack of percentages."""

    by_currency: list[tuple[str, Decimal]]
    projects: int
    whole: int


def budgets_in(actor: Actor, state: Organisation) -> Budgets:
    """Return the budgets in a State of the projects that this actor sees, without cancelled ones.

    Of a project with percentages, that of the State counts. Two statements, and one for each level of joint projects.
    """
    elsewhere = Project.states.through.objects.filter(project=OuterRef("pk")).exclude(organisation=state.pk)
    share = StateShare.objects.filter(project=OuterRef("pk"), state=state.pk).values("percent")
    seen = policy.visible(actor, Project).order_by()
    rows = seen.filter(states=state).exclude(status=ProjectStatus.CANCELLED).annotate(
        share=Subquery(share), elsewhere=Exists(elsewhere)
    )  # fmt: skip
    found = {row["pk"]: row for row in rows.values(*LINKS, "budget", "currency", "share", "elsewhere")}
    chosen = [row for row in counted(found, _with_links(actor, found)) if row["budget"] is not None]
    sums: dict[str, Decimal] = {}
    for row in chosen:
        sums[row["currency"]] = sums.get(row["currency"], Decimal(0)) + _part(row)
    whole = sum(row["share"] is None and row["elsewhere"] for row in chosen)
    return Budgets(sorted(sums.items()), len(chosen), whole)


LINKS = ("pk", "parent_id", "same_as_id")


def _part(row: Row) -> Decimal:
    share = WHOLE if row["share"] is None else row["share"]
    part: Decimal = (row["budget"] * share / WHOLE).quantize(CENT)
    return part


def _with_links(actor: Actor, rows: Mapping[UUID, Row]) -> dict[UUID, Row]:
    """Return these projects and, of those that the actor sees, all to which they lead: they may be in no State."""
    known = dict(rows)
    while True:
        linked = {row[name] for row in known.values() for name in ("parent_id", "same_as_id")} - {None, *known}
        more = policy.visible(actor, Project).filter(pk__in=linked).order_by().values(*LINKS) if linked else ()
        if not (found := {row["pk"]: row for row in more}):
            return known
        known |= found


def counted(rows: Mapping[UUID, Row], links: Mapping[UUID, Row]) -> list[Row]:
    """Return those of the rows that count: one of each activity, and none that is a part of another one with a budget.

    `links` has all projects over which one of them leads to another.
    """
    group = _groups(links.values())
    above: dict[UUID, set[UUID]] = {}
    for row in links.values():
        if row["parent_id"] in links and group[row["pk"]] != group[row["parent_id"]]:
            above.setdefault(group[row["pk"]], set()).add(group[row["parent_id"]])
    best: dict[UUID, Row] = {}
    for row in sorted(rows.values(), key=lambda row: (row["budget"] is None, row["same_as_id"] is not None, row["pk"])):
        best.setdefault(group[row["pk"]], row)
    with_budget = {key for key, row in best.items() if row["budget"] is not None}
    return [row for key, row in best.items() if not _ancestors(key, above) & with_budget]


def _groups(rows: Iterable[Row]) -> dict[UUID, UUID]:
    """Return project → the key of its activity, the same for all records of one activity."""
    members = {row["pk"]: {row["pk"]} for row in rows}
    for key, row in [(row["pk"], row) for row in rows]:
        other = row["same_as_id"]
        if other in members and members[other] is not members[key]:
            joined = members[key] | members[other]
            for one in joined:
                members[one] = joined
    return {key: min(joined) for key, joined in members.items()}


def _ancestors(key: UUID, above: Mapping[UUID, set[UUID]]) -> set[UUID]:
    """Return the activities of which one is a part, at any distance."""
    found: set[UUID] = set()
    waiting = set(above.get(key, ()))
    while waiting:
        found |= waiting
        waiting = {other for one in waiting for other in above.get(one, ())} - found
    return found - {key}

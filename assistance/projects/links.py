"""How projects belong together: parts of a joint project, and records of the same activity by two publishers."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.projects.models import Party, Project
from assistance.workflow.engine import transition
from entities.actors import Actor
from entities.models import Organisation
from web.exceptions import Invalid


# ── Parts of a joint project ──
def parents_for(actor: Actor, own: Iterable[Organisation], now: UUID | None) -> QuerySet[Project]:
    """Return the projects of which one that is led by these organisations can be a part: those that name one of them.

    With the one of which it is a part `now`.
    """
    keys = [organisation.pk for organisation in own]
    named = Q(lead__in=keys) | Q(pk__in=Party.objects.filter(organisation__in=keys).values("project"))
    return policy.visible(actor, Project).filter(Q(named, origin="") | Q(pk=now))


def check_parent(project: Project) -> None:
    """Raise Invalid for another parent than before, if it is the project or one of its parts, or does not name its lead."""
    key = project.parent_id
    if key is None or Project.objects.filter(pk=project.pk, parent=key).exists():
        return
    names = Q(lead=project.lead_id) | Q(parties__organisation=project.lead_id)
    if not Project.objects.filter(names, pk=key).exists():
        raise Invalid({"parent": [_("Select a project that your organization leads or takes part in.")]})
    seen = {project.pk}
    while key is not None:
        if key in seen:
            raise Invalid({"parent": [_("A project cannot be a part of itself or of one of its parts.")]})
        seen.add(key)
        # Locked, so that two projects cannot become parts of each other at once.
        key = Project.objects.select_for_update().values_list("parent_id", flat=True).get(pk=key)


# ── The same activity ──
def publisher(actor: Actor, project: Project) -> Iterable[UUID | None]:
    """Return who may say of which project this one is another record: its lead, also of an imported one."""
    return [project.lead_id]


def selectable(actor: Actor, project: Project) -> QuerySet[Project]:
    """Return the projects of other publishers that this one can be the same as: in one of its States, if it has any."""
    rows = policy.visible(actor, Project).exclude(pk=project.pk)
    rows = rows.exclude(origin=project.origin) if project.is_imported else rows.exclude(lead=project.lead_id, origin="")
    states = list(project.states.values_list("pk", flat=True))
    return rows.filter(states__in=states).distinct() if states else rows.filter(states=None)


def link(*, actor: Actor, project: object, same: Project | None = None, version: int | None = None) -> Project:
    """Record of which other project this one is the same activity, or that of none. Returns the project.

    Raises Invalid for a project of the same publisher, or one of which the other is a part.
    """
    with transition(actor, Project, project, "same-as", version=version) as context:
        if same is not None:
            _check_same(context.row, same)
        context.set(same_as=same)
    return context.row


def _check_same(project: Project, other: Project) -> None:
    if (project.origin, project.origin or project.lead_id) == (other.origin, other.origin or other.lead_id):
        raise Invalid({"same": [_("Select a project of another publisher.")]})
    if other.pk == project.parent_id or project.pk == other.parent_id:
        raise Invalid({"same": [_("A project is not the same as one of its parts.")]})


def remainder(project: Project, children: Sequence[Project]) -> Decimal | None:
    """Return the budget of a joint project without that of these parts, at least 0.

    None for one without a budget, and where no part has one or one has it in another currency.
    """
    parts = [child for child in children if child.budget is not None]
    if project.budget is None or not parts or any(child.currency != project.currency for child in parts):
        return None
    return max(project.budget - sum(child.budget or Decimal(0) for child in parts), Decimal(0))


def around(actor: Actor, project: Project) -> dict[str, Any]:
    """Return the projects that belong to one, as far as the actor sees them. Three statements."""
    seen = policy.visible(actor, Project).select_related("lead")
    above = seen.in_bulk([key for key in (project.parent_id, project.same_as_id) if key])
    children = list(seen.filter(parent=project).order_by("reference"))
    return {
        "remainder": remainder(project, children),
        "parent": above.get(project.parent_id),
        "same_as": above.get(project.same_as_id),
        "children": children,
        "also": seen.filter(same_as=project).order_by("reference"),
    }

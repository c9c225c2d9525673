"""Pending work on projects: to confirm that they are still right."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from assistance.projects.deadlines import PROJECT_CONFIRM
from assistance.projects.models import Project
from assistance.projects.states import PROJECT
from assistance.workflow.dues import days_due
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor
from web.conditions import among


def pending_projects(actor: Actor) -> list[Task]:
    """Return the projects that this actor is asked to confirm for their lead, the longest unconfirmed first."""
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []

    def unconfirmed(projects: QuerySet[Project], mine: list[UUID]) -> QuerySet[Project]:
        asked = projects.filter(dues__kind=PROJECT_CONFIRM, dues__done_at=None, dues__rung__gt=0)
        return asked.filter(among("lead", mine, "uuid")).order_by("confirmed_at")

    found = named_rows(actor, Project, "unconfirmed", unconfirmed, [mine], MOST)
    days, text = days_due(actor, found, PROJECT_CONFIRM), pgettext_lazy("task", "Project to be confirmed")
    return [Task.of(row, text, PROJECT["confirm"], since=row.confirmed_at, due=days.get(row.pk)) for row in found]

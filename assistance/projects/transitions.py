"""The transition of a project."""

from django.utils import timezone

from assistance.projects.models import Project
from assistance.workflow.engine import transition
from entities.actors import Actor


def confirm(*, actor: Actor, project: object, version: int | None = None) -> Project:
    """Record that its lead says the project is still right. Returns the project."""
    with transition(actor, Project, project, "confirm", version=version) as context:
        context.set(confirmed_at=timezone.now())
    return context.row

"""Comments of States on projects: rows that are only added, and read by their own people, the lead and the partners.

They change nothing of the project itself, so they are no transitions.
"""

from django.db import transaction
from django.db.models import QuerySet

from assistance.access import policy, row_security
from assistance.projects.models import Project, ProjectComment
from assistance.projects.rules import is_in_team
from assistance.projects.states import COMMENTED
from assistance.workflow.comments import check_comment
from assistance.workflow.engine import record
from entities.actors import Actor


def add(*, actor: Actor, project: object, text: str) -> ProjectComment:
    """Comment on a project, for a State in which it takes place. Returns the comment.

    Raises NotVisible, Forbidden, Invalid without a text or for one that is too long.
    """
    check_comment(text)
    with transaction.atomic():
        row = policy.get(actor, Project, project, lock=True)
        appointment = policy.require(actor, "project_state", row)
        with row_security.bypass():
            comment = ProjectComment.objects.create(
                project=row, organisation=appointment.organisation, text=text, by=actor.user
            )
            record(COMMENTED, row, actor=actor, appointment=appointment, before=row.status)
    return comment


def comments_on(actor: Actor, project: Project) -> QuerySet[ProjectComment]:
    """Return the comments on a project that this actor reads, the oldest first: the team all, others those of their State.

    Whoever views as another reads of these what they would read themselves.
    """
    rows = project.comments.select_related("by", "organisation")
    for reader in filter(None, (actor, actor.viewer)):
        if not is_in_team(reader, project):
            rows = rows.filter(organisation__in=[one.pk for one in reader.organisations])
    return rows

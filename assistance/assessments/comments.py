"""Comments on an assessment: rows that are only added, by the State and the entity, and read by these two alone.

They change nothing of the assessment itself, so they are no transitions.
"""

from django.db import transaction

from assistance.access import policy, row_security
from assistance.assessments.models import Assessment, Comment
from assistance.workflow.comments import check_comment
from assistance.workflow.engine import record
from entities.actors import Actor


def add(*, actor: Actor, assessment: object, text: str) -> Comment:
    """Comment on an assessment, for the State or the entity. Returns the comment.

    Raises NotVisible, Forbidden, Invalid without a text or for one that is too long.
    """
    check_comment(text)
    with transaction.atomic():
        row = policy.get(actor, Assessment, assessment, lock=True)
        appointment = policy.require(actor, "entity_or_state", row)
        with row_security.bypass():
            comment = Comment.objects.create(
                assessment=row, text=text, by=actor.user, organisation=appointment.organisation
            )
            record("assessment_commented", row, actor=actor, appointment=appointment, before=row.status)
    return comment

"""Pending work on assessments: the entity is asked whether one has finished."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assistance.assessments.deadlines import FINISH
from assistance.assessments.models import Assessment
from assistance.assessments.rules import entities_of
from assistance.assessments.states import ASSESSMENT, AssessmentStatus
from assistance.workflow.dues import days_due
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor
from web.conditions import among

STEPS = {AssessmentStatus.PLANNED: ASSESSMENT["start"], AssessmentStatus.UNDER_WAY: ASSESSMENT["finish"]}


def pending(actor: Actor) -> list[Task]:
    """Return the assessments of which this actor is asked whether they have finished, the longest ended first."""
    mine = [one.pk for one in entities_of(actor)]
    if not mine:
        return []

    def asked(rows: QuerySet[Assessment], mine: list[UUID]) -> QuerySet[Assessment]:
        waiting = rows.filter(dues__kind=FINISH, dues__done_at=None, dues__rung__gt=0)
        return waiting.filter(among("entity", mine, "uuid")).order_by("ends_on", "pk")

    found = named_rows(actor, Assessment, "asked", asked, [mine], MOST)
    days = days_due(actor, found, FINISH)
    text = _("Say whether the assessment has finished")
    return [Task.of(row, text, STEPS[AssessmentStatus(row.status)], since=None, due=days.get(row.pk)) for row in found]

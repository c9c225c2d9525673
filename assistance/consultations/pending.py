"""Pending work on rounds: the State comments on one that was closed, CTED closes one that has ended."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assistance.consultations.models import Round
from assistance.consultations.states import ROUND, RoundStatus
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor
from web.conditions import among


def pending(actor: Actor) -> list[Task]:
    """Return the rounds that wait for this actor, by the day on which they are due."""
    found: list[Task] = []
    if states := [one.pk for one in actor.states()]:
        found += _of_state(actor, states)
    if actor.is_cted:
        found += _of_cted(actor)
    return found


def _of_state(actor: Actor, states: list[UUID]) -> list[Task]:
    def uncommented(rows: QuerySet[Round], mine: list[UUID], today: date) -> QuerySet[Round]:
        waiting = rows.filter(status=RoundStatus.CLOSED, comments_until__gte=today, comments=None)
        return waiting.filter(among("state", mine, "uuid")).order_by("comments_until", "pk")

    rows = named_rows(actor, Round, "uncommented", uncommented, [states, timezone.now().date()], MOST)
    text = _("Comment on the findings of a round of consultations")
    return [Task.of(row, text, ROUND["comment"], since=row.modified_at, due=row.comments_until) for row in rows]


def _of_cted(actor: Actor) -> list[Task]:
    def ended(rows: QuerySet[Round], today: date) -> QuerySet[Round]:
        return rows.filter(status=RoundStatus.OPEN, ends_on__lt=today).order_by("ends_on", "pk")

    rows = named_rows(actor, Round, "ended", ended, [timezone.now().date()], MOST)
    text = _("Record the findings of a round of consultations and close it")
    return [Task.of(row, text, ROUND["close"], since=None, due=row.ends_on) for row in rows]

"""Pending work on delivery: reports that are due, ends to confirm or dispute, feedback to give."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.delivery.deadlines import REPORT
from assistance.delivery.rules import END, state_alone
from assistance.needs.models import Match
from assistance.needs.states import MATCH, MatchStatus
from assistance.workflow.models import Due
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor
from web.conditions import among

SOON = timedelta(days=14)  # before its day, a report is asked for


def pending(actor: Actor) -> list[Task]:
    """Return the tasks of this actor: reports for the provider; for the State, ends to answer and feedback to give."""
    return [*_reports(actor), *_ends(actor), *_feedback(actor)]


def _reports(actor: Actor) -> list[Task]:
    mine = [one.pk for one in actor.providers()]
    if not mine:
        return []
    soon = timezone.now() + SOON
    dues = policy.visible(actor, Due).filter(kind=REPORT, done_at=None, owed_by__in=mine, due_at__lte=soon)
    due_of = {due.match_id: due for due in dues.select_related("owed_by").order_by("due_at")[:MOST]}

    def running(matches: QuerySet[Match], keys: list[UUID]) -> QuerySet[Match]:
        return matches.filter(among("pk", keys, "uuid"), status=MatchStatus.IN_DELIVERY)

    rows = named_rows(actor, Match, "report due", running, [list(due_of)], MOST) if due_of else []
    text = pgettext_lazy("task", "Quarterly report due")
    # The page that a task opens has the words of its first step: the choice there is between the two reports.
    found = [(row, due_of[row.pk]) for row in rows]
    return [Task.of(row, text, MATCH["deliver"], since=due.starts_at, due=due.due_on) for row, due in found]


def _ends(actor: Actor) -> list[Task]:
    mine = [one.pk for one in actor.states()]
    if not mine:
        return []

    def ended(matches: QuerySet[Match], mine: list[UUID]) -> QuerySet[Match]:
        open_ones = matches.filter(among("need__state", mine, "uuid"), status=MatchStatus.ENDED, end_settled_at=None)
        return open_ones.order_by("ended_at")

    rows = [row for row in named_rows(actor, Match, "ended", ended, [mine], MOST) if any(state_alone(actor, row))]
    dues = policy.visible(actor, Due).filter(kind=END, done_at=None, match__in=rows).select_related("owed_by")
    due_on = {due.match_id: due.due_on for due in dues} if rows else {}
    text = pgettext_lazy("task", "Assistance ended by the provider: is that so?")
    others = pgettext_lazy("task", "End of a match awaiting a response by the State")
    return [
        Task.of(row, text, MATCH["confirm-end"], since=row.ended_at, due=due_on.get(row.pk), for_others=others)
        for row in rows
    ]


def _feedback(actor: Actor) -> list[Task]:
    mine = [one.pk for one in actor.states()]
    if not mine:
        return []

    def verified(matches: QuerySet[Match], mine: list[UUID]) -> QuerySet[Match]:
        done = matches.filter(among("need__state", mine, "uuid"), status=MatchStatus.DELIVERED, feedback=None)
        return done.exclude(verified_share=None).order_by("modified_at")

    rows = [row for row in named_rows(actor, Match, "feedback", verified, [mine], MOST) if any(state_alone(actor, row))]
    text = pgettext_lazy("task", "Feedback on the assistance")
    others = pgettext_lazy("task", "Feedback of the State on the assistance")
    return [Task.of(row, text, MATCH["feedback"], since=row.modified_at, for_others=others) for row in rows]

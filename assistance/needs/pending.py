"""Pending work on needs and matches: to agree, to answer, to deliver, to verify."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.needs.deadlines import lapse_days
from assistance.needs.models import Match, Need
from assistance.needs.states import MatchStatus, NeedStatus
from assistance.workflow.naming import with_names
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor


def pending_needs(actor: Actor) -> list[Task]:
    """Return the tasks of this actor on needs: for the State to agree, for CTED to verify or to put to the State."""
    needs = policy.visible(actor, Need)
    put = needs.filter(state__in=[state.pk for state in actor.states()], status=NeedStatus.PUT_TO_STATE)
    found = (
        _need_tasks(put, pgettext_lazy("task", "Need awaiting your agreement"), "put_to_state_at")
        if actor.states()
        else []
    )
    if not actor.is_cted:
        return found
    delivered, draft = needs.filter(status=NeedStatus.DELIVERED), needs.filter(status=NeedStatus.DRAFT)
    return [
        *found,
        *_need_tasks(delivered, pgettext_lazy("task", "Assistance awaiting verification"), "modified_at"),
        *_need_tasks(draft, pgettext_lazy("task", "Need not yet sent to the Member State"), "created_at"),
    ]


def pending_matches(actor: Actor) -> list[Task]:
    """Return the tasks of this actor on matches: to answer for the State or the provider, to report delivery."""
    return [*_for_state(actor), *_for_provider(actor)]


def _for_state(actor: Actor) -> list[Task]:
    mine = [state.pk for state in actor.states()]
    if not mine:
        return []
    proposed = policy.visible(actor, Match).filter(need__state__in=mine, status=MatchStatus.PROPOSED)
    return _match_tasks(proposed, pgettext_lazy("task", "Offer awaiting your response"))


def _for_provider(actor: Actor) -> list[Task]:
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []
    matches = policy.visible(actor, Match).filter(provider__in=mine)
    asked = matches.filter(status=MatchStatus.SUGGESTED)
    accepted = matches.filter(status=MatchStatus.ACCEPTED)
    running = matches.filter(status=MatchStatus.IN_DELIVERY)
    return [
        *_match_tasks(asked, pgettext_lazy("task", "Match suggested by CTED awaiting your response")),
        *_match_tasks(accepted, pgettext_lazy("task", "Accepted offer awaiting start of delivery"), due=lambda m: None),
        *_match_tasks(running, pgettext_lazy("task", "Assistance in progress"), due=lambda m: m.need.deadline),
    ]


def _need_tasks(rows: QuerySet[Need], text: Any, since: str) -> list[Task]:
    return [
        Task.of(n, text, since=getattr(n, since), due=n.deadline, url=reverse("need-decide", args=[n.pk]))
        for n in with_names(rows).order_by(since)[:MOST]
    ]


def _match_tasks(rows: QuerySet[Match], text: Any, *, due: Callable[[Match], date | None] | None = None) -> list[Task]:
    """Return the tasks of matches; by default due on the day on which an unanswered match lapses."""
    found = list(with_names(rows).order_by("waiting_since")[:MOST])
    due = due or lapse_days(found)
    return [
        Task.of(m, text, since=m.waiting_since, due=due(m), url=reverse("match-decide", args=[m.pk])) for m in found
    ]

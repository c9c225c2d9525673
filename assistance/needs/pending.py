"""Pending work on needs and matches: to agree, to answer, to deliver, to verify."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.needs import rules
from assistance.needs.deadlines import lapse_days
from assistance.needs.models import Match, Need
from assistance.needs.states import MATCH, NEED, MatchStatus, NeedStatus
from assistance.workflow.naming import only_names
from assistance.workflow.pending_work import MOST, Task
from assistance.workflow.transition import Transition
from entities.actors import Actor


def pending_needs(actor: Actor) -> list[Task]:
    """Return the tasks of this actor on needs: for the State to agree, for CTED to put to the State, for both to verify."""
    needs = policy.visible(actor, Need)
    own = Q(state__in=[state.pk for state in actor.states()])
    found: list[Task] = []
    if actor.states():
        put = needs.filter(own, status=NeedStatus.PUT_TO_STATE)
        text = pgettext_lazy("task", "Need awaiting your agreement")
        others = pgettext_lazy("task", "Need awaiting agreement by the State")
        found += _need_tasks(put, text, NEED["agree"], "put_to_state_at", for_others=others)
    if actor.states() or actor.is_cted:
        delivered = needs.filter(Q() if actor.is_cted else own, status=NeedStatus.DELIVERED)
        text = pgettext_lazy("task", "Assistance awaiting verification")
        found += _need_tasks(delivered.prefetch_related("matches"), text, NEED["verify"], "modified_at", actor)
    if actor.is_cted:
        draft = needs.filter(status=NeedStatus.DRAFT)
        text = pgettext_lazy("task", "Need not yet sent to the Member State")
        found += _need_tasks(draft, text, NEED["put-to-state"], "created_at")
    return found


def pending_matches(actor: Actor) -> list[Task]:
    """Return the tasks of this actor on matches: to answer for the State or the provider, to report delivery."""
    return [*_for_state(actor), *_for_provider(actor)]


def _for_state(actor: Actor) -> list[Task]:
    mine = [state.pk for state in actor.states()]
    if not mine:
        return []
    proposed = policy.visible(actor, Match).filter(need__state__in=mine, status=MatchStatus.PROPOSED)
    text = pgettext_lazy("task", "Offer awaiting your response")
    others = pgettext_lazy("task", "Offer awaiting a response by the State")
    return _match_tasks(proposed, text, MATCH["accept"], for_others=others)


def _for_provider(actor: Actor) -> list[Task]:
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []
    matches = policy.visible(actor, Match).filter(provider__in=mine)
    asked = matches.filter(status=MatchStatus.SUGGESTED)
    accepted = matches.filter(status=MatchStatus.ACCEPTED)
    running = matches.filter(status=MatchStatus.IN_DELIVERY)
    to_answer = pgettext_lazy("task", "Match suggested by CTED awaiting your response")
    others = pgettext_lazy("task", "Match suggested by CTED awaiting a response by the provider")
    to_start = pgettext_lazy("task", "Accepted offer awaiting start of delivery")
    to_report = pgettext_lazy("task", "Assistance in progress")
    return [
        *_match_tasks(asked, to_answer, MATCH["accept"], for_others=others),
        *_match_tasks(accepted, to_start, MATCH["start"], due=lambda m: None),
        *_match_tasks(running, to_report, MATCH["deliver"], due=lambda m: m.need.deadline),
    ]


def _need_tasks(
    rows: QuerySet[Need],
    text: Any,
    step: Transition,
    since: str,
    verifier: Actor | None = None,
    *,
    for_others: Any = "",
) -> list[Task]:
    """Return the tasks of needs; the day on which the assistance is required is not the day on which they are due.

    Those that the `verifier`, if one is given, may not verify are left out.
    """
    found = only_names(rows).order_by(since)[: MOST if verifier is None else 5 * MOST]
    due = [need for need in found if verifier is None or any(rules.verifier(verifier, need))][:MOST]
    return [
        Task.of(need, text, step, since=getattr(need, since), required_by=need.deadline, for_others=for_others)
        for need in due
    ]


def _match_tasks(
    rows: QuerySet[Match],
    text: Any,
    step: Transition,
    *,
    due: Callable[[Match], date | None] | None = None,
    for_others: Any = "",
) -> list[Task]:
    """Return the tasks of matches; by default due on the day on which an unanswered match lapses."""
    found = list(only_names(rows).order_by("waiting_since")[:MOST])
    due = due or lapse_days(found)
    return [Task.of(m, text, step, since=m.waiting_since, due=due(m), for_others=for_others) for m in found]

"""Messages about plans and their steps: event names, and who is notified."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.consultations.rules import team_of
from assistance.plans.rules import verifying
from assistance.plans.states import PlanKind, StepStatus
from assistance.workflow.messages import RELEASED_TOGETHER, WITHDRAWN_TOGETHER
from assistance.workflow.notifications import (
    ANSWER_REASON,
    AUDIENCE_REASON,
    PARTY_REASON,
    Rule,
    cted,
    everyone,
    state,
)
from entities.actors import CTED, UNOCT

VERIFY_REASON = _("You receive this because your organization verifies the steps of plans.")
PUT, FINISHED, REMOVED = "plan_put", "step_finished", "step_removed"

PLAN_EVENTS: Mapping[str, str | Promise] = {
    "plan_drafted": _("Plan drafted"),
    "plan_edited": _("Plan edited"),
    PUT: _("Plan submitted to the State"),
    "plan_commented": _("Plan returned with comments"),
    "plan_agreed": _("Plan agreed"),
    "plan_revised": _("New version of the plan started"),
    "plan_released": _("Plan released"),
    "consent_withdrawn": pgettext_lazy("event", "Consent withdrawn"),
}
STEP_EVENTS: Mapping[str, str | Promise] = {
    "step_recorded": _("Step recorded"),
    "step_edited": _("Step edited"),
    "step_agreed": _("Step agreed"),
    "step_assigned": _("Supporting entities named"),
    "step_reported": _("Progress of the step reported"),
    FINISHED: _("Step reported as finished"),
    "step_verified": _("Step verified"),
    "step_sent_back": _("Step sent back"),
    "step_commented": _("State commented on the step"),
    "step_dropped": _("Step removed from the plan that is drafted"),
    "step_kept": _("Step kept in the plan that is drafted"),
    REMOVED: _("Step no longer planned"),
}


def drafter(row: Any) -> set[object]:
    """Return the office that drafts a plan, as a party."""
    return {CTED if row.kind == PlanKind.ROADMAP else UNOCT}


def verifiers(row: Any) -> set[object]:
    """Return who verifies a step, as parties: not the entities that support it."""
    offices: set[object] = set(verifying(row.kind))
    return offices - {one.slug for one in row.helpers.all()}


def team(row: Any) -> set[object]:
    """Return the organizations of the team of the programme, as parties; none for a national plan."""
    return set(team_of(row.programme)) if row.programme is not None else set()


def supporters(row: Any) -> set[object]:
    """Return the entities that support a step, as parties."""
    return {one.pk for one in row.helpers.all()}


def _who_finished(row: Any) -> set[object]:
    """Return the State, and the entity that reported a step as finished if it was one."""
    last = row.reports.filter(said=StepStatus.FINISHED).order_by("at", "id").last()
    return {row.state_id, *([last.organisation_id] if last else [])}


PLAN_MESSAGES: Mapping[str, Rule] = {
    PUT: Rule(
        Message(PUT, _("%(reference)s: plan awaiting the agreement of your State"), ANSWER_REASON),
        asks=state,
        tells=(team,),
        settles=("plan_commented", "plan_revised"),
    ),
    "plan_commented": Rule(
        Message("plan_commented", _("%(reference)s: the State returned the plan with comments"), ANSWER_REASON),
        asks=drafter,
        tells=(team,),
        settles=(PUT,),
    ),
    "plan_agreed": Rule(
        Message("plan_agreed", _("%(reference)s: plan agreed"), PARTY_REASON),
        tells=(state, cted, drafter, team),
        settles=(PUT,),
    ),
    "plan_revised": Rule(
        Message("plan_revised", _("%(reference)s: new version of the plan started"), PARTY_REASON),
        tells=(state, drafter, team),
    ),
    "plan_released": Rule(
        Message("plan_released", _("%(reference)s: plan released to you"), AUDIENCE_REASON),
        RELEASED_TOGETHER,
        tells=(everyone,),
    ),
    "consent_withdrawn": Rule(
        Message("consent_withdrawn", _("%(reference)s: consent withdrawn by the State"), PARTY_REASON),
        WITHDRAWN_TOGETHER,
        tells=(cted, state),
    ),
}
STEP_MESSAGES: Mapping[str, Rule] = {
    "step_assigned": Rule(
        Message("step_assigned", _("%(reference)s: your organization supports this step"), PARTY_REASON),
        tells=(supporters,),
    ),
    "step_reported": Rule(
        Message("step_reported", _("%(reference)s: progress of a step reported"), PARTY_REASON),
        tells=(cted, drafter, state, supporters),
        settles=("step_sent_back",),
    ),
    FINISHED: Rule(
        Message(FINISHED, _("%(reference)s: step reported as finished, to be verified"), VERIFY_REASON),
        asks=verifiers,
        tells=(state, supporters),
        settles=("step_sent_back",),
    ),
    "step_verified": Rule(
        Message("step_verified", _("%(reference)s: step verified"), PARTY_REASON),
        tells=(cted, state, supporters),
        settles=(FINISHED,),
    ),
    "step_sent_back": Rule(
        Message("step_sent_back", _("%(reference)s: step sent back"), ANSWER_REASON),
        asks=_who_finished,
        tells=(cted, state, supporters),
        settles=(FINISHED,),
    ),
    REMOVED: Rule(
        Message(REMOVED, _("%(reference)s: step no longer planned"), PARTY_REASON),
        tells=(cted, state, supporters),
        settles=("step_sent_back",),
    ),
}

"""Transitions of plans and their steps."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from assistance import measures
from assistance.access import audiences, policy, row_security
from assistance.documents.transitions import attach
from assistance.needs.states import Priority
from assistance.plans import editions
from assistance.plans.editing import last_round
from assistance.plans.messages import REMOVED
from assistance.plans.models import ActionPlan, PlanEdition, PlanStep, StepComment, StepReport
from assistance.plans.rules import steps_counted
from assistance.plans.states import ANSWER_DAYS, EVIDENCE_MAX, GOES_ON, SAID, PlanStatus, StepStatus
from assistance.workflow.comments import check_comment
from assistance.workflow.engine import TransitionContext, record, record_all, require_text, transition
from entities.actors import Actor
from entities.local_days import today_of
from web.exceptions import Conflict, Invalid
from web.texts import COMMENT_MAX


# ── Plans ────────────────────────────────────────────────────────────────────
def put(*, actor: Actor, action_plan: object, version: int | None = None) -> ActionPlan:
    """Submit a plan to its State, which is asked to agree within 30 days. Returns the plan."""
    with transition(actor, ActionPlan, action_plan, "put-to-state", version=version) as context:
        _locked_steps(context.row)  # a change of a step that is under way ends first
        today = today_of(context.row.state)
        context.set(status=PlanStatus.WITH_STATE, put_on=today, answer_by=today + timedelta(days=ANSWER_DAYS))
    return context.row


def comment(*, actor: Actor, action_plan: object, text: str = "", version: int | None = None) -> ActionPlan:
    """Return a plan with the comments on its steps, for its State. Returns the plan.

    Raises Invalid without a text where no step of this version was commented on.
    """
    _check_length(text, COMMENT_MAX)
    with transition(actor, ActionPlan, action_plan, "comment", version=version) as context:
        plan = context.row
        _locked_steps(plan)  # a comment that is being written ends first
        waiting = StepComment.objects.filter(plan=plan, is_sent=False)
        if not text.strip() and not waiting.exists():
            raise Invalid({"text": [_("Enter your comment, or comment on a step first.")]})
        waiting.update(is_sent=True)
        if text.strip():
            StepComment.objects.create(plan=plan, edition=plan.edition, text=text, by=actor.user, is_sent=True)
        context.set(status=PlanStatus.DRAFT, answer_by=None)
    return context.row


def agree(*, actor: Actor, action_plan: object, version: int | None = None) -> ActionPlan:
    """Agree to a plan, for its State: its text is kept as this version, and its steps can be reported on.

    Returns the plan. The entities that support a step see it from now on.
    """
    with transition(actor, ActionPlan, action_plan, "agree", version=version) as context:
        plan, today = context.row, today_of(context.row.state)
        steps = _locked_steps(plan)
        _remove(context, _leaving(plan))
        edition = PlanEdition.objects.create(
            plan=plan, number=plan.edition, agreed_on=today, agreed_by=actor.user, put_on=plan.put_on, round=plan.round,
            header=editions.header(plan), steps=editions.frozen(plan),
        )  # fmt: skip
        StepComment.objects.filter(plan=plan, is_sent=False).update(is_sent=True)
        asked = _agree_helpers(steps)
        kept = {one["step"]: one for one in edition.steps}
        for step in steps:
            step.agreed_in, step.agreed = step.agreed_in or plan.edition, kept[str(step.pk)]
        audiences.save_with_audiences(steps, ["agreed_in"])
        PlanStep.objects.bulk_update(steps, ["agreed"], batch_size=100)
        context.set(status=PlanStatus.AGREED, agreed_on=today, answer_by=None)
        own = [step for step in steps if step.status in GOES_ON]
        if own:
            record_all(
                [TransitionContext(step, actor, context.appointment, "step_agreed", step.status) for step in own]
            )
        for step in asked:
            record("step_assigned", step, actor=actor, appointment=context.appointment)
    return context.row


def _remove(context: TransitionContext, steps: Sequence[Any]) -> None:
    """Remove steps with the version that is agreed."""
    by: Any = context.actor
    for step in steps:
        before, step.status, step.leaves = step.status, StepStatus.DROPPED, False
        step.followed_by.clear()
        audiences.save_with_audiences([step], ["status", "leaves"])
        record(REMOVED, step, actor=by, appointment=context.appointment, before=before)


def _agree_helpers(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """Let the entities named in these steps be those that support them; return the steps that have others than before."""
    prefetch_related_objects(steps, "supporters", "helpers")
    changed = [step for step in steps if set(step.supporters.all()) != set(step.helpers.all())]
    for step in changed:
        step.helpers.set(step.supporters.all())
    return [step for step in changed if step.supporters.all()]


def revise(*, actor: Actor, action_plan: object, reason: str, version: int | None = None) -> ActionPlan:
    """Start a new version of an agreed plan, for either side; a roadmap takes up the last round. Returns the plan."""
    require_text(reason=reason)
    with transition(actor, ActionPlan, action_plan, "revise", version=version) as context:
        plan = context.row
        context.reason = reason
        latest = last_round(plan.consultation) if plan.consultation_id else None
        context.set(status=PlanStatus.DRAFT, edition=plan.edition + 1, round=latest or plan.round)
    return context.row


def follow(plans: Sequence[ActionPlan]) -> None:
    """Let the steps of these plans, which have been saved, be seen by those who see the plans."""
    with row_security.bypass():
        for plan in plans:
            steps = list(PlanStep.objects.filter(plan=plan, agreed_in__isnull=False))
            if steps:
                audiences.save_with_audiences(steps)


def _locked_steps(plan: ActionPlan) -> list[PlanStep]:
    """Return the steps of the version in work, locked in their order."""
    return list(steps_counted(plan).select_for_update(of=("self",)).order_by("pk"))


def _leaving(plan: ActionPlan) -> list[PlanStep]:
    """Return the steps that are removed with the version in work, locked in their order."""
    return list(PlanStep.objects.select_for_update(of=("self",)).filter(plan=plan, leaves=True).order_by("pk"))


# ── Steps ────────────────────────────────────────────────────────────────────
def report(
    *,
    actor: Actor,
    plan_step: object,
    said: str,
    text: str = "",
    value: str = "",
    version: int | None = None,
) -> PlanStep:
    """Report progress of a step: ongoing, or with the reason delayed or on standby. Returns the step.

    `value` is that of its indicator, typed by its unit. Raises Invalid naming the field.
    """
    _check_length(text, EVIDENCE_MAX)
    if said not in SAID:
        raise Invalid({"said": [_("Select one of the statuses.")]})
    if said != StepStatus.ONGOING and not text.strip():
        raise Invalid({"text": [_("Say why the step is delayed or on standby.")]})
    with transition(actor, PlanStep, plan_step, "report", version=version) as context:
        _report(context, said, text, value)
    return context.row


def finish(
    *,
    actor: Actor,
    plan_step: object,
    evidence: str,
    value: str = "",
    file: File | None = None,
    version: int | None = None,
) -> PlanStep:
    """Report a step as finished, with the evidence: for a step of high priority a file too. Returns the step.

    A file that was attached to the step before counts. Raises Invalid naming the field.
    """
    if not evidence.strip():
        raise Invalid({"evidence": [_("Describe the evidence.")]})
    _check_length(evidence, EVIDENCE_MAX, "evidence")
    with transaction.atomic():
        if file is not None:
            attach(actor=actor, parent=policy.get(actor, PlanStep, plan_step), file=file)
        with transition(actor, PlanStep, plan_step, "finish", version=version) as context:
            step = context.row
            if step.priority == Priority.HIGH and not step.documents.filter(removed_at=None).exists():
                raise Invalid({"file": [_("Attach a file as evidence: the priority of this step is high.")]})
            _report(context, StepStatus.FINISHED, evidence, value)
    return context.row


def _report(context: TransitionContext, said: str, text: str, value: str) -> None:
    step: Any = context.row
    try:
        known = measures.read(step.unit, value) if value.strip() else ""
    except ValueError as error:
        raise Invalid({"value": [str(error)]}) from None
    if known and not step.unit:
        raise Invalid({"value": [_("This step has no indicator. Leave the value empty.")]})
    _add_report(context, said, text, known)
    context.set(status=said)


def _add_report(context: TransitionContext, said: str, text: str, value: str = "") -> None:
    by: Any = context.actor
    StepReport.objects.create(
        step=context.row, said=said, text=text, value=value, by=by.user, organisation=context.appointment.organisation
    )


def verify(*, actor: Actor, plan_step: object, note: str = "", version: int | None = None) -> PlanStep:
    """Verify a step that was reported as finished, for somebody who neither supports nor reported it. Returns the step."""
    _check_length(note, EVIDENCE_MAX, "note")
    with transition(actor, PlanStep, plan_step, "verify", version=version) as context:
        step = context.row
        last = step.reports.order_by("-at", "-id").first()
        if last is not None and last.by_id == actor.user.pk:
            raise Conflict(_("You reported this step yourself. Somebody else has to verify it."))
        _add_report(context, StepStatus.VERIFIED, note)
        context.set(status=StepStatus.VERIFIED)
    return context.row


def send_back(*, actor: Actor, plan_step: object, reason: str, version: int | None = None) -> PlanStep:
    """Send back a step that was reported as finished: it is ongoing again. Returns the step."""
    require_text(reason=reason)
    _check_length(reason, EVIDENCE_MAX, "reason")
    with transition(actor, PlanStep, plan_step, "send-back", version=version) as context:
        _add_report(context, StepStatus.ONGOING, reason)
        context.reason = reason
        context.set(status=StepStatus.ONGOING)
    return context.row


def comment_on_step(*, actor: Actor, plan_step: object, text: str, version: int | None = None) -> PlanStep:
    """Comment on a step of a plan that is with its State; it is read once the plan is returned. Returns the step."""
    check_comment(text)
    with transition(actor, PlanStep, plan_step, "comment", version=version) as context:
        step = context.row
        edition = step.plan.edition
        StepComment.objects.create(plan_id=step.plan_id, step=step, edition=edition, text=text, by=actor.user)
    return context.row


def drop(*, actor: Actor, plan_step: object, reason: str, version: int | None = None) -> PlanStep:
    """Remove a step from a plan that is being drafted: it stays in the record and no longer counts. Returns the step.

    One to which the State has agreed remains in effect until the State agrees to the version without it.
    """
    require_text(reason=reason)
    with transition(actor, PlanStep, plan_step, "drop", version=version) as context:
        context.reason = reason
        if context.row.agreed_in is None:
            context.set(status=StepStatus.DROPPED)
            context.row.followed_by.clear()
        else:
            context.set(leaves=True)
    return context.row


def keep(*, actor: Actor, plan_step: object, version: int | None = None) -> PlanStep:
    """Keep a step that was to be removed with the version in work. Returns the step.

    Raises Invalid where another step has its number by now.
    """
    with transition(actor, PlanStep, plan_step, "keep", version=version) as context:
        step = context.row
        if steps_counted(step.plan_id).filter(number=step.number).exists():
            raise Conflict(_("Another step of the plan has its number. Give that one another number first."))
        context.set(leaves=False)
    return context.row


def _check_length(text: str, most: int, field: str = "text") -> None:
    if len(text) > most:
        raise Invalid({field: [_("The text is too long.")]})

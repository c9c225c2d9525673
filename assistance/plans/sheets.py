"""The steps of a plan as a spreadsheet: whoever drafts the plan edits them and adds others, while it is a draft."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import measures
from assistance.access import policy
from assistance.pages.sheets.spec import SheetRow, SheetSpec
from assistance.plans.forms import LINE, StepLineForm
from assistance.plans.models import ActionPlan, PlanStep
from assistance.plans.states import StepStatus
from assistance.workflow import editing
from audit import log
from entities.actors import Actor
from entities.models import Appointment
from web.exceptions import Conflict, Invalid
from web.translated_text import localized

LOCKED = _("This step cannot be changed: the plan is not a draft, or the step was reported as finished.")
MEASURES = ("baseline", "target")


def allowed(actor: Actor, plan: ActionPlan) -> Appointment:
    """Return the appointment by which somebody drafts the plan. Raises Forbidden."""
    return policy.require(actor, "drafter", plan)


def rows(actor: Actor, plan: ActionPlan, language: str) -> list[SheetRow]:
    """Return a row for each step of a plan, in its order; those that cannot be changed are locked."""
    steps = policy.visible(actor, PlanStep).filter(plan=plan, leaves=False).exclude(status=StepStatus.DROPPED)
    found = list(steps.select_related("plan").order_by("place", "id"))
    log.read(found)
    return [
        SheetRow(
            key=step.pk,
            version=step.version,
            facts=(step.reference, step.get_status_display()),
            values=_values(step),
            locked="" if editing.changeable(step) else LOCKED,
        )
        for step in found
    ]


def _values(step: PlanStep) -> dict[str, Any]:
    texts = {name: localized(step, name, step.language).value for name in step.translated}
    own = {name: getattr(step, f"{name}_id", None) or getattr(step, name) for name in LINE if name not in texts}
    shown = {name: measures.in_words(step.unit, getattr(step, name)) for name in MEASURES}
    return {**own, **texts, **shown, "language": step.language}


def form(actor: Actor, plan: ActionPlan) -> StepLineForm:
    """Return the form that checks a row."""
    return StepLineForm(actor=actor, plan=plan)


def save(actor: Actor, plan: ActionPlan, key: UUID, values: Mapping[str, Any], version: int | None) -> PlanStep:
    """Change a step, as its page does."""
    changed: PlanStep = editing.edit(actor=actor, model=PlanStep, pk=key, values=values, version=version)
    return changed


def add(actor: Actor, plan: ActionPlan, values: Mapping[str, Any]) -> PlanStep:
    """Add a step, as the page does."""
    added: PlanStep = editing.create(actor=actor, model=PlanStep, values={"plan": plan, **values})
    return added


def check(actor: Actor, plan: ActionPlan, key: UUID | None, values: Mapping[str, Any]) -> None:
    """Raise Invalid for a row that could not be applied: it is applied, and taken back."""
    try:
        with transaction.atomic():
            if key is None:
                add(actor, plan, values)
            else:
                save(actor, plan, key, values, None)
            transaction.set_rollback(True)
    except Conflict as error:
        raise Invalid({"": [str(error)]}) from None


STEPS = SheetSpec(
    name="plan-steps",
    model=ActionPlan,
    title=_("Steps of the plan"),
    guidance=_("Enter one step per row. The State agrees to the plan with its steps once you submit it."),
    headings=(pgettext_lazy("label", "Reference"), pgettext_lazy("label", "Status")),
    fields=("number", "language", *LINE[1:]),
    allowed=allowed,
    rows=rows,
    form=form,
    save=save,
    add=add,
    check=check,
    page=lambda plan: f"{plan.get_absolute_url()}#steps",
)
SHEETS: Sequence[SheetSpec] = (STEPS,)

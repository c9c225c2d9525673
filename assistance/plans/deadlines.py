"""The clocks of plans and steps: the answer of the State to a plan, and the day by which a step is to be finished."""

from django.utils.translation import gettext_lazy as _

from assistance.plans.messages import FINISHED, PUT, REMOVED
from assistance.plans.models import ActionPlan, PlanStep
from assistance.plans.states import PlanKind
from assistance.workflow.clocks import Clock, Rung
from entities.actors import CTED, UNOCT

PLAN_ANSWER, STEP_DUE = "plan_answer", "step_due"


def _drafter(row: ActionPlan | PlanStep) -> str:
    return CTED if row.kind == PlanKind.ROADMAP else UNOCT


PLAN_CLOCKS = (
    Clock(
        kind=PLAN_ANSWER,
        label=_("Answer to a plan"),
        owed_by=lambda row: row.state_id,
        owed_to=_drafter,
        starts=(PUT,),
        answered_by=("plan_agreed", "plan_commented"),
        own_date=lambda row: row.answer_by,
        rungs=(Rung(-7), Rung(-1)),
        skips_absence=False,  # the day is stated to the State
    ),
)
STEP_CLOCKS = (
    Clock(
        kind=STEP_DUE,
        label=_("Step of a plan"),
        owed_by=lambda row: row.state_id,
        owed_to=_drafter,
        starts=("step_agreed", "step_sent_back"),
        answered_by=(FINISHED, REMOVED),
        own_date=lambda row: row.due,
        rungs=(Rung(-30), Rung(-7), Rung(0)),
        skips_absence=False,
    ),
)

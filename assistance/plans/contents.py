"""What is written with a step: the obligations it has to comply with, and what its parts cost."""

from assistance.plans.models import StepCost, StepObligation
from assistance.plans.states import MOST_COSTS, MOST_OBLIGATIONS
from assistance.workflow.parts import Parts

OBLIGATIONS = Parts(name="obligations", model=StepObligation, path="step", most=MOST_OBLIGATIONS)
COSTS = Parts(name="costs", model=StepCost, path="step", most=MOST_COSTS)
PARTS = (OBLIGATIONS, COSTS)

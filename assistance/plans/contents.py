"""What is written with a step: the obligations it has to comply with, and what its parts cost."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance import currencies
from assistance.plans.models import PlanStep, StepCost, StepObligation
from assistance.plans.states import MOST_COSTS, MOST_OBLIGATIONS
from assistance.workflow.parts import Given, Parts
from web.texts import normal_line

OBLIGATIONS, COSTS = "obligations", "costs"
PROVISION_MAX, WHAT_MAX, DIGITS = 120, 200, 14


def _check_obligation(step: PlanStep, one: Given) -> Mapping[str, list[Any]]:
    errors: dict[str, list[Any]] = {}
    if one.get("instrument") is None:
        errors["instrument"] = [_("Select the instrument.")]
    if len(one.get("provision") or "") > PROVISION_MAX:
        errors["provision"] = [_("The text is too long.")]
    return errors


def _check_cost(step: PlanStep, one: Given) -> Mapping[str, list[Any]]:
    errors: dict[str, list[Any]] = {}
    amount = one.get("amount")
    if not normal_line(str(one.get("what") or "")):
        errors["what"] = [_("Say what it pays for.")]
    elif len(one["what"]) > WHAT_MAX:
        errors["what"] = [_("The text is too long.")]
    if not isinstance(amount, Decimal) or not amount.is_finite() or amount <= 0 or amount >= Decimal(10) ** DIGITS:
        errors["amount"] = [_("Enter an amount above zero.")]
    if one.get("currency") not in currencies.CODES:
        errors["currency"] = [_("Select a currency.")]
    return errors


PARTS = (
    Parts(
        name=OBLIGATIONS,
        model=StepObligation,
        parent="step",
        written=("instrument", "provision"),
        most=MOST_OBLIGATIONS,
        too_many=gettext_lazy("A step has at most %(most)d obligations."),
        unknown=gettext_lazy("This step has no such obligation."),
        check_one=_check_obligation,
    ),
    Parts(
        name=COSTS,
        model=StepCost,
        parent="step",
        written=("what", "amount", "currency"),
        most=MOST_COSTS,
        too_many=gettext_lazy("A step has at most %(most)d costs."),
        unknown=gettext_lazy("This step has no such cost."),
        check_one=_check_cost,
    ),
)

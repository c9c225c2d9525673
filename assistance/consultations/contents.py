"""What stands in a round, written with it: findings by framework, and priorities with baselines and targets."""

from typing import Any

from django.utils.translation import gettext as _

from assistance import measures
from assistance.consultations.models import Parameter, Round, RoundFinding
from assistance.consultations.states import MOST_FINDINGS, MOST_PARAMETERS
from assistance.measures import Level
from assistance.needs.of_findings import need_stays
from assistance.workflow.editing import Values
from assistance.workflow.parts import Errors, Given, Parts
from entities.local_days import today_of

VALUES = ("baseline", "target")


def _check_finding(row: Round, values: Values, one: Given, before: Given | None) -> Errors:
    if one["level"] != Level.NOT_ASSESSED and one["instrument"] is None:
        return {"instrument": [_("Select the instrument whose implementation has this level.")]}
    return {}


def _check_parameter(row: Round, values: Values, one: Given, before: Given | None) -> Errors:
    errors: Errors = {}
    for name in VALUES:
        try:
            measures.read(one["unit"], one[name])
        except ValueError as error:
            errors[name] = [str(error)]
    if not errors and measures.is_worse(
        one["unit"], one["baseline"], one["target"], lower_is_better=one["lower_is_better"]
    ):
        errors["target"] = [
            _("The target is worse than the baseline. Correct it, or tick “lower is better” if that is meant.")
        ]
    first, last = one["baseline_on"], one["target_by"]
    if first and first > today_of(row.state):
        errors["baseline_on"] = [_("The date is in the future.")]
    if first and last and last < first:
        errors["target_by"] = [_("The target is due before the day of the baseline.")]
    return errors


def _typed(row: Round, values: Values, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return priorities with baselines and targets as they are stored; a value that cannot be read stays for its error."""
    return [{**one, **{name: measures.read_or_same(one["unit"], one[name]) for name in VALUES}} for one in given]


FINDINGS = Parts(
    name="findings", model=RoundFinding, path="round", most=MOST_FINDINGS, check_one=_check_finding, stays=need_stays
)
PARAMETERS = Parts(
    name="parameters", model=Parameter, path="round", most=MOST_PARAMETERS, typed=_typed, check_one=_check_parameter
)
PARTS = (FINDINGS, PARAMETERS)

"""What stands in a round, written with it: findings by framework, and priorities with baselines and targets."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance import measures
from assistance.assessments.states import Framework
from assistance.consultations.models import Parameter, Round, RoundFinding
from assistance.consultations.states import MOST_FINDINGS, MOST_PARAMETERS
from assistance.measures import IndicatorUnit, Level
from assistance.workflow.parts import Given, Parts
from web.texts import TEXT_MAX, normal_line

FINDINGS, PARAMETERS = "findings", "parameters"
TEXTS = ("current_state", "gap", "challenge", "intervention", "evidence")
LINES = ("name", "source", "means")
LINE_MAX = 300


def _check_finding(row: Round, one: Given) -> Mapping[str, list[Any]]:
    errors: dict[str, list[Any]] = {}
    if not str(one.get("current_state", "")).strip():
        errors["current_state"] = [_("Describe the current state.")]
    for name in TEXTS:
        if len(one.get(name) or "") > TEXT_MAX:
            errors[name] = [_("The text is too long.")]
    if one.get("framework") not in Framework.values:
        errors["framework"] = [_("Select one of the frameworks.")]
    level = one.get("level", Level.NOT_ASSESSED)
    if level not in Level.values:
        errors["level"] = [_("Select one of the levels.")]
    elif level != Level.NOT_ASSESSED and one.get("instrument") is None:
        errors["instrument"] = [_("Select the instrument whose implementation has this level.")]
    return errors


def _check_parameter(row: Round, one: Given) -> Mapping[str, list[Any]]:
    errors: dict[str, list[Any]] = {}
    unit = one.get("unit")
    if not normal_line(str(one.get("name", ""))):
        errors["name"] = [_("Enter the priority and its indicator.")]
    for name in LINES:
        if len(one.get(name) or "") > LINE_MAX:
            errors[name] = [_("The text is too long.")]
    if unit not in IndicatorUnit.values:
        return {**errors, "unit": [_("Select one of the units.")]}
    for name in ("baseline", "target"):
        try:
            measures.read(unit, one.get(name) or "")
        except ValueError as error:
            errors[name] = [str(error)]
    if not errors and _is_worse(unit, one):
        errors["target"] = [
            _("The target is worse than the baseline. Correct it, or tick “lower is better” if that is meant.")
        ]
    first, last = one.get("baseline_on"), one.get("target_by")
    if first and last and last < first:
        errors["target_by"] = [_("The target is due before the day of the baseline.")]
    return errors


def _is_worse(unit: str, one: Given) -> bool:
    first, second = (measures.read(unit, one.get(name) or "") for name in ("baseline", "target"))
    return measures.is_worse(unit, first, second, lower_is_better=bool(one.get("lower_is_better")))


def normalized(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return priorities with baselines and targets as they are stored; a value that cannot be read stays for its error."""
    return [{**one, **{name: _normal(one, name) for name in ("baseline", "target") if name in one}} for one in given]


def _normal(one: Given, name: str) -> str:
    try:
        return measures.read(one.get("unit", ""), one[name] or "")
    except ValueError:
        return str(one[name])


FINDING_PARTS = Parts(
    name=FINDINGS,
    model=RoundFinding,
    parent="round",
    written=("framework", "theme", "instrument", "level", *TEXTS),
    most=MOST_FINDINGS,
    too_many=gettext_lazy("A round has at most %(most)d findings."),
    unknown=gettext_lazy("This round has no such finding."),
    check_one=_check_finding,
    is_kept=lambda finding: finding.need_id is not None,
    not_removed=gettext_lazy("A finding of which a need was made cannot be removed."),
)
PARAMETER_PARTS = Parts(
    name=PARAMETERS,
    model=Parameter,
    parent="round",
    written=(
        "name", "unit", "lower_is_better", "baseline", "baseline_on", "source", "target", "target_by", "means",
    ),
    most=MOST_PARAMETERS,
    too_many=gettext_lazy("A round has at most %(most)d priorities."),
    unknown=gettext_lazy("This round has no such priority."),
    check_one=_check_parameter,
)  # fmt: skip
PARTS = (FINDING_PARTS, PARAMETER_PARTS)

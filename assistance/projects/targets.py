"""Targets of consultations that indicators of projects are measured against: linked by the lead, shown by policy.

The link copies nothing: whoever sees a project need not see the round, whose target therefore never stands in the project.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from assistance import measures
from assistance.access import policy
from assistance.consultations.models import Parameter, Round
from assistance.consultations.states import RoundStatus
from assistance.plans.models import PlanStep, StepReport
from assistance.plans.states import StepStatus
from assistance.projects.models import Indicator, Project
from assistance.workflow.engine import transition
from entities.actors import Actor
from web.exceptions import Conflict, Invalid


def selectable(actor: Actor, project: Project) -> QuerySet[Parameter]:
    """Return the priorities of closed rounds with States of the project, of the rounds that this actor sees."""
    seen = policy.visible(actor, Round).filter(status=RoundStatus.CLOSED, state__in=project.states.all())
    return (
        Parameter.objects.filter(round__in=seen.values("pk")).select_related("round__state").order_by("round", "number")
    )


def link(
    *, actor: Actor, project: object, indicator: object, parameter: object = None, version: int | None = None
) -> Project:
    """Link an indicator to a priority of a round, or remove the link without one, for the lead. Returns the project.

    Raises Invalid for an indicator of another project, a priority that the actor does not see, or another unit.
    """
    with transition(actor, Project, project, "link-target", version=version) as context:
        row = Indicator.objects.filter(project=context.row, pk=_key(indicator)).first()
        if row is None:
            raise Invalid({"indicator": [_("Select an indicator of this project.")]})
        found = selectable(actor, context.row).filter(pk=_key(parameter)).first() if parameter else None
        if parameter and found is None:
            raise Invalid({"parameter": [_("Select a priority of a round with a State of this project.")]})
        if found is not None and found.unit != row.unit:
            raise Invalid({"parameter": [_("Select a priority that is measured as the indicator is.")]})
        row.parameter = found
        row.save(update_fields=["parameter"])
    return context.row


def _key(value: Any) -> UUID:
    return policy.key_of(getattr(value, "pk", value))


def has_indicators(project: Project) -> None:
    """Raise Conflict for a project without an indicator."""
    known: bool | None = project.__dict__.get("has_indicator")
    if not (project.indicators.exists() if known is None else known):
        raise Conflict(_("This project has no indicator."))


# ── What a reader sees of them ───────────────────────────────────────────────
@dataclass(frozen=True)
class Target:
    """The priority behind an indicator, and what the State reported of it. The two figures are shown, not reconciled."""

    parameter: Parameter
    round: Round
    reported: str  # by the State, "" for nothing
    differs: bool

    @property
    def reported_in_words(self) -> str:
        """What the State reported as its reader reads it."""
        return measures.in_words(self.parameter.unit, self.reported)


def targets_of(actor: Actor, indicators: Iterable[Indicator]) -> dict[UUID, Target]:
    """Return indicator → its target, of those whose round this actor sees. No statement without a link, else three."""
    links = {one.pk: (one, one.parameter_id) for one in indicators if one.parameter_id}
    if not links:
        return {}
    wanted = [parameter for _one, parameter in links.values()]
    rounds = policy.visible(actor, Round).filter(parameters__in=wanted).select_related("state", "programme").in_bulk()
    parameters = Parameter.objects.filter(pk__in=wanted, round__in=list(rounds)).in_bulk()
    reported = _reported(actor, list(parameters))
    found = {}
    for key, (one, named) in links.items():
        parameter = parameters.get(named)
        if parameter is not None:
            value, latest = reported.get(parameter.pk, ""), one.latest
            same = one.unit == parameter.unit
            differs = bool(same and value and latest and _differ(parameter.unit, value, latest.actual))
            found[key] = Target(parameter, rounds[parameter.round_id], value, differs)
    return found


def _differ(unit: str, first: str, second: str) -> bool:
    """Return whether two values are not the same: numbers as numbers, “5” and “5.0” do not differ."""
    ranks = measures.rank(unit, first), measures.rank(unit, second)
    return first != second if None in ranks else ranks[0] != ranks[1]


def _reported(actor: Actor, keys: list[UUID]) -> dict[UUID, str]:
    """Return priority → the value that the State reported last of a step measured by it, of the steps this actor sees."""
    steps = policy.visible(actor, PlanStep).filter(parameter__in=keys).exclude(status=StepStatus.DROPPED)
    said = StepReport.objects.filter(organisation=F("step__state"), step__unit=F("step__parameter__unit"))
    rows = said.filter(step__in=steps.values("pk")).exclude(value="").order_by("at", "id")
    return dict(rows.values_list("step__parameter", "value"))

"""Queries about consultations. Each starts from policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from assistance import measures
from assistance.access import policy
from assistance.consultations.models import Consultation, Parameter, Round, RoundFinding
from assistance.needs.models import Need
from entities.actors import Actor
from entities.local_days import today_of
from web.texts import one_line


def rounds_of(actor: Actor, consultation: Consultation) -> list[Round]:
    """Return the rounds of a consultation that this actor sees, in their order, with their priorities. Two statements."""
    rows = policy.visible(actor, Round).filter(consultation=consultation).select_related("state", "programme")
    parameters = Prefetch("parameters", Parameter.objects.order_by("number"))
    return list(rows.prefetch_related(parameters).order_by("number"))


def findings_of(actor: Actor, row: Round) -> list[RoundFinding]:
    """Return the findings of a round in their order; `need_seen` is the need made of one, if the actor sees it."""
    found = list(row.findings.select_related("theme", "instrument"))
    keys = [finding.need_id for finding in found if finding.need_id]
    needs = policy.visible(actor, Need).in_bulk(keys) if keys else {}
    for finding in found:
        finding.need_seen = needs.get(finding.need_id)  # type: ignore[attr-defined]
    return found


# ── Rounds compared ──────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Step:
    """An indicator in one round: its baseline then, and how it compares with the round before ("" if it cannot)."""

    parameter: Parameter | None
    trend: str


@dataclass(frozen=True)
class Comparison:
    """An indicator over the rounds of a consultation. `is_missed`: the last target has passed without being reached."""

    name: str
    steps: tuple[Step, ...]
    target: Parameter
    is_missed: bool


def compared(rounds: Sequence[Round]) -> list[Comparison]:
    """Return the indicators of these rounds, each with its value in every round; the same name is the same indicator."""
    names: dict[str, list[Parameter | None]] = {}
    for place, one in enumerate(rounds):
        for parameter in one.parameters.all():
            row = names.setdefault(_key(parameter), [None] * len(rounds))
            row[place] = parameter
    today = today_of(rounds[0].state) if rounds else None
    return [_comparison(row, today) for row in names.values()]


def _key(parameter: Parameter) -> str:
    return f"{parameter.unit}:{one_line(parameter.name).casefold()}"


def _comparison(row: Sequence[Parameter | None], today: Any) -> Comparison:
    steps, before = [], None
    for parameter in row:
        trend = ""
        if parameter is not None and before is not None:
            trend = measures.trend(
                parameter.unit, before.baseline, parameter.baseline, lower_is_better=parameter.lower_is_better
            )
        steps.append(Step(parameter, trend))
        before = parameter or before
    last = next(one for one in reversed(row) if one is not None)
    return Comparison(last.name, tuple(steps), last, is_missed(last, today))


def is_missed(parameter: Parameter, today: Any) -> bool:
    """Return whether the day of a target has passed while the value known last is worse than the target."""
    if parameter.target_by is None or parameter.target_by >= today:
        return False
    return measures.is_worse(
        parameter.unit, parameter.target, parameter.baseline, lower_is_better=parameter.lower_is_better
    )

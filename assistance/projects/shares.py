"""The percentages of the States of a project: for each of its States one, which add up to 100, or none."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import localize
from django.utils.translation import gettext as _

from assistance.projects.models import Project, StateShare
from assistance.projects.states import ROUNDING, WHOLE
from assistance.workflow.editing import Values
from web.exceptions import Invalid

SHARES = "shares"  # the name of the value that holds all of them, as mappings of State and percentage


def of_states(project: Project) -> dict[UUID, Decimal]:
    """Return State → percentage of a project; empty without percentages, and for one that is being recorded."""
    return {} if project._state.adding else {share.state_id: share.percent for share in project.shares.all()}


def check(project: Project, values: Values) -> None:
    """Raise Invalid, naming the percentage, for a State that is not the project's, one that is missing, or another sum."""
    given = values.get(SHARES)
    if not given:
        return
    states = {state.pk for state in _states_of(project, values)}
    errors: dict[str, list[Any]] = {}
    named: set[UUID] = set()
    for place, share in enumerate(given):
        key = share["state"].pk
        if key not in states or key in named:
            errors[f"{SHARES}.{place}.state"] = [_("Select each State of the project once.")]
        if not 0 <= share["percent"] <= WHOLE:
            errors[f"{SHARES}.{place}.percent"] = [_("Enter a percentage from 0 to 100.")]
        named.add(key)
    total = sum((share["percent"] for share in given), Decimal(0))
    if not errors and named != states:
        errors[SHARES] = [_("Enter a percentage for each State of the project, or for none.")]
    elif not errors and abs(total - WHOLE) > ROUNDING:
        errors[SHARES] = [
            _("The percentages add up to %(total)s. They must add up to 100.") % {"total": localize(total)}
        ]
    if errors:
        raise Invalid(errors)


def _states_of(project: Project, values: Values) -> Iterable[Any]:
    """Return the States that a project will have."""
    if "states" in values:
        return values["states"]
    return () if project._state.adding else project.states.all()


def moves(project: Project, values: Values) -> bool:
    """Return whether `values` contains other percentages than the project has."""
    return SHARES in values and _as_mapping(values) != of_states(project)


def write(project: Project, values: Values) -> None:
    """Write the percentages if `values` contains them; else remove those that no longer fit the States of the project."""
    now = of_states(project)
    fits = set(now) == {state.pk for state in project.states.all()}
    given = _as_mapping(values) if SHARES in values else now if fits else {}
    if given != now:
        project.shares.all().delete()
        StateShare.objects.bulk_create(StateShare(project=project, state_id=k, percent=v) for k, v in given.items())


def _as_mapping(values: Values) -> dict[UUID, Decimal]:
    return {share["state"].pk: share["percent"] for share in values[SHARES]}

"""The indicators of a project and their periods: what is checked when the lead plans them, and what follows from them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from assistance import measures
from assistance.projects.models import Indicator, Period, Project
from assistance.projects.states import MOST_INDICATORS, MOST_PERIODS, REPORTED, TO_REPORT, PeriodStatus
from assistance.workflow.editing import Values
from assistance.workflow.parts import Errors, Given, Parts
from web.exceptions import Conflict, Invalid

VALUES = ("baseline", "target")


# ── What the lead plans ──
def _check_indicator(project: Project, values: Values, one: Given, before: Given | None) -> Errors:
    """Return what is wrong with an indicator: another unit while it has periods, or a value that is not of its unit."""
    if before and before["unit"] != one["unit"] and Period.objects.filter(indicator=one["id"]).exists():
        return {"unit": [_("The unit can be changed only while the indicator has no periods.")]}
    return _untyped(one["unit"], one, *VALUES)


def _untyped(unit: str, one: Given, *names: str) -> Errors:
    """Return the values of a row that are not of this unit."""
    found: Errors = {}
    for name in names:
        try:
            measures.read(unit, one[name])
        except ValueError as error:
            found[name] = [str(error)]
    return found


def _indicator_stays(row: Indicator) -> str:
    if Period.objects.filter(indicator=row, status__in=REPORTED).exists():
        return _("An indicator of which values were reported cannot be removed.")
    return ""


def _check_period(project: Project, values: Values, one: Given, before: Given | None) -> Errors:
    """Return what is wrong with a period: one that was reported, another indicator or organization, days or target."""
    if before and Period.objects.filter(pk=one["id"], status__in=REPORTED).exists():
        return {"target": [_("A period that was reported cannot be changed.")]}
    indicators = {other["id"]: other for other in INDICATORS.given(project, values)}
    if one["indicator"] not in indicators:
        return {"indicator": [_("Select an indicator of this project.")]}
    moved = before is not None and before["indicator"] != one["indicator"]
    if (
        moved and Period.objects.filter(pk=one["id"]).exclude(actual="").exists()
    ):  # the value is of the unit of the first
        return {"indicator": [_("The indicator can be changed only while no value has been reported.")]}
    if one["ends_on"] < one["starts_on"]:
        return {"ends_on": [_("The end date is before the start date.")]}
    last = end_of(project)
    if last and one["ends_on"] > last:
        return {"ends_on": [_("The period ends after the project.")]}
    if one["organisation"] not in _organisations(project, values):
        return {"organisation": [_("Select the lead or a partner of the project.")]}
    return _untyped(indicators[one["indicator"]]["unit"], one, "target")


def _period_stays(row: Period) -> str:
    return _("A period that was reported cannot be removed.") if row.status in REPORTED else ""


def _organisations(project: Project, values: Values) -> set[UUID | None]:
    """Return the organisations that can report: the lead and the partners that a project will have."""
    if "partners" in values:
        return {project.lead_id, *(one.pk for one, _role in values["partners"])}
    parties = () if project._state.adding else project.parties.all()
    return {project.lead_id, *(party.organisation_id for party in parties if party.organisation_id)}


def check_reporters(project: Project, values: Values) -> None:
    """Raise Invalid for partners, or a lead, without an organisation that has a period to report."""
    given = {one["id"]: one["organisation"] for one in PERIODS.given(project, values) if one["id"]}
    waiting = () if project._state.adding else periods_of(project).filter(pk__in=given, status__in=TO_REPORT)
    missing = {given[period.pk] for period in waiting} - _organisations(project, values)
    if missing:
        name = next(period.organisation.short for period in waiting if given[period.pk] in missing)
        problem = _("%(name)s has a period to report. Give the period to another organization first, or remove it.")
        raise Invalid({"partners": [problem % {"name": name}]})


def unlink_other_units(project: Project) -> None:
    """End the links of indicators of a project with priorities that are measured in another unit."""
    linked = Indicator.objects.filter(project=project, parameter__isnull=False)
    linked.exclude(unit=F("parameter__unit")).update(parameter=None)


def _typed_indicators(project: Project, values: Values, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, **{name: measures.read_or_same(one["unit"], one[name]) for name in VALUES}} for one in rows]


def _typed_periods(project: Project, values: Values, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    units = {one["id"]: one["unit"] for one in INDICATORS.given(project, values)}
    return [{**one, "target": measures.read_or_same(units.get(one["indicator"], ""), one["target"])} for one in rows]


INDICATORS = Parts(
    name="indicators", model=Indicator, path="project", most=MOST_INDICATORS,
    typed=_typed_indicators, check_one=_check_indicator, stays=_indicator_stays,
)  # fmt: skip
PERIODS = Parts(
    name="periods", model=Period, path="indicator__project", most=MOST_PERIODS,
    typed=_typed_periods, check_one=_check_period, stays=_period_stays,
)  # fmt: skip


# ── The days of the project ──
def end_of(project: Project) -> date | None:
    """Return the last day of a project: the actual one, else the planned one."""
    return project.actual_end or project.planned_end


def check_end(project: Project) -> None:
    """Raise Invalid, naming the day, for a project that would end before a period of which a value was reported."""
    last = end_of(project)
    if last is None or project._state.adding:
        return
    if Period.objects.filter(indicator__project=project, status__in=REPORTED, ends_on__gt=last).exists():
        at = "actual_end" if project.actual_end else "planned_end"
        raise Invalid({at: [_("Results were reported for a period that ends later.")]})


# ── What is open ──
def periods_of(project: Project) -> QuerySet[Period]:
    """Return the periods of a project, with what names them."""
    return Period.objects.filter(indicator__project=project).select_related("indicator", "organisation")


def facts() -> dict[str, Any]:
    """Return the annotations of lists that say who has a period to report, who reports at all, and what was reported."""
    periods = Period.objects.filter(indicator__project=OuterRef("pk")).order_by()
    return {
        "reporters": ArraySubquery(periods.values("organisation_id")),
        "reporters_now": ArraySubquery(periods.filter(status__in=TO_REPORT).values("organisation_id")),
        "has_submitted": Exists(periods.filter(status=PeriodStatus.SUBMITTED)),
        "has_indicator": Exists(Indicator.objects.filter(project=OuterRef("pk"))),
    }


def reporters(project: Project, *, now: bool = False) -> list[UUID]:
    """Return the organisations that report on a project; with `now`, those that have a period to report."""
    known: list[UUID] | None = project.__dict__.get("reporters_now" if now else "reporters")
    if known is not None:
        return known
    periods = Period.objects.filter(indicator__project=project).order_by()
    found = periods.filter(status__in=TO_REPORT) if now else periods
    return list(found.values_list("organisation_id", flat=True).distinct())


def has_open_period(project: Project) -> None:
    """Raise Conflict when no period of a project is to be reported."""
    if not reporters(project, now=True):
        raise Conflict(_("No period of this project is to be reported."))


def has_reported_period(project: Project) -> None:
    """Raise Conflict when no report on a project waits for an answer."""
    known = project.__dict__.get("has_submitted")
    waits = periods_of(project).filter(status=PeriodStatus.SUBMITTED).exists() if known is None else known
    if not waits:
        raise Conflict(_("No report on this project waits for an answer."))

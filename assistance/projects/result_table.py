"""The table of results on the page of a project: each indicator with its periods, in the words of the reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from assistance.measures import in_words
from assistance.projects.models import Indicator, Period, Project
from assistance.projects.states import PERIOD_STYLES, PeriodStatus


@dataclass(frozen=True)
class PeriodLine:
    """One period: its values in words, and its status with tone and icon."""

    period: Period
    target: str
    actual: str
    status: str
    tone: str
    icon: str


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator: its values in words, the values to draw, and what can be said of the target."""

    indicator: Indicator
    baseline: str
    target: str
    latest: str
    values: list[Decimal]
    verdict: str
    periods: list[PeriodLine]


def table_of(project: Project) -> list[IndicatorLine]:
    """Return the indicators of a project in their order. Two statements."""
    periods = Prefetch("periods", Period.objects.select_related("organisation"))
    return [_line(indicator) for indicator in project.indicators.prefetch_related(periods)]


def _line(indicator: Indicator) -> IndicatorLine:
    unit, latest = indicator.unit, indicator.latest
    verdicts = {True: _("Target reached"), False: _("Target not yet reached"), None: ""}
    return IndicatorLine(
        indicator=indicator,
        baseline=in_words(unit, indicator.baseline),
        target=in_words(unit, indicator.target),
        latest=in_words(unit, latest.actual) if latest else "",
        values=indicator.line,
        verdict=verdicts[indicator.is_reached],
        periods=list(_periods(indicator)),
    )


def _periods(indicator: Indicator) -> Iterator[PeriodLine]:
    for period in indicator.periods.all():
        status, (tone, icon) = PeriodStatus(period.status), PERIOD_STYLES[period.status]
        if period.is_late:
            tone, icon = "danger", "clock"
        yield PeriodLine(
            period, in_words(indicator.unit, period.target), in_words(indicator.unit, period.actual),
            str(status.label), tone, icon,
        )  # fmt: skip

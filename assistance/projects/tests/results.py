"""Helpers that make projects with indicators and periods for tests, each by the functions that people would run."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assistance.projects import reporting
from assistance.projects.models import Indicator, Period, Project
from assistance.tests.cast import Cast
from assistance.workflow import editing


def indicator(**changes: Any) -> dict[str, Any]:
    """Return an indicator as a value."""
    return {"name": "Posts equipped", "unit": "number", "baseline": "0", "target": "12", **changes}


def period(
    cast: Cast, row: Indicator, first: int = -90, last: int = -1, who: str = "iom", **changes: Any
) -> dict[str, Any]:
    """Return a period as a value, from so many days from today until so many."""
    today = timezone.now().date()
    return {
        "indicator": row.pk, "organisation": cast.org(who), "starts_on": today + timedelta(days=first),
        "ends_on": today + timedelta(days=last), "target": "6", **changes,
    }  # fmt: skip


def project(cast: Cast, *, name: str = "Posts equipped", **values: Any) -> Project:
    """Return a project of unodc with iom as partner and one indicator."""
    partners = {"partners": [(cast.org("iom"), "implementing")]}
    return cast.project(**{**partners, "indicators": [indicator(name=name)], **values})


def planned(cast: Cast, **values: Any) -> Project:
    """Return such a project with a period that iom reports and that has ended."""
    row = project(cast, **values)
    return editing.edit(
        actor=cast.unodc, model=Project, pk=row.pk, values={"periods": [period(cast, row.indicators.get())]}
    )


def reported(cast: Cast, **values: Any) -> Project:
    """Return such a project whose period iom has reported."""
    row = planned(cast, **values)
    return reporting.report(actor=cast.iom, project=row.pk, period=only(row).pk, actual="5", comment="Two are delayed.")


def only(row: Project) -> Period:
    """Return the only period of a project."""
    return Period.objects.get(indicator__project=row)

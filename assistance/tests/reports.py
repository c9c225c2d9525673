"""A visit with a report whose texts can be searched for, and the data that the share form submits about it."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assistance.needs.models import Need
from assistance.tests.cast import Cast
from assistance.visits.models import Section, Visit
from files.tests import samples

PDF = samples.pdf("note")


def reported_visit(cast: Cast) -> Visit:
    """Return a visit with two sections and one agreed need."""
    visit = cast.visit()
    cast.section(visit, 1, title="Title-of-one", text="Text-of-one")
    cast.section(visit, 2, title="Title-of-two", text="Text-of-two")
    cast.need("agreed", visit=visit, source="visit", title="Title-of-need", description="Text-of-need")
    return visit


def soon(days: int = 30) -> date:
    """Return a future day."""
    return timezone.now().date() + timedelta(days=days)


def second(visit: Visit) -> Section:
    """Return the section that most tests release; they do not release the first one."""
    return visit.sections.get(number=2)


def choice(*rows: Section | Need, **values: Any) -> dict[str, Any]:
    """Return the data of the share form when these rows are ticked."""
    chosen = [f"{row.record_name()}:{row.pk}" for row in rows]
    return {"chosen": chosen, "to": "compact", "until": soon().isoformat(), "step": "review", **values}

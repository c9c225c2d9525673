"""A visit with a report whose texts can be searched for, and the data that the release form submits about it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.access.audience_words import STANDING_WORDS
from assistance.consents.models import ReleasePlan
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from assistance.visits.models import Section, Visit
from entities.models import WorkingGroup
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


def choice(*rows: Section | Need, words: Iterable[str] = ("compact",), **values: Any) -> dict[str, Any]:
    """Return the data of the release form when these rows are ticked for these audiences."""
    cells = [f"{row.record_name()}:{row.pk}|{word}" for row in rows for word in words]
    named = [word for word in words if word not in STANDING_WORDS]
    groups = list(WorkingGroup.objects.filter(slug__in=named).values_list("slug", flat=True))
    columns = {"organisations": [word for word in named if word not in groups], "working_groups": groups}
    data = {"cells": cells, **columns, "until": soon().isoformat(), "step": "review", **values}
    return {name: value for name, value in data.items() if value is not None}


def publish(client: Client, plan: ReleasePlan, **values: Any) -> Any:
    """Return the answer to the publication of a plan, on the page that shows its consequences."""
    address = reverse("release-plan-transition", args=[plan.pk, "publish"])
    return client.post(address, {"version": ReleasePlan.objects.get(pk=plan.pk).version, **values})


def release(client: Client, address: str, *rows: Section | Need, **values: Any) -> Any:
    """Return the answer to a release of these rows, walked from the grid to the publication."""
    more = {name: values.pop(name) for name in ("remark", "note_verbale") if name in values}
    answer = client.post(address, choice(*rows, **values))
    assert answer.status_code == 302, answer.context["form"].errors
    return publish(client, ReleasePlan.objects.latest("modified_at"), **more)

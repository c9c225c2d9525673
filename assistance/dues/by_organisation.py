"""How much each organisation owes: open deadlines, those due soon and those overdue, by one statement over all of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from assistance.access import policy
from assistance.dues.models import Due
from assistance.workflow.models import SHORT
from entities.actors import CTED, UNOCT, Actor
from entities.local_days import day_of
from entities.models import Organisation

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Owing:
    """What one organisation owes, as far as the reader sees it; `oldest` is the first day that it missed."""

    organisation: Organisation
    open: int = 0
    soon: int = 0
    overdue: int = 0
    oldest: date | None = None


def of_all(actor: Actor) -> list[Owing]:
    """Return what each organisation owes, those with the oldest overdue deadline first.

    UNOCT and CTED see all organisations with an open deadline that they see; everybody else their own ones alone.
    """
    own = {one.pk for one in actor.organisations}
    now, dues = timezone.now(), policy.visible(actor, Due).filter(done_at=None)
    follows = any(one.slug in (CTED, UNOCT) for one in actor.organisations)
    late = Q(due_at__lte=now)
    rows = (dues if follows else dues.filter(owed_by__in=own)).order_by().values("owed_by")
    counted = {
        row["owed_by"]: row
        for row in rows.annotate(
            open=Count("pk"),
            soon=Count("pk", filter=Q(due_at__gt=now, due_at__lte=now + SOON)),
            overdue=Count("pk", filter=late),
            oldest=Min("due_at", filter=late),
        )
    }
    wanted = set(counted) if follows else own
    found = [_owing(one, counted.get(one.pk)) for one in Organisation.objects.filter(pk__in=wanted).by_name()]
    return sorted(found, key=lambda row: row.oldest or date.max)


def _owing(organisation: Organisation, row: Any) -> Owing:
    if row is None:
        return Owing(organisation)
    day = day_of(row["oldest"] - SHORT, organisation) if row["oldest"] else None
    return Owing(organisation, row["open"], row["soon"], row["overdue"], day)

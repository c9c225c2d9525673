"""How often each organization appears in the access log, week by week."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from audit.models import Entry
from entities.models import Appointment

WEEKS, MOST = 12, 8


@dataclass(frozen=True)
class Bar:
    """The entries of one week: how many, and how high the bar is in per cent of the highest."""

    week: date
    count: int
    height: int
    place: int


@dataclass(frozen=True)
class Line:
    """One organization, with a bar for each week."""

    name: str
    total: int
    bars: Sequence[Bar]


def weeks() -> list[date]:
    """Return the first days of the last weeks, the earliest first."""
    today = timezone.now().date()
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def by_organisation(entries: QuerySet[Entry]) -> list[Line]:
    """Return the organizations with most of these entries in the last weeks, at most `MOST`. Runs two statements."""
    shown = weeks()
    recent = entries.filter(at__gte=datetime.combine(shown[0], time.min, UTC)).order_by()
    rows = list(
        recent.annotate(week=TruncWeek("at", tzinfo=UTC))
        .values_list("week", "appointments")
        .annotate(count=Count("pk"))
    )
    names = names_of({post for _week, posts, _count in rows for post in posts})
    counted: dict[str, Counter[date]] = {}
    for week, posts, count in rows:
        for name in dict.fromkeys(names[post] for post in posts if post in names):
            counted.setdefault(name, Counter())[week.date()] += count
    most = max((count for one in counted.values() for count in one.values()), default=1)
    lines = [
        Line(name, one.total(), [_bar(one, week, n, most) for n, week in enumerate(shown)])
        for name, one in counted.items()
    ]
    return sorted(lines, key=lambda line: (-line.total, line.name))[:MOST]


def _bar(counted: Counter[date], week: date, place: int, most: int) -> Bar:
    count = counted[week]
    return Bar(week, count, max(1, round(100 * count / most)) if count else 0, place)


def names_of(posts: set[UUID]) -> dict[UUID, str]:
    """Return the short names of the organizations of these appointments."""
    rows = Appointment.objects.filter(pk__in=posts).select_related("organisation")
    return {appointment.pk: appointment.organisation.short for appointment in rows}

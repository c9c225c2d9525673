"""What is owed in the coming days, for the dashboard: the days of all kinds of rows on which a clock runs."""

from datetime import UTC, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from assistance.dues.models import Due
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.naming import matter_of, named_rows
from entities.actors import Actor

DAY = timedelta(days=1)


def coming(actor: Actor, period: Period) -> list[Deadline]:
    """Return what is owed by or to anybody, as far as this actor sees it, and falls due in a period; soonest first."""

    def falling_due(dues: QuerySet[Due], since: datetime, until: datetime) -> QuerySet[Due]:
        return dues.filter(done_at=None, due_at__gt=since, due_at__lte=until).order_by("due_at", "pk")

    since, until = (datetime.combine(day, time.min, UTC) for day in (period.first, period.last + DAY))
    found = named_rows(actor, Due, "coming", falling_due, [max(since, timezone.now()), until], period.most)
    return [
        Deadline(due.due_on, due.clock.label, matter_of(due.subject), due.subject.get_absolute_url())
        for due in found
        if due.due_on
    ]

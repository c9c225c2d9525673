"""The order in which the list of designations shows appointments: what needs a decision comes first."""

from datetime import date

from django.db.models import Case, DateField, F, Q, SmallIntegerField, Value, When
from django.db.models.functions import Coalesce, Least

from entities.local_days import today_at
from entities.models.appointment import SOON, ZONE

FAR_PAST, FAR_FUTURE = date.min, date.max


def attention(descending: bool) -> Case:
    """Return 0 for a nomination that awaits approval, 1 where the right ends soon, 3 where it is over, 2 for others."""
    today, later = today_at(ZONE), today_at(ZONE, SOON)
    over = Q(ended_at__isnull=False) | Q(until__lt=today)
    soon = Q(until__lte=later) | Q(confirm_by__lte=later)
    cases = [When(over, then=Value(3)), When(approved_at__isnull=True, then=Value(0)), When(soon, then=Value(1))]
    return Case(*cases, default=Value(2), output_field=SmallIntegerField())


def last_day(descending: bool) -> Case:
    """Return the last day on which an appointment gives a right; appointments that are over come last."""
    today = today_at(ZONE)
    beyond = Value(FAR_PAST if descending else FAR_FUTURE, output_field=DateField())
    day = Least(Coalesce(F("until"), Value(FAR_FUTURE, output_field=DateField())), F("confirm_by"))
    standing = Q(ended_at__isnull=True) & (Q(until__isnull=True) | Q(until__gte=today))
    return Case(When(standing, then=day), default=beyond, output_field=DateField())

"""Days of an organisation: they begin and end by its own clock (`Organisation.time_zone`, UTC where it has none)."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, Expression, F, Func, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext as _

from web.dates import in_words

if TYPE_CHECKING:
    from entities.models import Organisation


def zone_of(organisation: "Organisation") -> tzinfo:
    """Return the time zone of an organisation."""
    return ZoneInfo(organisation.time_zone) if organisation.time_zone else UTC


def today_of(organisation: "Organisation") -> date:
    """Return the day it is now where the organisation is."""
    return day_of(timezone.now(), organisation)


def day_of(moment: datetime, organisation: "Organisation") -> date:
    """Return on which day a moment is where the organisation is."""
    return moment.astimezone(zone_of(organisation)).date()


def today_at(zone: str, ahead: timedelta = timedelta()) -> Expression:
    """Return in SQL what `today_of` returns, for the organisation whose time zone is in this column; or a day ahead."""
    known = Coalesce(NullIf(F(zone), Value("")), Value("UTC"))
    now = Value(timezone.now() + ahead, output_field=DateTimeField())
    return Cast(Func(known, now, function="timezone", output_field=DateTimeField()), DateField())


def end_of(day: date, organisation: "Organisation") -> datetime:
    """Return the moment at which a day ends where the organisation is; the last representable day ends with UTC's time."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    midnight = datetime.combine(day + timedelta(days=1), time.min, zone_of(organisation))
    try:
        return midnight.astimezone(UTC)
    except OverflowError:  # the day before the last one, west of Greenwich
        return datetime.max.replace(tzinfo=UTC)


def offset_of(organisation: "Organisation", day: date) -> str:
    """Return by how much the clock of the organisation differs from UTC at the end of a day: “UTC”, “UTC+3”, “UTC−3:30”."""
    moment = end_of(day, organisation).astimezone(zone_of(organisation)) if day.year < date.max.year else None
    offset = (moment.utcoffset() if moment else None) or timedelta()
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    sign, (hours, rest) = "+" if minutes > 0 else "\u2212", divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def last_day(day: date, organisation: "Organisation") -> str:
    """Return a last day in words, with whose clock ends it: “30 June 2027, end of the day in Carana (UTC+3)”."""
    values = {
        "day": in_words(day),
        "place": organisation.name,
        "offset": offset_of(organisation, day),
    }
    return _("%(day)s, end of the day in %(place)s (%(offset)s)") % values

"""When mail goes out to a person: at once, or at seven in the morning where they are, daily or on Mondays."""

import datetime as dt
import zoneinfo

from accounts.models import MailRhythm, User

MORNING = dt.time(7)
MONDAY = 0


def zone_of(user: User) -> zoneinfo.ZoneInfo:
    """Return the time zone of a person, UTC if this system no longer knows theirs."""
    try:
        return zoneinfo.ZoneInfo(user.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def in_digest(user: User) -> bool:
    """Whether this person gets their mail gathered."""
    return user.mail_rhythm != MailRhythm.AT_ONCE


def next_due(user: User, now: dt.datetime) -> dt.datetime:
    """Return when mail that arises `now` goes out: now, or their first morning after it."""
    if not in_digest(user):
        return now
    day = now.astimezone(zone_of(user)).date()
    while not _opens(user, day) or _morning(user, day) <= now:
        day += dt.timedelta(days=1)
    return _morning(user, day)


def period(user: User, now: dt.datetime) -> str:
    """Return the name of the digest period `now` falls in: it opened on the last of their mornings."""
    day = now.astimezone(zone_of(user)).date()
    while not _opens(user, day) or _morning(user, day) > now:
        day -= dt.timedelta(days=1)
    return f"{user.mail_rhythm} {day.isoformat()}"


def _opens(user: User, day: dt.date) -> bool:
    return user.mail_rhythm != MailRhythm.WEEKLY or day.weekday() == MONDAY


def _morning(user: User, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, MORNING, tzinfo=zone_of(user)).astimezone(dt.UTC)

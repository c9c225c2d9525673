"""When mail is sent to a user: at once, or at seven in the morning in their time zone, daily or on Mondays."""

import datetime as dt
import zoneinfo

from accounts.models import MailRhythm, User

MORNING = dt.time(7)
MONDAY = 0
COLLECTED = dt.timedelta(minutes=10)  # for so long reminders that arise together are collected for one mail


def zone_of(user: User) -> zoneinfo.ZoneInfo:
    """Return the time zone of a user; UTC if the system does not know theirs any more."""
    try:
        return zoneinfo.ZoneInfo(user.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def in_digest(user: User) -> bool:
    """Return whether this user gets their mail in digests."""
    return user.mail_rhythm != MailRhythm.AT_ONCE


def next_due(user: User, now: dt.datetime) -> dt.datetime:
    """Return when mail created at `now` is due: now, or the user's first digest time after it."""
    return _next_opening(user, now) if in_digest(user) else now


def next_day(user: User, now: dt.datetime) -> dt.datetime:
    """Return when the next mail that is limited to one a day is due: at the user's first digest time after `now`."""
    return _next_opening(user, now)


def _next_opening(user: User, now: dt.datetime) -> dt.datetime:
    day = now.astimezone(zone_of(user)).date()
    while not _opens(user, day) or _morning(user, day) <= now:
        day += dt.timedelta(days=1)
    return _morning(user, day)


def period(user: User, now: dt.datetime) -> str:
    """Return the name of the digest period that contains `now`; it began at the user's last digest time."""
    day = now.astimezone(zone_of(user)).date()
    while not _opens(user, day) or _morning(user, day) > now:
        day -= dt.timedelta(days=1)
    return f"{user.mail_rhythm} {day.isoformat()}"


def _opens(user: User, day: dt.date) -> bool:
    return user.mail_rhythm != MailRhythm.WEEKLY or day.weekday() == MONDAY


def _morning(user: User, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, MORNING, tzinfo=zone_of(user)).astimezone(dt.UTC)

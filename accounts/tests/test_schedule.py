"""When mail is due: mornings in many time zones, also on days when clocks change."""

import datetime as dt

import pytest

from accounts.mail.schedule import next_due, period
from accounts.models import User


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("rhythm", "zone", "now", "due"),
    [
        ("at_once", "Asia/Tokyo", "2026-03-07 12:34", "2026-03-07 12:34"),
        ("daily", "UTC", "2026-03-07 06:59", "2026-03-07 07:00"),
        ("daily", "UTC", "2026-03-07 07:00", "2026-03-08 07:00"),
        ("daily", "Asia/Tokyo", "2026-03-07 12:00", "2026-03-07 22:00"),
        ("daily", "America/New_York", "2026-03-07 11:00", "2026-03-07 12:00"),
        # In the night of 8 March 2026 New York moves its clocks forward: seven o'clock comes an hour sooner.
        ("daily", "America/New_York", "2026-03-07 13:00", "2026-03-08 11:00"),
        # On 1 November 2026 it moves them back: an hour later.
        ("daily", "America/New_York", "2026-10-31 12:00", "2026-11-01 12:00"),
        ("daily", "Asia/Kathmandu", "2026-03-07 00:00", "2026-03-07 01:15"),
        ("weekly", "UTC", "2026-03-07 12:00", "2026-03-09 07:00"),
        ("weekly", "UTC", "2026-03-09 06:00", "2026-03-09 07:00"),
        ("weekly", "UTC", "2026-03-09 07:00", "2026-03-16 07:00"),
        # It is still Sunday in Greenwich when Monday begins in Auckland.
        ("weekly", "Pacific/Auckland", "2026-03-08 12:00", "2026-03-08 18:00"),
        # Samoa skipped 30 December 2011 altogether.
        ("daily", "Pacific/Apia", "2011-12-29 18:00", "2011-12-30 17:00"),
        ("daily", "No/Such_Place", "2026-03-07 06:00", "2026-03-07 07:00"),
    ],
)
def test_mail_is_due_at_the_next_morning_of_the_reader(rhythm: str, zone: str, now: str, due: str) -> None:
    person = User(mail_rhythm=rhythm, time_zone=zone)
    assert next_due(person, at(now)) == at(due)


@pytest.mark.parametrize(
    ("rhythm", "zone", "now", "name"),
    [
        ("daily", "UTC", "2026-03-07 07:00", "daily 2026-03-07"),
        ("daily", "UTC", "2026-03-08 06:59", "daily 2026-03-07"),
        ("weekly", "UTC", "2026-03-08 12:00", "weekly 2026-03-02"),
        ("weekly", "Pacific/Auckland", "2026-03-08 18:00", "weekly 2026-03-09"),
    ],
)
def test_a_period_is_named_by_the_morning_that_opened_it(rhythm: str, zone: str, now: str, name: str) -> None:
    assert period(User(mail_rhythm=rhythm, time_zone=zone), at(now)) == name


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tehran", "Pacific/Kiritimati"])
@pytest.mark.parametrize("rhythm", ["daily", "weekly"])
def test_what_is_due_falls_into_the_period_that_opens_then(rhythm: str, zone: str) -> None:
    person = User(mail_rhythm=rhythm, time_zone=zone)
    start = at("2026-01-01 00:30")
    for hours in range(0, 24 * 365, 7):
        now = start + dt.timedelta(hours=hours)
        due = next_due(person, now)
        assert now < due <= now + dt.timedelta(days=7, hours=2)
        assert period(person, due) != period(person, due - dt.timedelta(seconds=1))

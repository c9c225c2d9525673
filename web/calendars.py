"""Calendars as files (iCalendar, RFC 5545): whole days. What they hold stays on other servers, so they name no titles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from icalendar import Calendar, Event

MEDIA_TYPE = "text/calendar"
TYPE = f"{MEDIA_TYPE}; charset=utf-8"
PRODUCT = "-//Counter-Terrorism Assistance Portal//Deadlines//EN"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """One day of a calendar. `key` names the row behind it, as ``due:<uuid>``; nobody can tell it from the file."""

    key: str
    day: date
    summary: str
    path: str


def calendar_of(name: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """Return a calendar of this name with these entries, as a file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", uid_of(entry.key))
        event.add("dtstamp", now)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + DAY)
        event.add("summary", entry.summary)
        event.add("url", settings.SITE_URL.rstrip("/") + entry.path)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def uid_of(key: str) -> str:
    """Return the UID of an entry: always the same, and no reference or key can be told from it."""
    secret = UUID(bytes=salted_hmac("web.calendars", "uid", algorithm="sha256").digest()[:16])
    return f"{uuid5(secret, key)}@{urlsplit(settings.SITE_URL).hostname}"


def download(content: bytes, name: str) -> HttpResponse:
    """Return the answer with a calendar as a download of this name."""
    answer = HttpResponse(content, content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer

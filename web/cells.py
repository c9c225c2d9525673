"""Cells of lists, one function for each kind (`web.views.Column`): row, field and value → HTML.

A cell that few lists have is a template instead.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from web import dates, markup
from web.translated_text import localized

NONE = "–"
NOTHING = SafeString('<span class="nothing">–</span>')  # in columns of numbers and days


def text(row: Any, field: str, value: Any) -> str:
    """Return a value as it is."""
    return NONE if value is None else str(localize(value))


def name(row: Any, field: str, value: Any) -> str:
    """Return a name, isolated from the direction of the text around it."""
    return format_html("<bdi>{}</bdi>", value) if value else NONE


def short(row: Any, field: str, value: Any) -> str:
    """Return a text that the column cuts off, whole when pointed at."""
    return format_html('<span title="{}">{}</span>', value, value) if value else NONE


def percent(row: Any, field: str, value: Any) -> str:
    """Return a share in per cent."""
    return markup.share(value)


def title(row: Any, field: str, value: Any) -> str:
    """Return a translated text of the row as a link to its page, with the reference number after it."""
    return titled(row, row, field)


def titled(row: Any, other: Any, field: str) -> SafeString:
    """Return a link to a row, by a translated text of another one, with the row's reference number after it."""
    shown = localized(other, field)
    return format_html(
        '<a class="row-title" href="{}">{}</a> <span class="row-code">{}</span>',
        row.get_absolute_url(),
        markup.text_in(shown.value, shown.language),
        markup.ltr(row.reference),
    )


def age(row: Any, field: str, value: Any) -> str:
    """Return how long ago a moment was, with the day when pointed at."""
    if not value:
        return NOTHING
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', dates.in_words(value, "c"), dates.in_words(value), dates.age(value)
    )


def day(row: Any, field: str, value: Any) -> str:
    """Return a day in few letters."""
    return time_tag(value, "c", "SHORT_DATE_FORMAT") if value else NOTHING


def whole_day(row: Any, field: str, value: Any) -> str:
    """Return a day in words."""
    return time_tag(value, "c", "DATE_FORMAT") if value else NOTHING


def moment(row: Any, field: str, value: Any) -> str:
    """Return a moment in few letters."""
    return time_tag(value, "c", "SHORT_DATETIME_FORMAT") if value else NONE


def time_tag(value: date, stored: str, shown: str) -> SafeString:
    """Return a day or moment for readers, and in a form for programs."""
    return _time_tag(value, stored, shown, get_language(), get_current_timezone_name())


@lru_cache(maxsize=4096)
def _time_tag(value: date, stored: str, shown: str, language: str, zone: str) -> SafeString:
    """Return the same in the active language and time zone; the days of a list are those of the next one."""
    return format_html('<time datetime="{}">{}</time>', dates.in_words(value, stored), dates.in_words(value, shown))

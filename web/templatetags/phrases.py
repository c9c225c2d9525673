"""Tags and filters that write names, dates, shares and labels as the reader's language does; `ui` includes them."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from web import dates
from web.languages import LANGUAGES, NAMES
from web.lists import comma, enumerated
from web.phrases import label_pattern, labelled, people_in, percent
from web.texts import one_line

register = template.Library()

register.filter("enumerated", enumerated)
register.filter("one_line", one_line)
register.simple_tag(comma)
register.simple_tag(people_in)


@register.filter
def isolated(names: Iterable[object]) -> SafeString:
    """Return names as one list, each isolated from the direction of the text around it; empty for no names."""
    return format_html_join(comma(), "<bdi>{}</bdi>", ((name,) for name in names))


@register.simple_tag
def own_languages() -> list[tuple[str, str]]:
    """Return the languages of the portal, each with its own name for itself."""
    return list(LANGUAGES.items())


@register.filter
def language_names(codes: Iterable[str]) -> str:
    """Return the names of languages in the reader's language, as one list that stands alone."""
    return capfirst(enumerated(NAMES[code] for code in codes))


@register.filter
def own_language_names(codes: Iterable[str]) -> SafeString:
    """Return the names of languages, each in that language, as one list."""
    return isolated(LANGUAGES[code] for code in codes)


@register.simple_block_tag(name="labelled", takes_context=True)
def labelled_tag(context: Context, content: SafeString, label: str) -> str:
    """Return a label and the content of the block, its value, as one phrase."""
    return format_html(label_pattern(), label=label, value=content) if context.autoescape else labelled(label, content)


@register.filter
def age(value: datetime | None) -> str:
    """Return how long ago a moment was, in its greatest unit from days on: "3 weeks"; "today" for the present day."""
    return "" if value is None else dates.age(value)


@register.filter(name="ltr")
def ltr_filter(value: Any) -> SafeString:
    """Isolate a reference, number or Latin name, so that Arabic around it does not reorder it."""
    return format_html('<bdi dir="ltr">{}</bdi>', "" if value is None else value)


@register.filter(name="percent")
def percent_filter(value: Any) -> SafeString:
    """Return a share in per cent, the number and its sign kept on one line."""
    return format_html('<span class="atom">{}</span>', percent(value))


@register.simple_tag
def ltr(value: Any) -> SafeString:
    """Return what the filter of the same name returns, as a tag."""
    return ltr_filter(value)


@register.simple_tag
def mail_link(address: str) -> SafeString:
    """Return an address of mail as a link, kept left to right; with `as` it can stand inside a translated sentence."""
    return format_html('<a href="mailto:{}">{}</a>', address, ltr_filter(address))


@register.filter(name="date", expects_localtime=True, is_safe=False)
def date_filter(value: Any, form: str = "DATE_FORMAT") -> str:
    """Return a date in words of the reader's language, in place of Django's filter of this name; "" for no date."""
    return dates.in_words(value, form) if isinstance(value, date | time) else ""


register.simple_tag(dates.span)


@register.simple_tag
def period(first: date | None = None, last: date | None = None) -> str:
    """Return a period of which one end may be open, as words; "" without days."""
    return dates.period(first or None, last or None)


@register.simple_tag
def now(form: str) -> str:
    """Return the present moment, in place of Django's tag of this name."""
    return dates.in_words(timezone.now(), form)

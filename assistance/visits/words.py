"""Visits and sections in words, for lists to choose from."""

from datetime import date

from django.utils.translation import get_language, pgettext

from assistance.visits.models import Section, Visit
from web.dates import in_words
from web.translated_text import localized


def visit_in_words(visit: Visit) -> str:
    """Return State, kind and days of a visit: Carana, follow-up visit, 25–29 October 2026."""
    return pgettext("a visit in words", "%(state)s, %(kind)s, %(days)s") % {
        "state": visit.state.name,
        "kind": visit.get_kind_display(),
        "days": span(visit.starts_on, visit.ends_on),
    }


def section_in_words(section: Section) -> str:
    """Return number and title of a section."""
    return f"{section.number}. {localized(section, 'title').value}"


def span(first: date, last: date) -> str:
    """Return two days in words, what they have in common once: 25–29 October 2026."""
    if first == last:
        return in_words(first)
    if (first.year, first.month) != (last.year, last.month):
        return f"{in_words(first)} – {in_words(last)}"
    if (get_language() or "").startswith("zh"):
        return f"{in_words(first, 'Y年n月j')}–{in_words(last, 'j日')}"
    return f"{in_words(first, 'j')}–{in_words(last)}"

"""What names visits and sections to people."""

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.matters import Matter
from assistance.visits.models import Section, Visit
from assistance.workflow.naming import titled
from web.dates import in_words


def name_of_visit(visit: Visit) -> Matter:
    """Return a visit by its State, with its kind and dates."""
    title = _("Visit to %(state)s") % {"state": visit.state.name}
    return Matter(title, facts=(visit.get_kind_display(), span(visit.starts_on, visit.ends_on)))


def name_of_section(section: Section) -> Matter:
    """Return a section by its title, with its number and State."""
    number = _("Section %(number)s") % {"number": section.number}
    return titled(section, number, section.visit.state.name)


def span(first: date, last: date) -> str:
    """Return two days in words, what they have in common once: 25–29 October 2026."""
    if first == last:
        return in_words(first)
    if (first.year, first.month) != (last.year, last.month):
        return f"{in_words(first)} – {in_words(last)}"
    if (get_language() or "").startswith("zh"):
        return f"{in_words(first, 'Y年n月j')}–{in_words(last, 'j日')}"
    return f"{in_words(first, 'j')}–{in_words(last)}"

"""What names visits and sections to people."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.matters import Matter
from assistance.visits.models import Section, Visit
from assistance.workflow.naming import titled


def name_of_visit(visit: Visit) -> Matter:
    """Return a visit by its State, with its kind and dates."""
    days = dict.fromkeys(date_format(day, "DATE_FORMAT") for day in (visit.starts_on, visit.ends_on))
    title = _("Visit to %(state)s") % {"state": visit.state.name}
    return Matter(title, facts=(visit.get_kind_display(), " – ".join(days)))


def name_of_section(section: Section) -> Matter:
    """Return a section by its title, with its number and State."""
    number = _("Section %(number)s") % {"number": section.number}
    return titled(section, number, section.visit.state.name)

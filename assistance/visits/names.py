"""What names visits and sections to people."""

from django.utils.translation import gettext as _

from accounts.matters import Matter
from assistance.visits.models import Section, Visit
from assistance.workflow.naming import titled
from web.dates import span


def name_of_visit(visit: Visit) -> Matter:
    """Return a visit by its State, with its kind and dates."""
    title = _("Visit to %(state)s") % {"state": visit.state.name}
    return Matter(title, facts=(visit.get_kind_display(), span(visit.starts_on, visit.ends_on)))


def name_of_section(section: Section) -> Matter:
    """Return a section by its title, with its number and State."""
    number = _("Section %(number)s") % {"number": section.number}
    return titled(section, number, section.visit.state.name)

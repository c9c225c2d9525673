"""What is particular to releases of report sections: they are named by number, and those of one visit told together."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from assistance.registry import ReleaseSpec
from assistance.visits.models import Section
from web.lists import joined


def _heading(section: Section) -> str:
    return _("Section %(number)s") % {"number": section.number}


def _named(sections: Sequence[Section]) -> str:
    text = ngettext("section %(numbers)s", "sections %(numbers)s", len(sections))
    return text % {"numbers": joined(section.number for section in sections)}


def _listed(sections: Sequence[Section]) -> str:
    text = npgettext("alone", "Section %(numbers)s", "Sections %(numbers)s", len(sections))
    return text % {"numbers": joined(section.number for section in sections)}


def _count(number: int) -> str:
    return ngettext("%(count)d section of a visit report", "%(count)d sections of visit reports", number) % {
        "count": number
    }


RELEASES = ReleaseSpec(
    heading=_heading,
    named=_named,
    listed=_listed,
    order=("number",),
    related=("visit__state",),
    counted=_count,
)

"""What names consultations and rounds to people."""

from django.utils.translation import gettext as _

from accounts.matters import Matter
from assistance.consultations.models import Consultation, Round
from assistance.workflow.naming import titled


def name_of_consultation(row: Consultation) -> Matter:
    """Return a consultation by its title, with the programme and the State."""
    return titled(row, row.programme.name, row.state.name)


def numbered(row: Round) -> str:
    """Return a round by its number."""
    return _("Round %(number)s of consultations") % {"number": row.number}


def name_of_round(row: Round) -> Matter:
    """Return a round by its number, with the programme and the State: its reader may not see the consultation."""
    return Matter(numbered(row), facts=(row.programme.name, row.state.name))

"""What the pages say after a decision about a visit."""

from django.utils.translation import gettext as _

from assistance.visits.models import Visit


def next_for_visit(visit: Visit) -> str:
    """Return what moves a visit on, and who can do it; empty while no answer is awaited."""
    return _("The State releases the report and its needs, or declines.") if visit.consent_asked_at else ""

"""What names consents and release plans to people."""

from django.utils.translation import gettext as _

from accounts.matters import Matter
from assistance.consents.models import Consent, ReleasePlan


def name_of_consent(consent: Consent) -> Matter:
    """Return a consent by its State, with what was decided."""
    title = _("Consent of %(state)s") % {"state": consent.state.name}
    return Matter(title, facts=(consent.get_decision_display(),))


def name_of_plan(plan: ReleasePlan) -> Matter:
    """Return a release plan by its State."""
    return Matter(_("Release by %(state)s") % {"state": plan.state.name})

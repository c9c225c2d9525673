"""What happens to visits and sections, in words, and who is told of it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance.workflow.notifications import Rule, cted, everyone, state

VISIT_EVENTS: Mapping[str, str | Promise] = {
    "visit_recorded": _("Visit recorded"),
    "visit_edited": _("Visit edited"),
    "consent_asked": _("Consent to release asked"),
    "consent_declined": _("Consent declined"),
}
VISIT_MESSAGES: Mapping[str, Rule] = {
    "consent_asked": Rule("consent_asked", asks=state),
    "consent_declined": Rule("consent_declined", tells=(cted,), settles=("consent_asked",)),
}

SECTION_EVENTS: Mapping[str, str | Promise] = {
    "section_recorded": _("Report section recorded"),
    "section_edited": _("Report section edited"),
    "section_released": _("Report sections released"),
    "consent_withdrawn": _("Consent withdrawn"),
}
SECTION_MESSAGES: Mapping[str, Rule] = {
    "section_released": Rule("section_released", tells=(everyone,)),
    "consent_withdrawn": Rule("consent_withdrawn", tells=(cted, state)),
}

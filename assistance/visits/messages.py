"""Messages about visits and sections: event names, and who is notified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import Message
from assistance.workflow.notifications import (
    ASSESSOR_REASON,
    AUDIENCE_REASON,
    PARTY_REASON,
    STATE_REASON,
    Rule,
    cted,
    everyone,
    state,
)

VISIT_EVENTS: Mapping[str, str | Promise] = {
    "visit_recorded": _("Visit recorded"),
    "visit_edited": _("Visit edited"),
    "consent_asked": _("Consent to release asked"),
    "consent_declined": _("Consent declined"),
}
VISIT_MESSAGES: Mapping[str, Rule] = {
    "consent_asked": Rule(
        Message("consent_asked", _("Your State’s consent to a release is asked: %(reference)s"), STATE_REASON),
        asks=state,
    ),
    "consent_declined": Rule(
        Message("consent_declined", _("The State declined the release asked for: %(reference)s"), ASSESSOR_REASON),
        tells=(cted,),
        settles=("consent_asked",),
    ),
}

SECTION_EVENTS: Mapping[str, str | Promise] = {
    "section_recorded": _("Report section recorded"),
    "section_edited": _("Report section edited"),
    "section_released": _("Report sections released"),
    "consent_withdrawn": _("Consent withdrawn"),
}
SECTION_MESSAGES: Mapping[str, Rule] = {
    "section_released": Rule(
        Message("section_released", _("Sections of visit report %(reference)s were released to you"), AUDIENCE_REASON),
        tells=(everyone,),
    ),
    "consent_withdrawn": Rule(
        Message("consent_withdrawn", _("The State withdrew its consent: %(reference)s"), PARTY_REASON),
        tells=(cted, state),
    ),
}

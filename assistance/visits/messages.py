"""Messages about visits and sections: event names, and who is notified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.workflow.messages import RELEASED_TOGETHER, WITHDRAWN_TOGETHER
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
    "consent_asked": pgettext_lazy("event", "Consent to release requested"),
    "consent_declined": pgettext_lazy("event", "Consent declined"),
}
VISIT_MESSAGES: Mapping[str, Rule] = {
    "consent_asked": Rule(
        Message("consent_asked", _("%(reference)s: consent of your State to a release requested"), STATE_REASON),
        asks=state,
    ),
    "consent_declined": Rule(
        Message("consent_declined", _("%(reference)s: release declined by the State"), ASSESSOR_REASON),
        tells=(cted,),
        settles=("consent_asked",),
    ),
}

SECTION_EVENTS: Mapping[str, str | Promise] = {
    "section_recorded": _("Report section recorded"),
    "section_edited": _("Report section edited"),
    "section_released": _("Report sections released"),
    "consent_withdrawn": pgettext_lazy("event", "Consent withdrawn"),
}
SECTION_MESSAGES: Mapping[str, Rule] = {
    "section_released": Rule(
        Message("section_released", _("%(reference)s: section of the visit report released to you"), AUDIENCE_REASON),
        RELEASED_TOGETHER,
        tells=(everyone,),
    ),
    "consent_withdrawn": Rule(
        Message("consent_withdrawn", _("%(reference)s: consent withdrawn by the State"), PARTY_REASON),
        WITHDRAWN_TOGETHER,
        tells=(cted, state),
    ),
}

"""Messages about visits and sections: event names, and who is notified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.visits.rules import delegation, state_once_adopted
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
    "visit_agreed": _("State agreed to the visit"),
    "draft_sent": _("Draft report sent to the State"),
    "observations_received": _("Observations received from the State"),
    "no_observations": _("Time for observations ended without any"),
    "adoption_proposed": _("Adoption of the report to be confirmed"),
    "report_adopted": _("Report adopted by the Committee"),
    "final_sent": _("Final report sent to the State"),
    "reply_overdue": _("Reply of the State overdue"),
    "reply_received": _("Reply received from the State"),
    "visit_letter_sent": _("Letter about the visit sent"),
    "visit_cancelled": _("Visit cancelled"),
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
    "visit_agreed": Rule(
        Message("visit_agreed", _("%(reference)s: the State agreed to the visit"), PARTY_REASON),
        tells=(state, delegation),
    ),
    "draft_sent": Rule(
        Message("draft_sent", _("%(reference)s: observations on the draft report requested"), STATE_REASON), asks=state
    ),
    "observations_received": Rule(
        Message("observations_received", _("%(reference)s: observations of the State received"), ASSESSOR_REASON),
        asks=cted,
        settles=("draft_sent", "adoption_proposed"),
    ),
    "no_observations": Rule(
        Message("no_observations", _("%(reference)s: no observations received in time"), PARTY_REASON),
        tells=(cted, state),
        settles=("draft_sent",),
    ),
    "adoption_proposed": Rule(
        Message("adoption_proposed", _("%(reference)s: adoption of the report to be confirmed"), ASSESSOR_REASON),
        asks=cted,
    ),
    "report_adopted": Rule(
        Message("report_adopted", _("%(reference)s: the report was adopted"), STATE_REASON),
        tells=(state,),
        settles=("draft_sent", "observations_received", "adoption_proposed"),
    ),
    "final_sent": Rule(
        Message("final_sent", _("%(reference)s: reply to the recommendations requested"), STATE_REASON), asks=state
    ),
    "reply_overdue": Rule(
        Message("reply_overdue", _("%(reference)s: the reply of the State is overdue"), ASSESSOR_REASON),
        asks=cted,
        tells=(state,),
    ),
    "reply_received": Rule(
        Message("reply_received", _("%(reference)s: reply of the State received"), ASSESSOR_REASON),
        asks=cted,
        settles=("final_sent", "reply_overdue"),
    ),
    "visit_cancelled": Rule(
        Message("visit_cancelled", _("%(reference)s: the visit was cancelled"), PARTY_REASON),
        tells=(state, delegation),
        settles=("consent_asked", "draft_sent", "observations_received", "adoption_proposed"),
    ),
}

SECTION_EVENTS: Mapping[str, str | Promise] = {
    "section_recorded": _("Report section recorded"),
    "section_edited": _("Report section edited"),
    "section_released": _("Report sections released"),
    "consent_withdrawn": pgettext_lazy("event", "Consent withdrawn"),
}
SECTION_MESSAGES: Mapping[str, Rule] = {
    # Also read, before the adoption, by those who follow the report.
    "section_recorded": Rule(
        Message("section_recorded", _("%(reference)s: section added to the visit report"), STATE_REASON),
        tells=(state_once_adopted,),
    ),
    "section_edited": Rule(
        Message("section_edited", _("%(reference)s: section of the visit report changed"), STATE_REASON),
        tells=(state_once_adopted,),
    ),
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

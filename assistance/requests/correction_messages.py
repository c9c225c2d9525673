"""Messages about corrections of requests: event names, and who is notified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import Message
from assistance.requests.corrections import asked
from assistance.workflow.corrections import proposer
from assistance.workflow.notifications import PARTY_REASON, STATE_REASON, Rule, unoct

CORRECTION_EVENTS: Mapping[str, str | Promise] = {
    "request_correction_proposed": _("Correction proposed"),
    "request_correction_accepted": _("Correction accepted"),
    "request_correction_refused": _("Correction not accepted"),
}
CORRECTION_MESSAGES: Mapping[str, Rule] = {
    "request_correction_proposed": Rule(
        Message("request_correction_proposed", _("%(reference)s: CTED proposes a correction"), STATE_REASON),
        asks=asked,
        tells=(unoct,),
    ),
    "request_correction_accepted": Rule(
        Message("request_correction_accepted", _("%(reference)s: correction accepted"), PARTY_REASON),
        tells=(proposer, unoct),
        settles=("request_correction_proposed",),
    ),
    "request_correction_refused": Rule(
        Message("request_correction_refused", _("%(reference)s: correction not accepted"), PARTY_REASON),
        tells=(proposer, unoct),
        settles=("request_correction_proposed",),
    ),
}

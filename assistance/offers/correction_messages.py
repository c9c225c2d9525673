"""Messages about corrections of offers: event names, and who is notified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import Message
from assistance.offers.corrections import asked
from assistance.offers.messages import CONFIRM_REASON
from assistance.workflow.corrections import proposer
from assistance.workflow.notifications import Rule

PROPOSER_REASON = _("You receive this because your organization proposed the correction.")

CORRECTION_EVENTS: Mapping[str, str | Promise] = {
    "correction_proposed": _("Correction proposed"),
    "correction_accepted": _("Correction accepted"),
    "correction_refused": _("Correction not accepted"),
}
CORRECTION_MESSAGES: Mapping[str, Rule] = {
    "correction_proposed": Rule(
        Message("correction_proposed", _("%(reference)s: a reader proposes a correction"), CONFIRM_REASON), asks=asked
    ),
    "correction_accepted": Rule(
        Message("correction_accepted", _("%(reference)s: correction accepted"), PROPOSER_REASON),
        tells=(proposer,),
        settles=("correction_proposed",),
    ),
    "correction_refused": Rule(
        Message("correction_refused", _("%(reference)s: correction not accepted"), PROPOSER_REASON),
        tells=(proposer,),
        settles=("correction_proposed",),
    ),
}

"""Messages about offers: event names, and who is notified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import Message
from assistance.workflow.notifications import Rule, cted, unoct

MEMBER_REASON = _("You receive this because published offers are announced to the users they may concern.")

OFFER_EVENTS: Mapping[str, str | Promise] = {
    "offer_recorded": _("Offer recorded"),
    "offer_edited": _("Offer edited"),
    "offer_published": _("Offer published"),
    "offer_paused": _("Offer paused"),
    "offer_withdrawn": _("Offer withdrawn"),
}
OFFER_MESSAGES: Mapping[str, Rule] = {
    "offer_published": Rule(
        Message("offer_published", _("%(reference)s: offer published"), MEMBER_REASON), tells=(cted, unoct)
    ),
}

"""Messages about offers: event names, and who is notified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import Message
from assistance.offers.states import ASKED_BEFORE_END
from assistance.workflow.notifications import Rule, cted, provider, unoct

CONFIRM_REASON = _("You receive this because your organization published this offer.")
MEMBER_REASON = _("You receive this because published offers are announced to the users they may concern.")

OFFER_EVENTS: Mapping[str, str | Promise] = {
    "offer_recorded": _("Offer recorded"),
    "offer_edited": _("Offer edited"),
    "offer_published": _("Offer published"),
    "offer_paused": _("Offer paused"),
    "offer_withdrawn": _("Offer withdrawn"),
    "offer_confirm_asked": _("Provider asked to confirm the offer"),
    "offer_confirmed": _("Offer confirmed by its provider"),
    "offer_unconfirmed": _("Offer paused: not confirmed"),
    "offer_expiring": _("Provider asked: the offer ends in 30 days"),
    "offer_expiring_soon": _("Provider asked: the offer ends in 7 days"),
    "offer_expired": _("Offer expired"),
    "offer_merge_proposed": _("Merging proposed by UNOCT"),
    "offer_merge_declined": _("Merging declined by the provider"),
    "offer_merged": _("Merged into another offer"),
    "offer_took_in": _("Another offer merged into this one"),
}
# Requests about the end of an offer, done when a later last day is set or the offer is no longer published.
ABOUT_END = tuple(ASKED_BEFORE_END)
ASKING = ("offer_confirm_asked", "offer_merge_proposed", *ABOUT_END)
# Events in the history of an offer that only its provider and UNOCT see: what the provider is asked.
OF_PROVIDER = (*ASKING, "offer_merge_declined")
OFFER_MESSAGES: Mapping[str, Rule] = {
    "offer_published": Rule(
        Message("offer_published", _("%(reference)s: offer published"), MEMBER_REASON), tells=(cted, unoct)
    ),
    "offer_paused": Rule(
        Message("offer_paused", _("%(reference)s: offer paused"), CONFIRM_REASON),
        tells=(provider,),
        settles=ASKING,
    ),
    "offer_withdrawn": Rule(
        Message("offer_withdrawn", _("%(reference)s: offer withdrawn"), CONFIRM_REASON),
        tells=(provider,),
        settles=ASKING,
    ),
    "offer_confirm_asked": Rule(
        Message("offer_confirm_asked", _("%(reference)s: confirm that the offer is still right"), CONFIRM_REASON),
        asks=provider,
    ),
    "offer_confirmed": Rule(
        Message("offer_confirmed", _("%(reference)s: offer confirmed"), CONFIRM_REASON),
        tells=(provider,),
        settles=("offer_confirm_asked",),
    ),
    "offer_unconfirmed": Rule(
        Message("offer_unconfirmed", _("%(reference)s: offer paused, because it was not confirmed"), CONFIRM_REASON),
        tells=(provider,),
        settles=ASKING,
    ),
    "offer_expiring": Rule(
        Message("offer_expiring", _("%(reference)s: offer ends in 30 days"), CONFIRM_REASON), asks=provider
    ),
    "offer_expiring_soon": Rule(
        Message("offer_expiring_soon", _("%(reference)s: offer ends in 7 days"), CONFIRM_REASON, is_reminder=True),
        asks=provider,
        settles=("offer_expiring",),
    ),
    "offer_expired": Rule(
        Message("offer_expired", _("%(reference)s: offer expired"), CONFIRM_REASON), tells=(provider,), settles=ASKING
    ),
    "offer_merge_proposed": Rule(
        Message("offer_merge_proposed", _("%(reference)s: UNOCT proposes to merge two of your offers"), CONFIRM_REASON),
        asks=provider,
    ),
    "offer_merge_declined": Rule(
        Message("offer_merge_declined", _("%(reference)s: the provider keeps its offers apart"), MEMBER_REASON),
        tells=(unoct,),
        settles=("offer_merge_proposed",),
    ),
    "offer_merged": Rule(
        Message("offer_merged", _("%(reference)s: offer merged into another"), MEMBER_REASON),
        tells=(provider, cted, unoct),
        settles=ASKING,
    ),
}

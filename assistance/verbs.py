"""What can happen, in words: the verbs that events record."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENT_LABELS: Mapping[str, str | Promise] = {
    "visit_recorded": _("Visit recorded"),
    "visit_edited": _("Visit edited"),
    "section_recorded": _("Report section recorded"),
    "section_edited": _("Report section edited"),
    "need_recorded": _("Need recorded"),
    "need_edited": _("Need edited"),
    "need_put_to_state": _("Put to the State"),
    "need_agreed": _("Agreed with the State"),
    "consent_asked": _("Consent to release asked"),
    "consent_declined": _("Consent declined"),
    "consent_withdrawn": _("Consent withdrawn"),
    "consent_expired": _("Consent expired"),
    "need_shared": _("Released by the State"),
    "section_released": _("Report sections released"),
    "offer_recorded": _("Offer recorded"),
    "offer_edited": _("Offer edited"),
    "offer_published": _("Offer published"),
    "offer_paused": _("Offer paused"),
    "offer_withdrawn": _("Offer withdrawn"),
    "match_suggested": _("Match suggested by CTED"),
    "match_proposed": _("Offer proposed"),
    "match_confirmed_by_provider": _("Provider ready to help"),
    "match_accepted": _("Offer accepted by the State"),
    "match_declined": _("Match declined"),
    "match_retracted": _("Match retracted"),
    "match_started": _("Delivery started"),
    "match_delivered": _("Delivery reported"),
    "match_reminder": _("Reminder sent"),
    "match_last_call": _("Last call sent"),
    "match_lapsed": _("Lapsed without an answer"),
    "need_verified": _("Verified"),
    "need_closed": _("Closed"),
    "project_recorded": _("Project recorded"),
    "project_edited": _("Project edited"),
    "project_imported": _("Project imported"),
}

"""The texts of the messages about the work, one row each; `notifications.RULES` says which event sends which to whom."""

from django.utils.translation import gettext_lazy as _

from accounts.messages import Message

ANSWER_REASON = _("You get this because an answer is expected from your organisation.")
ASSESSOR_REASON = _("You get this because you work for the body that brought this forward.")
AUDIENCE_REASON = _("You get this because the State shared this with your organisation.")
MEMBER_REASON = _("You get this because published offers are announced to members whom they may concern.")
PARTY_REASON = _("You get this because your organisation has a part in this.")
PROVIDER_REASON = _("You get this because your organisation may be able to help.")
STATE_REASON = _("You get this because you act for the State this concerns.")

MESSAGES = (
    Message("need_put_to_state", _("Need %(reference)s was put to your State for agreement"), STATE_REASON),
    Message("need_agreed", _("Need %(reference)s was agreed with the State"), ASSESSOR_REASON),
    Message("need_shared", _("Need %(reference)s was shared with you"), AUDIENCE_REASON),
    Message("need_verified", _("The outcome for need %(reference)s was verified"), PARTY_REASON),
    Message("need_closed", _("Need %(reference)s was closed"), PARTY_REASON),
    Message("section_released", _("Sections of visit report %(reference)s were released to you"), AUDIENCE_REASON),
    Message("consent_asked", _("Your State’s consent to a release is asked: %(reference)s"), STATE_REASON),
    Message("consent_declined", _("The State declined the release asked for: %(reference)s"), ASSESSOR_REASON),
    Message("consent_withdrawn", _("The State withdrew its consent: %(reference)s"), PARTY_REASON),
    Message("consent_expired", _("A consent has ended: %(reference)s"), PARTY_REASON),
    Message("release_proposed", _("A release awaits your confirmation: %(reference)s"), STATE_REASON),
    Message("release_confirmed", _("A release was confirmed and published: %(reference)s"), STATE_REASON),
    Message("release_returned", _("A release was returned: %(reference)s"), STATE_REASON),
    Message("release_lapsed", _("Nobody confirmed a release in time: %(reference)s"), STATE_REASON),
    Message("two_person_off_asked", _("A colleague asks to end the rule of two persons for a release"), STATE_REASON),
    Message("two_person_changed", _("The rule of two persons for a release has been decided"), STATE_REASON),
    Message("offer_published", _("Offer %(reference)s was published"), MEMBER_REASON),
    Message("match_suggested", _("A match with need %(reference)s was suggested to you"), PROVIDER_REASON),
    Message("match_proposed", _("An offer was proposed for need %(reference)s"), PARTY_REASON),
    Message("match_accepted", _("Need %(reference)s is matched to an offer"), PARTY_REASON),
    Message("match_declined", _("The match with need %(reference)s was declined"), PARTY_REASON),
    Message("match_retracted", _("The offer for need %(reference)s was taken back"), PARTY_REASON),
    Message("match_started", _("Assistance for need %(reference)s has started"), PARTY_REASON),
    Message("match_delivered", _("Delivery is reported for need %(reference)s"), PARTY_REASON),
    Message("match_reminder", _("Reminder: the match with need %(reference)s awaits your answer"), ANSWER_REASON),
    Message("match_last_call", _("Last call: the match with need %(reference)s awaits an answer"), PARTY_REASON),
    Message("match_lapsed", _("The match with need %(reference)s lapsed without an answer"), PARTY_REASON),
)

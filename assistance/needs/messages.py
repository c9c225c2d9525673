"""Messages about needs and matches: event names, and who is notified."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.needs.states import MatchStatus
from assistance.workflow.messages import EXPIRED_TOGETHER, RELEASED_TOGETHER, WITHDRAWN_TOGETHER
from assistance.workflow.notifications import (
    ANSWER_REASON,
    ASSESSOR_REASON,
    AUDIENCE_REASON,
    PARTY_REASON,
    PROVIDER_REASON,
    STATE_REASON,
    Rule,
    cted,
    everyone,
    provider,
    state,
    unoct,
)
from entities.actors import CTED

# Messages that ask one side of a match for its answer.
ASKING = ("match_suggested", "match_proposed", "match_reminder", "match_last_call")


def _providers(need: Any) -> set[object]:
    return set(need.matches.values_list("provider_id", flat=True))


def _verifiers(match: Any) -> set[object]:
    """Return CTED and the State, who verify the assistance unless they provided it (`rules.verifier`)."""
    return {CTED, match.need.state_id} - {match.provider_id, match.provider.slug}


def _side_asked(match: Any) -> set[object]:
    return {match.provider_id} if match.status == MatchStatus.SUGGESTED else {match.need.state_id}


# Messages sent for several events.
MATCH_PROPOSED = Message("match_proposed", _("%(reference)s: offer proposed"), PARTY_REASON)

NEED_EVENTS: Mapping[str, str | Promise] = {
    "need_recorded": _("Need recorded"),
    "need_edited": _("Need edited"),
    "need_put_to_state": pgettext_lazy("event", "Sent to Member State"),
    "need_agreed": pgettext_lazy("event", "Agreed with the State"),
    "need_shared": pgettext_lazy("event", "Released by the State"),
    "consent_withdrawn": pgettext_lazy("event", "Consent withdrawn"),
    "consent_expired": _("Consent expired"),
    "need_verified": pgettext_lazy("event", "Outcome verified"),
    "need_closed": pgettext_lazy("event", "Need closed"),
    "need_sustained": _("State reports after a year: still working"),
    "need_not_sustained": _("State reports after a year: not all works"),
    "need_report_noted": _("CTED took note of the report after a year"),
    "need_reopened": pgettext_lazy("event", "Need reopened"),
}
NEED_MESSAGES: Mapping[str, Rule] = {
    "need_put_to_state": Rule(
        Message("need_put_to_state", _("%(reference)s: need awaiting your agreement"), STATE_REASON),
        asks=state,
    ),
    "need_agreed": Rule(
        Message("need_agreed", _("%(reference)s: need agreed with the State"), ASSESSOR_REASON),
        tells=(cted, state),
        settles=("need_put_to_state",),
    ),
    "need_shared": Rule(
        Message("need_shared", _("%(reference)s: need released to you"), AUDIENCE_REASON),
        RELEASED_TOGETHER,
        tells=(everyone,),
    ),
    "consent_withdrawn": Rule(
        Message("consent_withdrawn", _("%(reference)s: consent withdrawn by the State"), PARTY_REASON),
        WITHDRAWN_TOGETHER,
        tells=(cted, state),
    ),
    "consent_expired": Rule(
        Message("consent_expired", _("%(reference)s: consent expired"), PARTY_REASON),
        EXPIRED_TOGETHER,
        tells=(cted, state),
    ),
    "need_verified": Rule(
        Message("need_verified", _("%(reference)s: outcome verified"), PARTY_REASON),
        tells=(state, _providers, unoct, cted),
        settles_on={"matches": ("match_delivered",)},
    ),
    "need_closed": Rule(
        Message("need_closed", _("%(reference)s: need closed"), PARTY_REASON),
        tells=(state, _providers, cted),
        settles=("need_put_to_state",),
        settles_on={"matches": ("match_delivered",)},
    ),
    "need_sustained": Rule(
        Message("need_sustained", _("%(reference)s: still working after a year"), PARTY_REASON), tells=(cted,)
    ),
    "need_not_sustained": Rule(
        Message("need_not_sustained", _("%(reference)s: not all works after a year"), ANSWER_REASON), asks=cted
    ),
    "need_report_noted": Rule(
        Message("need_report_noted", _("%(reference)s: CTED took note of the report after a year"), PARTY_REASON),
        tells=(state, cted),
        settles=("need_not_sustained",),
    ),
    "need_reopened": Rule(
        Message("need_reopened", _("%(reference)s: need reopened"), PARTY_REASON),
        tells=(everyone,),
        settles=("need_not_sustained",),
    ),
}

MATCH_EVENTS: Mapping[str, str | Promise] = {
    "match_suggested": _("Match suggested by CTED"),
    "match_proposed": _("Offer proposed"),
    "match_confirmed_by_provider": pgettext_lazy("event", "Provider ready to assist"),
    "match_accepted": _("Offer accepted by the State"),
    "match_declined": _("Match declined"),
    "match_retracted": pgettext_lazy("event", "Match withdrawn"),
    "match_started": _("Delivery started"),
    "match_delivered": _("Delivery reported"),
    "match_reminder": _("Reminder sent"),
    "match_last_call": _("Final reminder sent"),
    "match_lapsed": pgettext_lazy("event", "Match lapsed (no response)"),
    "match_project_ended": _("The project of the match has ended"),
    "match_project_resumed": _("The project of the match goes on"),
    "match_carried_on": _("Goes on without the project"),
    "match_project_unanswered": _("The provider did not say how the match goes on"),
    "match_moved": _("Moved to another offer: the offers were merged"),
    "match_offer_withdrawn": _("Offer of the match withdrawn; the match goes on"),
}
MATCH_MESSAGES: Mapping[str, Rule] = {
    "match_suggested": Rule(
        Message("match_suggested", _("%(reference)s: match suggested to you"), PROVIDER_REASON),
        asks=provider,
    ),
    "match_confirmed_by_provider": Rule(MATCH_PROPOSED, asks=state, tells=(cted,), settles=ASKING),
    "match_proposed": Rule(MATCH_PROPOSED, asks=state, tells=(cted, unoct)),
    "match_accepted": Rule(
        Message("match_accepted", _("%(reference)s: need matched to an offer"), PARTY_REASON),
        tells=(provider, state, cted, unoct),
        settles=("match_proposed", "match_reminder", "match_last_call"),
    ),
    "match_declined": Rule(
        Message("match_declined", _("%(reference)s: match declined"), PARTY_REASON),
        tells=(provider, state, cted),
        settles=ASKING,
    ),
    "match_retracted": Rule(
        Message("match_retracted", _("%(reference)s: match withdrawn"), PARTY_REASON),
        tells=(provider, state, cted),
        settles=(*ASKING, "match_disputed", "match_project_ended"),
    ),
    "match_started": Rule(
        Message("match_started", _("%(reference)s: delivery of assistance started"), PARTY_REASON),
        tells=(state, cted, unoct),
        settles=("match_disputed",),
    ),
    "match_delivered": Rule(
        Message("match_delivered", _("%(reference)s: delivery of assistance reported"), PARTY_REASON),
        asks=_verifiers,
        tells=(cted, state, unoct),
        settles=("match_disputed",),
    ),
    "match_reminder": Rule(
        Message(
            "match_reminder",
            _("%(reference)s: match awaiting your response (reminder)"),
            ANSWER_REASON,
            is_reminder=True,
        ),
        asks=_side_asked,
    ),
    "match_last_call": Rule(
        Message(
            "match_last_call",
            _("%(reference)s: match awaiting a response (final reminder)"),
            PARTY_REASON,
            is_reminder=True,
        ),
        asks=_side_asked,
        tells=(cted,),
    ),
    "match_lapsed": Rule(
        Message("match_lapsed", _("%(reference)s: match lapsed without a response"), PARTY_REASON),
        tells=(provider, state, cted),
        settles=ASKING,
    ),
    "match_project_ended": Rule(
        Message("match_project_ended", _("%(reference)s: the project of a match has ended"), PROVIDER_REASON),
        asks=provider,
    ),
    "match_project_resumed": Rule(
        Message("match_project_resumed", _("%(reference)s: the project of a match goes on"), PROVIDER_REASON),
        tells=(provider,),
        settles=("match_project_ended",),
    ),
    "match_carried_on": Rule(
        Message("match_carried_on", _("%(reference)s: a match goes on without its project"), PARTY_REASON),
        tells=(cted, unoct),
        settles=("match_project_ended",),
    ),
    "match_project_unanswered": Rule(
        Message(
            "match_project_unanswered", _("%(reference)s: the provider did not say how a match goes on"), PARTY_REASON
        ),
        tells=(cted,),
    ),
    "match_moved": Rule(
        Message("match_moved", _("%(reference)s: the offer of a match was merged into another"), PARTY_REASON),
        tells=(provider, state, cted),
    ),
    "match_offer_withdrawn": Rule(
        Message("match_offer_withdrawn", _("%(reference)s: the offer of a match was withdrawn"), PARTY_REASON),
        tells=(provider, state, cted),
    ),
}

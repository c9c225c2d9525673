"""What happens to needs and matches, in words, and who is told of it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance.needs.states import MatchStatus
from assistance.workflow.notifications import Rule, cted, everyone, provider, state, unoct

# What asks a side of a match for its answer.
ASKING = ("match_suggested", "match_proposed", "match_reminder", "match_last_call")


def _providers(need: Any) -> set[object]:
    return set(need.matches.values_list("provider_id", flat=True))


def _side_asked(match: Any) -> set[object]:
    return {match.provider_id} if match.status == MatchStatus.SUGGESTED else {match.need.state_id}


NEED_EVENTS: Mapping[str, str | Promise] = {
    "need_recorded": _("Need recorded"),
    "need_edited": _("Need edited"),
    "need_put_to_state": _("Put to the State"),
    "need_agreed": _("Agreed with the State"),
    "need_shared": _("Released by the State"),
    "consent_withdrawn": _("Consent withdrawn"),
    "consent_expired": _("Consent expired"),
    "need_verified": _("Verified"),
    "need_closed": _("Closed"),
}
NEED_MESSAGES: Mapping[str, Rule] = {
    "need_put_to_state": Rule("need_put_to_state", asks=state),
    "need_agreed": Rule("need_agreed", tells=(cted, state), settles=("need_put_to_state",)),
    "need_shared": Rule("need_shared", tells=(everyone,)),
    "consent_withdrawn": Rule("consent_withdrawn", tells=(cted, state)),
    "consent_expired": Rule("consent_expired", tells=(cted, state)),
    "need_verified": Rule(
        "need_verified", tells=(state, _providers, unoct, cted), settles_on={"matches": ("match_delivered",)}
    ),
    "need_closed": Rule("need_closed", tells=(state, _providers, cted), settles=("need_put_to_state",)),
}

MATCH_EVENTS: Mapping[str, str | Promise] = {
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
}
MATCH_MESSAGES: Mapping[str, Rule] = {
    "match_suggested": Rule("match_suggested", asks=provider),
    "match_confirmed_by_provider": Rule("match_proposed", asks=state, tells=(cted,), settles=("match_suggested",)),
    "match_proposed": Rule("match_proposed", asks=state, tells=(cted, unoct)),
    "match_accepted": Rule(
        "match_accepted",
        tells=(provider, state, cted, unoct),
        settles=("match_proposed", "match_reminder", "match_last_call"),
    ),
    "match_declined": Rule("match_declined", tells=(provider, state, cted), settles=ASKING),
    "match_retracted": Rule("match_retracted", tells=(provider, state, cted), settles=ASKING),
    "match_started": Rule("match_started", tells=(state, cted, unoct)),
    "match_delivered": Rule("match_delivered", asks=cted, tells=(state, unoct)),
    "match_reminder": Rule("match_reminder", asks=_side_asked),
    "match_last_call": Rule("match_last_call", asks=_side_asked, tells=(cted,)),
    "match_lapsed": Rule("match_lapsed", tells=(provider, state, cted), settles=ASKING),
}

"""Messages about the delivery of matches: event names, and who is notified. None carries a text of a report or message."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.delivery.exchange import writers
from assistance.workflow.notifications import (
    ANSWER_REASON,
    PARTY_REASON,
    STATE_REASON,
    Rule,
    cted,
    provider,
    state,
    unoct,
)


def _provider_and_cted(match: Any) -> set[object]:
    """Return who has to see to it that a disputed assistance goes on: the provider, and CTED as facilitator."""
    return {*provider(match), *cted(match)}


EVENTS: Mapping[str, str | Promise] = {
    "match_reported": pgettext_lazy("event", "Progress reported"),
    "match_ended": pgettext_lazy("event", "Ended by the provider without delivery"),
    "match_end_confirmed": pgettext_lazy("event", "End confirmed by the State"),
    "match_end_stands": pgettext_lazy("event", "End not disputed in time"),
    "match_disputed": pgettext_lazy("event", "End disputed by the State"),
    "match_feedback": pgettext_lazy("event", "Feedback given by the State"),
    "match_messaged": pgettext_lazy("event", "Message written"),
    "match_contact_logged": pgettext_lazy("event", "Contact logged"),
}
MESSAGES: Mapping[str, Rule] = {
    "match_reported": Rule(
        Message("match_reported", _("%(reference)s: progress reported"), PARTY_REASON),
        tells=(state, cted),
        settles=("match_disputed",),
    ),
    "match_ended": Rule(
        Message("match_ended", _("%(reference)s: assistance ended without delivery. Is that so?"), STATE_REASON),
        asks=state,
        tells=(cted,),
        settles=("match_disputed", "match_project_ended"),
    ),
    "match_end_confirmed": Rule(
        Message("match_end_confirmed", _("%(reference)s: end of the assistance confirmed by the State"), PARTY_REASON),
        tells=(provider, cted),
        settles=("match_ended",),
    ),
    "match_end_stands": Rule(
        Message("match_end_stands", _("%(reference)s: end of the assistance not disputed"), PARTY_REASON),
        tells=(provider, state, cted),
        settles=("match_ended",),
    ),
    "match_disputed": Rule(
        Message("match_disputed", _("%(reference)s: end of the assistance disputed by the State"), ANSWER_REASON),
        asks=_provider_and_cted,
        settles=("match_ended",),
    ),
    "match_feedback": Rule(
        Message("match_feedback", _("%(reference)s: feedback on the assistance"), PARTY_REASON),
        tells=(provider, cted, unoct),
    ),
    "match_messaged": Rule(
        Message("match_messaged", _("%(reference)s: new message about a match"), PARTY_REASON),
        tells=(writers,),
    ),
}

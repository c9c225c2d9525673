"""Messages about recommendations, and about what is said of them: event names, and who is notified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.visits.rules import state_once_adopted
from assistance.workflow.messages import RELEASED_TOGETHER, WITHDRAWN_TOGETHER
from assistance.workflow.notifications import (
    AUDIENCE_REASON,
    PARTY_REASON,
    STATE_REASON,
    Rule,
    cted,
    everyone,
    state,
)

Events = Mapping[str, str | Promise]

WITHDRAWN = Rule(
    Message("consent_withdrawn", _("%(reference)s: consent withdrawn by the State"), PARTY_REASON),
    WITHDRAWN_TOGETHER,
    tells=(cted, state),
)
WITHDRAWAL = pgettext_lazy("event", "Consent withdrawn")


def _released(message: Message) -> Rule:
    return Rule(message, RELEASED_TOGETHER, tells=(everyone,))


EVENTS: Events = {
    "recommendation_recorded": _("Recommendation recorded"),
    "recommendation_edited": _("Recommendation edited"),
    "recommendation_rated": _("Recommendation rated"),
    "recommendation_needs_left": _("Needs of the recommendation left as they are"),
    "recommendation_released": _("Recommendations released"),
    "consent_withdrawn": WITHDRAWAL,
}
MESSAGES: Mapping[str, Rule] = {
    "recommendation_recorded": Rule(
        Message("recommendation_recorded", _("%(reference)s: recommendation added to the visit report"), STATE_REASON),
        tells=(state_once_adopted,),
    ),
    "recommendation_edited": Rule(
        Message("recommendation_edited", _("%(reference)s: an adopted recommendation was changed"), STATE_REASON),
        tells=(state_once_adopted,),
    ),
    "recommendation_rated": Rule(
        Message("recommendation_rated", _("%(reference)s: CTED rated the recommendation"), STATE_REASON), tells=(state,)
    ),
    "recommendation_released": _released(
        Message("recommendation_released", _("%(reference)s: recommendation released to you"), AUDIENCE_REASON)
    ),
    "consent_withdrawn": WITHDRAWN,
}
OBSERVATION_EVENTS: Events = {
    "observation_released": _("Observations released"),
    "consent_withdrawn": WITHDRAWAL,
}
OBSERVATION_MESSAGES: Mapping[str, Rule] = {
    "observation_released": _released(
        Message("observation_released", _("%(reference)s: observations released to you"), AUDIENCE_REASON)
    ),
    "consent_withdrawn": WITHDRAWN,
}
RESPONSE_EVENTS: Events = {"response_released": _("Replies released"), "consent_withdrawn": WITHDRAWAL}
RESPONSE_MESSAGES: Mapping[str, Rule] = {
    "response_released": _released(
        Message("response_released", _("%(reference)s: reply to a recommendation released to you"), AUDIENCE_REASON)
    ),
    "consent_withdrawn": WITHDRAWN,
}
RATING_EVENTS: Events = {"rating_released": _("Ratings released"), "consent_withdrawn": WITHDRAWAL}
RATING_MESSAGES: Mapping[str, Rule] = {
    "rating_released": _released(
        Message("rating_released", _("%(reference)s: rating of a recommendation released to you"), AUDIENCE_REASON)
    ),
    "consent_withdrawn": WITHDRAWN,
}

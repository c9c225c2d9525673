"""Messages about consultations and rounds: event names, and who is notified."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.consultations.rules import team_of
from assistance.consultations.states import NEED_PROPOSED
from assistance.workflow.messages import RELEASED_TOGETHER, WITHDRAWN_TOGETHER
from assistance.workflow.notifications import (
    ANSWER_REASON,
    AUDIENCE_REASON,
    PARTY_REASON,
    STATE_REASON,
    Rule,
    cted,
    everyone,
    state,
)

NEED_REASON = _("You receive this because CTED records needs, and this one was drafted from a round of consultations.")
ABOUT_COMMENTS = ("round_closed",)

EVENTS: Mapping[str, str | Promise] = {
    "consultation_recorded": _("Consultation recorded"),
    "consultation_edited": _("Consultation edited"),
}
ROUND_EVENTS: Mapping[str, str | Promise] = {
    "round_opened": _("Round of consultations opened"),
    "round_edited": _("Round of consultations edited"),
    "round_closed": _("Round of consultations closed"),
    "round_commented": _("State commented on the round"),
    NEED_PROPOSED: _("Need drafted from a finding"),
    "round_released": _("Round of consultations released"),
    "consent_withdrawn": pgettext_lazy("event", "Consent withdrawn"),
}


def team(row: Any) -> set[object]:
    """Return the organizations of the team of the programme, as parties."""
    return set(team_of(row.programme))


MESSAGES: Mapping[str, Rule] = {
    "consultation_recorded": Rule(
        Message("consultation_recorded", _("%(reference)s: consultations with your State planned"), STATE_REASON),
        tells=(state,),
    ),
}
ROUND_MESSAGES: Mapping[str, Rule] = {
    "round_opened": Rule(
        Message("round_opened", _("%(reference)s: round of consultations opened"), PARTY_REASON), tells=(state, team)
    ),
    "round_closed": Rule(
        Message("round_closed", _("%(reference)s: comment on the round of consultations"), ANSWER_REASON),
        asks=state,
        tells=(team,),
    ),
    "round_commented": Rule(
        Message("round_commented", _("%(reference)s: the State commented on the round"), PARTY_REASON),
        tells=(cted, team),
        settles=ABOUT_COMMENTS,
    ),
    NEED_PROPOSED: Rule(
        Message(NEED_PROPOSED, _("%(reference)s: need drafted from a finding"), NEED_REASON), asks=cted, tells=(state,)
    ),
    "round_released": Rule(
        Message("round_released", _("%(reference)s: round of consultations released to you"), AUDIENCE_REASON),
        RELEASED_TOGETHER,
        tells=(everyone,),
    ),
    "consent_withdrawn": Rule(
        Message("consent_withdrawn", _("%(reference)s: consent withdrawn by the State"), PARTY_REASON),
        WITHDRAWN_TOGETHER,
        tells=(cted, state),
    ),
}

"""Messages about assessments: event names, and who is notified."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.workflow.messages import RELEASED_TOGETHER, WITHDRAWN_TOGETHER
from assistance.workflow.notifications import AUDIENCE_REASON, PARTY_REASON, STATE_REASON, Rule, cted, everyone, state

ASSESSING_REASON = _("You receive this because your organization carries out this assessment.")
NEED_PROPOSED = "assessment_need_proposed"
NEED_REASON = _("You receive this because CTED records needs, and this one was drafted from an assessment.")
ABOUT_END = ("assessment_finish_asked",)

EVENTS: Mapping[str, str | Promise] = {
    "assessment_recorded": _("Assessment recorded"),
    "assessment_edited": _("Assessment edited"),
    "assessment_started": _("Assessment started"),
    "assessment_finish_asked": _("Entity asked whether the assessment has finished"),
    "assessment_finished": _("Assessment finished"),
    "assessment_cancelled": _("Assessment cancelled"),
    "assessment_commented": _("Assessment commented on"),
    NEED_PROPOSED: _("Need drafted from a finding"),
    "assessment_released": _("Assessment released"),
    "consent_withdrawn": pgettext_lazy("event", "Consent withdrawn"),
}
# Events that only the entity and the State see in the history. That a need was drafted is told by `rules.history`.
PRIVATE_EVENTS = ("assessment_commented", "assessment_finish_asked")


def entity(row: Any) -> set[object]:
    """Return the entity of an assessment, as a party."""
    return {row.entity_id}


MESSAGES: Mapping[str, Rule] = {
    "assessment_recorded": Rule(
        Message("assessment_recorded", _("%(reference)s: assessment of your State recorded"), STATE_REASON),
        tells=(state,),
    ),
    "assessment_started": Rule(
        Message("assessment_started", _("%(reference)s: assessment under way"), PARTY_REASON), tells=(state, entity)
    ),
    "assessment_finish_asked": Rule(
        Message("assessment_finish_asked", _("%(reference)s: has the assessment finished?"), ASSESSING_REASON),
        asks=entity,
    ),
    "assessment_finished": Rule(
        Message("assessment_finished", _("%(reference)s: assessment finished"), PARTY_REASON),
        tells=(state, entity),
        settles=ABOUT_END,
    ),
    "assessment_cancelled": Rule(
        Message("assessment_cancelled", _("%(reference)s: assessment cancelled"), PARTY_REASON),
        tells=(state, entity),
        settles=ABOUT_END,
    ),
    "assessment_commented": Rule(
        Message("assessment_commented", _("%(reference)s: new comment on the assessment"), PARTY_REASON),
        tells=(state, entity),
    ),
    NEED_PROPOSED: Rule(
        Message(NEED_PROPOSED, _("%(reference)s: need drafted from a finding"), NEED_REASON), asks=cted, tells=(state,)
    ),
    "assessment_released": Rule(
        Message("assessment_released", _("%(reference)s: assessment released to you"), AUDIENCE_REASON),
        RELEASED_TOGETHER,
        tells=(everyone,),
    ),
    "consent_withdrawn": Rule(
        Message("consent_withdrawn", _("%(reference)s: consent withdrawn by the State"), PARTY_REASON),
        WITHDRAWN_TOGETHER,
        tells=(entity, state),
    ),
}

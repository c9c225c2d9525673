"""Messages about release plans and the two-person rule: event names, and who is notified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.workflow.notifications import STATE_REASON, Rule, state

# Messages sent for several events.
TWO_PERSON_CHANGED = Message(
    "two_person_changed", _("The rule of two persons for a release has been decided"), STATE_REASON
)

RELEASE_PLAN_EVENTS: Mapping[str, str | Promise] = {
    "release_published": _("Published"),
    "release_proposed": _("Put before a colleague"),
    "release_confirmed": _("Confirmed and published"),
    "release_returned": _("Returned"),
    "release_lapsed": _("Not answered in time"),
    "release_discarded": pgettext_lazy("release", "Given up"),
}
RELEASE_PLAN_MESSAGES: Mapping[str, Rule] = {
    "release_proposed": Rule(
        Message("release_proposed", _("A release awaits your confirmation: %(reference)s"), STATE_REASON), asks=state
    ),
    "release_confirmed": Rule(
        Message("release_confirmed", _("A release was confirmed and published: %(reference)s"), STATE_REASON),
        tells=(state,),
        settles=("release_proposed",),
    ),
    "release_returned": Rule(
        Message("release_returned", _("A release was returned: %(reference)s"), STATE_REASON),
        tells=(state,),
        settles=("release_proposed",),
    ),
    "release_lapsed": Rule(
        Message("release_lapsed", _("Nobody confirmed a release in time: %(reference)s"), STATE_REASON),
        tells=(state,),
        settles=("release_proposed",),
    ),
}

TWO_PERSON_EVENTS: Mapping[str, str | Promise] = {
    "two_person_on": _("A second person asked for"),
    "two_person_off_asked": _("No second person: asked"),
    "two_person_off": _("No second person asked for"),
    "two_person_kept": _("The second person stays"),
}
TWO_PERSON_MESSAGES: Mapping[str, Rule] = {
    "two_person_off_asked": Rule(
        Message(
            "two_person_off_asked", _("A colleague asks to end the rule of two persons for a release"), STATE_REASON
        ),
        asks=state,
    ),
    "two_person_off": Rule(TWO_PERSON_CHANGED, tells=(state,), settles=("two_person_off_asked",)),
    "two_person_kept": Rule(TWO_PERSON_CHANGED, tells=(state,), settles=("two_person_off_asked",)),
    "two_person_on": Rule(TWO_PERSON_CHANGED, tells=(state,)),
}

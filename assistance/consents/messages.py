"""Messages about release plans and the two-person rule: event names, and who is notified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.workflow.notifications import STATE_REASON, Rule, state

# Messages sent for several events.
TWO_PERSON_CHANGED = Message("two_person_changed", _("Two-person rule for releases decided"), STATE_REASON)

RELEASE_PLAN_EVENTS: Mapping[str, str | Promise] = {
    "release_published": pgettext_lazy("event", "Release plan carried out"),
    "release_proposed": _("Sent to a colleague for confirmation"),
    "release_confirmed": _("Release confirmed by a colleague"),
    "release_returned": pgettext_lazy("event", "Release plan returned"),
    "release_lapsed": pgettext_lazy("event", "Release plan not confirmed in time"),
    "release_discarded": pgettext_lazy("event", "Release plan discarded"),
}
RELEASE_PLAN_MESSAGES: Mapping[str, Rule] = {
    "release_proposed": Rule(
        Message("release_proposed", _("%(reference)s: release awaiting your confirmation"), STATE_REASON), asks=state
    ),
    "release_confirmed": Rule(
        Message("release_confirmed", _("%(reference)s: release confirmed and in effect"), STATE_REASON),
        tells=(state,),
        settles=("release_proposed",),
    ),
    "release_returned": Rule(
        Message("release_returned", _("%(reference)s: release returned"), STATE_REASON),
        tells=(state,),
        settles=("release_proposed",),
    ),
    "release_lapsed": Rule(
        Message("release_lapsed", _("%(reference)s: release not confirmed in time"), STATE_REASON),
        tells=(state,),
        settles=("release_proposed",),
    ),
}

TWO_PERSON_EVENTS: Mapping[str, str | Promise] = {
    "two_person_on": pgettext_lazy("event", "Two-person rule introduced"),
    "two_person_off_asked": pgettext_lazy("event", "End of two-person rule requested"),
    "two_person_off": pgettext_lazy("event", "Two-person rule ended"),
    "two_person_kept": pgettext_lazy("event", "Two-person rule kept"),
}
TWO_PERSON_MESSAGES: Mapping[str, Rule] = {
    "two_person_off_asked": Rule(
        Message(
            "two_person_off_asked", _("Two-person rule for releases: a colleague has asked to end it"), STATE_REASON
        ),
        asks=state,
    ),
    "two_person_off": Rule(TWO_PERSON_CHANGED, tells=(state,), settles=("two_person_off_asked",)),
    "two_person_kept": Rule(TWO_PERSON_CHANGED, tells=(state,), settles=("two_person_off_asked",)),
    "two_person_on": Rule(TWO_PERSON_CHANGED, tells=(state,)),
}

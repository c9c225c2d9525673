"""What happens to plans of releases and to the rule of two persons, in words, and who is told of it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.notifications import Rule, state

RELEASE_EVENTS: Mapping[str, str | Promise] = {
    "release_published": _("Published"),
    "release_proposed": _("Put before a colleague"),
    "release_confirmed": _("Confirmed and published"),
    "release_returned": _("Returned"),
    "release_lapsed": _("Not answered in time"),
    "release_discarded": pgettext_lazy("release", "Given up"),
}
RELEASE_MESSAGES: Mapping[str, Rule] = {
    "release_proposed": Rule("release_proposed", asks=state),
    "release_confirmed": Rule("release_confirmed", tells=(state,), settles=("release_proposed",)),
    "release_returned": Rule("release_returned", tells=(state,), settles=("release_proposed",)),
    "release_lapsed": Rule("release_lapsed", tells=(state,), settles=("release_proposed",)),
}

TWO_PERSON_EVENTS: Mapping[str, str | Promise] = {
    "two_person_on": _("A second person asked for"),
    "two_person_off_asked": _("No second person: asked"),
    "two_person_off": _("No second person asked for"),
    "two_person_kept": _("The second person stays"),
}
TWO_PERSON_MESSAGES: Mapping[str, Rule] = {
    "two_person_off_asked": Rule("two_person_off_asked", asks=state),
    "two_person_off": Rule("two_person_changed", tells=(state,), settles=("two_person_off_asked",)),
    "two_person_kept": Rule("two_person_changed", tells=(state,), settles=("two_person_off_asked",)),
    "two_person_on": Rule("two_person_changed", tells=(state,)),
}

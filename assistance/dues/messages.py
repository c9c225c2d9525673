"""Messages about deadlines: event names, and who is notified."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import Message
from assistance.workflow.dues import REMINDERS
from assistance.workflow.models import Event
from assistance.workflow.notifications import ANSWER_REASON, PARTY_REASON, Rule
from web.phrases import with_remark

DUE_EVENTS: Mapping[str, str | Promise] = {
    "due_reminder": _("Reminder of a deadline sent"),
    "due_nudged": _("Reminder sent by a person"),
    "due_waived": pgettext_lazy("event", "Deadline waived"),
}


def _owing(due: Any) -> set[object]:
    return {due.owed_by_id}


def _owed(due: Any) -> set[object]:
    return {due.owed_to_id}


def _who(event: Event) -> Mapping[str, str]:
    """Return who sent a reminder, with the organisation for which they did."""
    at = event.acting_as.organisation.short if event.acting_as else ""
    return {"who": with_remark(str(event.actor), at)}


DUE_MESSAGES: Mapping[str, Rule] = {
    "due_reminder": Rule(
        Message("due_reminder", _("%(reference)s: response due (reminder)"), ANSWER_REASON, is_reminder=True),
        asks=_owing,
    ),
    "due_nudged": Rule(
        Message("due_nudged", _("%(reference)s: reminder from %(who)s"), ANSWER_REASON, is_reminder=True),
        asks=_owing,
        values=_who,
    ),
    "due_waived": Rule(
        Message("due_waived", _("%(reference)s: deadline waived"), PARTY_REASON),
        tells=(_owing, _owed),
        settles=REMINDERS,
    ),
}

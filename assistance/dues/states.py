"""The transitions of deadlines: data only."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table

NUDGE_AGAIN = timedelta(days=7)  # after a reminder that a person sent; domain rules: once in 7 days for each deadline
LONGEST_SNOOZE = timedelta(days=366)

DUE = table(
    Transition(
        "nudge", pgettext_lazy("button", "Send reminder"),
        _("The organization that owes this is reminded. The message names you and your organization."),
        (), "nudger", "due_nudged", ("is_open", "was_not_nudged", "may_be_reminded"),
    ),
    Transition(
        "waive", pgettext_lazy("button", "Waive deadline"),
        _("The deadline ends without a response, and no further reminders are sent. Your reason is recorded."),
        (), "creditor", "due_waived", ("is_open", "may_be_waived"), tone="danger",
    ),
)  # fmt: skip

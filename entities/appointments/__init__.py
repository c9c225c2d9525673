"""The life cycle of an appointment, from nomination to end; pages and API call these functions.

`rules` decides who may do what; `nominees`, `nomination`, `renewal`, `handover`, `termination` and `absence` hold the
transitions, `notifications` their recipients, `messages` the texts, `pending` what waits for a user, `reminders` what
happens by date.
"""

from entities.appointments.handover import hand_over
from entities.appointments.nomination import appoint, approve, invite, nominate
from entities.appointments.notifications import send_invitation
from entities.appointments.renewal import confirm, extend, grant, refuse, reinstate
from entities.appointments.rules import (
    LETTER_MISSING,
    TRANSITIONS,
    awaiting,
    headed_by,
    is_coordinator,
    may_approve,
    may_confirm,
    may_decide,
    may_end,
    may_nominate,
    needs_letter,
    nominable,
    roles_at,
    to_confirm,
    transitions,
    undecided,
    visible_appointments,
    wrong_phase,
)
from entities.appointments.termination import end, end_by_administrator

__all__ = [
    "LETTER_MISSING",
    "TRANSITIONS",
    "appoint",
    "approve",
    "awaiting",
    "confirm",
    "end",
    "end_by_administrator",
    "extend",
    "grant",
    "hand_over",
    "headed_by",
    "invite",
    "is_coordinator",
    "may_approve",
    "may_confirm",
    "may_decide",
    "may_end",
    "may_nominate",
    "needs_letter",
    "nominable",
    "nominate",
    "refuse",
    "reinstate",
    "roles_at",
    "send_invitation",
    "to_confirm",
    "transitions",
    "undecided",
    "visible_appointments",
    "wrong_phase",
]

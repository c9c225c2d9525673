"""The life of an appointment: nominated, approved, confirmed, extended, handed over, ended. Pages and API call these.

`rules` says who may; `candidates`, `entering`, `lasting`, `succession`, `leaving` and `away` hold the verbs, `notices`
whom they tell, `messages` the texts, `waiting` what lies on whose desk, `reminders` what time does. Inside, each knows
only those named before it.
"""

from entities.appointments.handover import hand_over
from entities.appointments.nomination import appoint, approve, invite, nominate
from entities.appointments.notifications import send_invitation
from entities.appointments.renewal import confirm, extend, grant, refuse, reinstate
from entities.appointments.rules import (
    LETTER_MISSING,
    STEPS,
    awaiting,
    headed_by,
    is_coordinator,
    may_approve,
    may_confirm,
    may_decide,
    may_end,
    needs_letter,
    nominable,
    roles_at,
    steps,
    to_confirm,
    undecided,
    visible_appointments,
    wrong_phase,
)
from entities.appointments.termination import end, end_by_administrator

__all__ = [
    "LETTER_MISSING",
    "STEPS",
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
    "needs_letter",
    "nominable",
    "nominate",
    "refuse",
    "reinstate",
    "roles_at",
    "send_invitation",
    "steps",
    "to_confirm",
    "undecided",
    "visible_appointments",
    "wrong_phase",
]

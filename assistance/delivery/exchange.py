"""The thread and the log of contacts of a match: rows that are only added.

They change nothing of the match itself, so they are no transitions: its version, its date and its list stay as they are.
"""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assistance.access import policy, row_security
from assistance.delivery.models import Contact, ThreadMessage
from assistance.delivery.states import MESSAGE_MAX, ContactHow
from assistance.needs.models import Match
from assistance.workflow.engine import record
from entities.actors import Actor
from entities.local_days import today_of
from web.exceptions import Invalid
from web.texts import TEXT_MAX

LINE_MAX = 300


def write(*, actor: Actor, match: object, text: str) -> ThreadMessage:
    """Write in the thread of a match, for one of its parties, CTED or UNOCT. Returns the message.

    Raises NotVisible, Forbidden, Invalid without a text or for one that is too long.
    """
    if not text.strip():
        raise Invalid({"text": [_("Enter your message.")]})
    if len(text) > MESSAGE_MAX:
        raise Invalid({"text": [too_long(text)]})
    with transaction.atomic():
        row = policy.get(actor, Match, match, lock=True)
        appointment = policy.require(actor, "in_thread", row)
        with row_security.bypass():
            message = ThreadMessage.objects.create(
                match=row, text=text, by=actor.user, organisation=appointment.organisation
            )
            record("match_messaged", row, actor=actor, appointment=appointment, before=row.status)
    return message


def too_long(text: str) -> str:
    """Return by how much a message is too long, in words."""
    numbers = {"length": len(text), "most": MESSAGE_MAX}
    shown = {name: number_format(number, force_grouping=True) for name, number in numbers.items()}
    return _("Characters: %(length)s; the most is %(most)s. Shorten the message, or attach a document instead.") % shown


def log_contact(
    *, actor: Actor, match: object, on: date, how: str, purpose: str, result: str, next_step: str = ""
) -> Contact:
    """Log a contact between the sides of a match, or an attempt, for one of them. Returns the entry.

    Raises NotVisible, Forbidden, Invalid for a future day or a missing text.
    """
    _check_contact(
        how, {"purpose": (purpose, LINE_MAX), "result": (result, TEXT_MAX), "next_step": (next_step, LINE_MAX)}
    )
    with transaction.atomic():
        row = policy.get(actor, Match, match, lock=True)
        appointment = policy.require(actor, "party", row)
        if on > today_of(appointment.organisation):
            raise Invalid({"on": [_("The day is in the future. Log a contact after it has taken place.")]})
        with row_security.bypass():
            contact = Contact.objects.create(
                match=row, on=on, how=how, purpose=purpose, result=result, next_step=next_step, by=actor.user,
                organisation=appointment.organisation,
            )  # fmt: skip
            record("match_contact_logged", row, actor=actor, appointment=appointment, before=row.status)
    return contact


def _check_contact(how: str, texts: dict[str, tuple[str, int]]) -> None:
    if how not in ContactHow.values:
        raise Invalid({"how": [_("Select one of the ways given.")]})
    wrong = {name: [_("The text is too long.")] for name, (text, most) in texts.items() if len(text) > most}
    wrong |= {name: [_("Enter a text.")] for name in ("purpose", "result") if not texts[name][0].strip()}
    if wrong:
        raise Invalid(wrong)


def writers(match: Match) -> set[object]:
    """Return those who get messages of the thread: the parties, and whoever has written in it."""
    with row_security.bypass():
        wrote: set[UUID] = set(ThreadMessage.objects.filter(match=match).values_list("organisation", flat=True))
    return {match.provider_id, match.need.state_id, *wrote}

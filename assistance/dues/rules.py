"""Access rules of deadlines: who sees, reminds of, waives and snoozes them, and guards of their transitions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance import registry
from assistance.access.rules import AccessReason, ReasonKind, cted, office
from assistance.dues.models import CLOCKED, Due
from assistance.dues.states import NUDGE_AGAIN
from entities.actors import CTED, UNOCT, Actor
from entities.local_days import zone_of
from web.dates import in_words
from web.exceptions import Conflict

OWES, OWED = "owes", "owed"  # its own kinds of access reasons


# ── Who sees them? ───────────────────────────────────────────────────────────
def access_reasons(due: Due) -> Iterator[AccessReason]:
    """Yield the access reasons of a deadline: the two parties and, unless it is private, UNOCT and CTED.

    Whoever sees it must also see the row it is about (`seen_with`).
    """
    yield AccessReason(due.owed_by.group_id, OWES)
    yield AccessReason(due.owed_to.group_id, OWED)
    if not due.clock.is_private:
        yield cted()
        yield AccessReason(office(UNOCT), ReasonKind.UNOCT)


def seen_with() -> tuple[str, ...]:
    """Return the relations to the rows that deadlines are about."""
    return tuple(sorted(CLOCKED))


def named_with() -> tuple[str, ...]:
    """Return the relations that names of deadlines read: the rows they are about, and what names those."""
    rows = [path for name in seen_with() for path in (name, *_below(name, registry.of(CLOCKED[name]).named_with))]
    return ("owed_by", "owed_to", *rows)


def _below(name: str, paths: Iterable[str]) -> Iterator[str]:
    return (f"{name}__{path}" for path in paths)


def owes(due: Due, reasons: Sequence[AccessReason]) -> str:
    """Return the text of the reason that an organisation owes it."""
    return _("The organization that owes this")


def is_owed(due: Due, reasons: Sequence[AccessReason]) -> str:
    """Return the text of the reason that an organisation is owed it."""
    return _("The organization to which this is owed")


# ── Who may act on them? ─────────────────────────────────────────────────────
def creditor(actor: Actor, due: Due) -> Iterable[UUID | None]:
    """Return the organisation that is owed, but for somebody who acts for the one that owes, too."""
    return [] if actor.stands_for(due.owed_by_id) else [due.owed_to_id]


def debtor(actor: Actor, due: Due) -> Iterable[UUID | None]:
    """Return the organisation that owes."""
    return [due.owed_by_id]


def nudger(actor: Actor, due: Due) -> Iterable[UUID | None]:
    """Return who sends reminders: the organisation that is owed, UNOCT and CTED, but never the one that owes."""
    offices = [one.pk for one in actor.organisations if one.slug in (CTED, UNOCT)]
    return [] if actor.stands_for(due.owed_by_id) else [due.owed_to_id, *offices]


def party(actor: Actor, due: Due) -> Iterable[UUID | None]:
    """Return the organisations whose people are reminded of it."""
    return [due.owed_by_id, due.owed_to_id]


# ── When are transitions possible? ───────────────────────────────────────────
def is_open(due: Due) -> None:
    """Raise Conflict for a deadline that has ended."""
    if due.done_at is not None:
        raise Conflict(_("This deadline has ended: %(how)s.") % {"how": due.get_done_how_display()})


def may_be_waived(due: Due) -> None:
    """Raise Conflict for a deadline that ends in another way only, such as that of a proposal that can be withdrawn."""
    if not due.clock.may_be_waived:
        raise Conflict(
            _("This deadline cannot be waived. It ends with a response, or when what was asked for is withdrawn.")
        )


def may_be_reminded(due: Due) -> None:
    """Raise Conflict for what was asked for in the last days, or of an organisation that has declined it before."""
    if due.is_silent:
        raise Conflict(_("The organization has declined the same before. No reminders of this are sent."))
    first = due.starts_at + timedelta(days=due.clock.quiet_days)
    if first > timezone.now():
        zone = zone_of(due.owed_to)
        values = {
            "day": in_words(due.starts_at.astimezone(zone).date()),
            "next": in_words(first.astimezone(zone).date()),
        }
        raise Conflict(_("This was asked for on %(day)s. You can send a reminder on %(next)s.") % values)


def was_not_nudged(due: Due) -> None:
    """Raise Conflict when a person has sent a reminder in the last days."""
    if due.nudged_at is not None and due.nudged_at + NUDGE_AGAIN > timezone.now():
        zone = zone_of(due.owed_to)
        values = {"day": in_words(due.nudged_at.astimezone(zone).date())}
        values["next"] = in_words((due.nudged_at + NUDGE_AGAIN).astimezone(zone).date())
        raise Conflict(_("A reminder was sent on %(day)s. You can send the next one on %(next)s.") % values)

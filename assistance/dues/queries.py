"""What lists and pages show of deadlines, besides their own columns."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assistance.dues.models import Due, Snooze
from entities.actors import Actor
from entities.local_days import last_day
from web.dates import in_words

OWN_SNOOZES = "own_snoozes"


def with_snoozes(actor: Actor) -> Prefetch:
    """Return the prefetch of the day on which this person wishes to be asked again, for `snoozed_until`."""
    return Prefetch("snoozes", Snooze.objects.filter(person=actor.user.pk), to_attr=OWN_SNOOZES)


def snoozed_until(due: Due) -> Any:
    """Return the day on which the reader wishes to be asked again, while that day has not come; else None."""
    own: Sequence[Snooze] = getattr(due, OWN_SNOOZES, ())
    return next((one.until for one in own if one.asked_at is None), None)


def status_of(due: Due) -> str:
    """Return in words whether a deadline is open, paused or overdue, or how it ended."""
    if due.done_at is not None:
        return due.get_done_how_display()
    if due.due_at is None:
        return when(due)
    return pgettext("deadline", "Overdue") if due.is_overdue else pgettext("deadline", "Open")


def when(due: Due) -> str:
    """Return by when a deadline is due, in words: with whose clock ends the day, where it ends with a day."""
    if due.due_on is None:
        days = max(0, due.left.days)
        return ngettext("Paused: %(days)d day remains", "Paused: %(days)d days remain", days) % {"days": days}
    return in_words(due.due_on) if due.clock.days else last_day(due.due_on, due.owed_by)


def answered_at(due: Due) -> Any:
    """Return the row on whose page the organisation that owes can respond: the row of the events that end it."""
    relation = next(iter(due.clock.answered_on), "")
    return getattr(due.subject, relation) if relation else due.subject


def group_of(due: Due, whose: str) -> str:
    """Return the organisation under which a list shows a deadline: the other party's."""
    return str((due.owed_to if whose == "mine" else due.owed_by).name)


def parties(due: Due) -> str:
    """Return who owes whom, in words; the name alone where an organization owes itself, as UNOCT does for its offers."""
    if due.owed_by_id == due.owed_to_id:
        return str(due.owed_by.short)
    return _("%(debtor)s owes %(creditor)s") % {"debtor": due.owed_by.short, "creditor": due.owed_to.short}

"""The list of deadlines as a calendar and as a spreadsheet. Both are complete before they are sent, and are logged."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted, text_columns
from assistance.dues import queries
from assistance.dues.models import CLOCKED, Due
from assistance.workflow.naming import matter_of, only_names
from audit import log
from audit.kinds import Kind
from entities.actors import Actor
from entities.models import Organisation
from web import calendars, spreadsheets

ORDER = ("due_at", "id")


def file_name() -> str:
    """Return the name of a file with deadlines, without its ending."""
    return f"deadlines-{timezone.now():%Y-%m-%d}"


# ── The calendar ─────────────────────────────────────────────────────────────
def for_calendar(actor: Actor) -> QuerySet[Due]:
    """Return the open deadlines that this actor sees and that have a day, with their rows but without any text of these."""
    rows = policy.visible(actor, Due).filter(done_at=None, due_at__isnull=False)
    paths = [path for name in CLOCKED for path in (name, *_to_state(name))]
    return rows.select_related("owed_by", "owed_to", *paths).defer(*_texts(paths)).order_by(*ORDER)


def calendar(rows: QuerySet[Due]) -> HttpResponse:
    """Return deadlines as a calendar: each names what is owed, the reference and the code of the State, and no title."""
    entries = [entry_of(due) for due in rows]
    content = calendars.calendar_of(pgettext("page", "Deadlines"), entries, timezone.now())
    log.record(Kind.EXPORTED, detail=f"deadlines as a calendar, {len(entries)} entries")
    return calendars.download(content, file_name())


def entry_of(due: Due) -> calendars.Entry:
    """Return a deadline as an entry of a calendar."""
    state = state_of(due.subject)
    words = [str(due.clock.label), due.subject.reference, state.iso3 if state else ""]
    day = due.due_on or timezone.now().date()
    return calendars.Entry(f"due:{due.pk}", day, " · ".join(filter(None, words)), due.get_absolute_url())


def state_of(row: Any) -> Organisation | None:
    """Return the State that a row concerns, by its own relation or that of the row it belongs to; None without one."""
    own = registry.of(row)
    for path in own.state_paths():
        for name in path.split("__"):
            row = row and getattr(row, name)
        return row if isinstance(row, Organisation) else None
    return state_of(getattr(row, own.locked_with)) if own.locked_with else None


def _to_state(name: str) -> Iterator[str]:
    """Yield the relations that `state_of` reads, from a deadline."""
    model: Any = CLOCKED[name]
    path, own = name, registry.of(model)
    while own.locked_with and not own.state_paths():
        path = f"{path}__{own.locked_with}"
        yield path
        parent: Any = own.model._meta.get_field(own.locked_with).related_model
        own = registry.of(parent)
    yield from (f"{path}__{one}" for one in own.state_paths())


def _texts(paths: Iterable[str]) -> Iterator[str]:
    """Yield the columns of texts at the end of these relations, from a deadline."""
    for path in paths:
        model: Any = Due
        for name in path.split("__"):
            model = model._meta.get_field(name).related_model
        if issubclass(model, Restricted):
            yield from (f"{path}__{column}" for column in text_columns(model))


# ── The spreadsheet ──────────────────────────────────────────────────────────
def for_spreadsheet(actor: Actor) -> QuerySet[Due]:
    """Return the deadlines that this actor sees, with what names their rows."""
    rows = only_names(policy.visible(actor, Due), actor)
    return rows.prefetch_related(queries.with_snoozes(actor)).order_by(*ORDER)


def spreadsheet(rows: QuerySet[Due]) -> HttpResponse:
    """Return deadlines as a spreadsheet, in the language of the reader."""
    cells = [cells_of(due) for due in rows]
    content = spreadsheets.workbook(pgettext("page", "Deadlines"), headings(), cells, right_to_left=get_language_bidi())
    log.record(Kind.EXPORTED, detail=f"deadlines as a spreadsheet, {len(cells)} entries")
    return spreadsheets.download(content, file_name())


def headings() -> list[str]:
    """Return the headings of the spreadsheet."""
    return [
        pgettext("deadlines", "What is due"),
        pgettext("deadlines", "Concerns"),
        pgettext("label", "Reference"),
        pgettext("deadlines", "Owed by"),
        pgettext("deadlines", "Owed to"),
        pgettext("date", "Since"),
        pgettext("deadline", "Due"),
        pgettext("label", "Status"),
        _("Last reminded"),
        _("You are asked again on"),
    ]


def cells_of(due: Due) -> list[spreadsheets.Value]:
    """Return a deadline as a row of the spreadsheet; days are those of the reader, the due day that of who owes."""
    matter = matter_of(due.subject)
    return [
        str(due.clock.label),
        str(matter),
        matter.reference,
        str(due.owed_by.name),
        str(due.owed_to.name),
        timezone.localdate(due.starts_at),
        due.due_on,
        queries.status_of(due),
        timezone.localdate(due.reminded_at) if due.reminded_at else None,
        None if due.done_at else queries.snoozed_until(due),
    ]

"""What a returned spreadsheet would change: for each cell what stood there, what was entered, and what stands there now."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from assistance.access import policy
from assistance.pages.sheets.spec import SheetRow, SheetSpec, spec_named
from assistance.pages.sheets.values import LONGEST_CELL, Column, Unreadable, check, columns_of
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.reading import MERGED, Content, Line, key_of
from assistance.spreadsheets.states import OLD
from entities.actors import Actor
from web.exceptions import Invalid
from web.lists import enumerated
from web.phrases import labelled, sentences
from web.texts import normal_line

CHANGE, CONFLICT, UNCHANGED, REFUSED = "change", "conflict", "unchanged", "refused"
YOURS, NOW = "yours", "now"  # the answers to a conflict
MOST_NAMED = 10  # cells that a sentence names


@dataclass
class Cell:
    """One cell that was changed: what stood there, what was entered and what stands there now, in the form of `Column.wire`."""

    address: str
    column: Column
    old: str
    yours: str
    now: str
    outcome: str
    why: str = ""

    @property
    def label(self) -> str:
        """The heading of its column."""
        return str(self.column.field.label)

    @property
    def old_in_words(self) -> str:
        """What stood there."""
        return self.column.in_words(self.old)

    @property
    def yours_in_words(self) -> str:
        """What was entered."""
        return self.column.in_words(self.yours)

    @property
    def now_in_words(self) -> str:
        """What stands there now."""
        return self.column.in_words(self.now)


@dataclass
class RowPreview:
    """One row with changes: the record it stands for (None for a new one), its changed cells, and why it is refused."""

    line: Line
    row: SheetRow | None
    cells: list[Cell]
    why: list[str] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Its number in the spreadsheet."""
        return self.line.number

    @property
    def is_new(self) -> bool:
        """Whether it was added."""
        return self.row is None

    @property
    def outcome(self) -> str:
        """Whether it is refused, has a conflict, or is a change."""
        outcomes = {cell.outcome for cell in self.cells}
        if self.why or REFUSED in outcomes:
            return REFUSED
        return CONFLICT if CONFLICT in outcomes else CHANGE

    @property
    def name(self) -> str:
        """The facts that name it to its reader."""
        return " · ".join(str(fact) for fact in self.row.facts[:2] if fact is not None) if self.row else ""

    def values(self, columns: Sequence[Column], choices: Mapping[str, str]) -> dict[str, str]:
        """Return what would stand in all its cells; a conflict without a choice counts as what was entered."""
        found = {column.name: column.wire(self.row.values.get(column.name)) if self.row else "" for column in columns}
        taken = {cell.column.name: cell.yours for cell in self.cells if choices.get(cell.address) != NOW}
        return found | taken

    def is_changed(self, choices: Mapping[str, str]) -> bool:
        """Return whether anything of it changes with these answers to conflicts."""
        return any(cell.outcome == CHANGE or choices.get(cell.address) == YOURS for cell in self.cells)


@dataclass
class Preview:
    """What a returned spreadsheet would change, as its reader sees it."""

    spec: SheetSpec
    about: Any
    content: Content
    columns: Sequence[Column]
    rows: list[RowPreview]
    unchanged: int
    notes: list[str]

    def of(self, outcome: str) -> list[RowPreview]:
        """Return the rows with an outcome."""
        return [row for row in self.rows if row.outcome == outcome]

    @cached_property
    def changes(self) -> int:
        """How many cells would change without any question."""
        return sum(cell.outcome == CHANGE for row in self.rows if row.outcome != REFUSED for cell in row.cells)

    @cached_property
    def conflicts(self) -> list[Cell]:
        """The cells that somebody else changed meanwhile, in rows that are not refused."""
        return [cell for row in self.rows if row.outcome != REFUSED for cell in row.cells if cell.outcome == CONFLICT]

    @cached_property
    def refused(self) -> list[RowPreview]:
        """The rows that cannot be applied."""
        return self.of(REFUSED)

    @property
    def has_something(self) -> bool:
        """Whether anything can be applied."""
        return bool(self.changes or self.conflicts)

    @cached_property
    def digest(self) -> str:
        """A digest of what its reader saw, by which a later change is noticed."""
        shown = [
            [row.number, row.outcome, [(cell.address, cell.yours, cell.now) for cell in row.cells]] for row in self.rows
        ]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]


def preview_of(actor: Actor, row: Spreadsheet) -> Preview:
    """Return what a returned spreadsheet would change now. Raises NotVisible where the reader may not see what it is about."""
    return preview(actor, spec_named(row.sheet), Content.from_json(row.content))


def preview(actor: Actor, spec: SheetSpec, content: Content) -> Preview:
    """Return what stands in a spreadsheet beside what stands in the portal. Raises NotVisible."""
    about = policy.get(actor, spec.model, content.manifest.of, rows=policy.visible(actor, spec.model))
    form = spec.form(actor, about)
    names = [name for name in content.manifest.fields if name in spec.fields]
    columns = columns_of(form, names)
    rows = {str(one.key): one for one in spec.rows(actor, about, content.manifest.language)}
    with translation.override(content.manifest.language):
        written = columns_of(spec.form(actor, about), names)
    for column, other in zip(
        columns, written, strict=True
    ):  # what was chosen stands there in the language of the spreadsheet
        column.codes = other.codes | column.codes
    reader = _Reader(spec, content, {column.name: column for column in columns}, rows)
    found = [one for line in content.lines if (one := reader.of(line)) is not None]
    for one in found:
        if one.outcome != REFUSED:
            _check(spec, actor, about, content, columns, one)
    return Preview(spec, about, content, columns, found, len(content.lines) - len(found), list(_notes(actor, content)))


def _check(
    spec: SheetSpec, actor: Actor, about: Any, content: Content, columns: Sequence[Column], row: RowPreview
) -> None:
    """Refuse a row whose values its form or its record does not take, at the cells where it does not."""
    try:
        values = check(spec.form(actor, about), columns, row.values(columns, {}))
        if spec.check is not None:
            spec.check(actor, about, row.row.key if row.row else None, values)
    except Invalid as error:
        by_name = {cell.column.name: cell for cell in row.cells}
        labels = {column.name: f"{content.address(row.line, column.name)} · {column.field.label}" for column in columns}
        for name, texts in error.errors.items():
            if name in by_name:
                by_name[name].outcome, by_name[name].why = REFUSED, sentences(*texts)
            else:
                label = labels.get(name, "")
                row.why += [labelled(label, text) if label else str(text) for text in texts]


class _Reader:
    """Compares the lines of a spreadsheet with the rows of the portal."""

    def __init__(
        self, spec: SheetSpec, content: Content, columns: Mapping[str, Column], rows: Mapping[str, SheetRow]
    ) -> None:
        self.spec, self.content, self.columns, self.rows = spec, content, columns, rows
        count = Counter(line.key for line in content.lines if line.key)
        self.twice = {key for key, number in count.items() if number > 1}

    def of(self, line: Line) -> RowPreview | None:
        """Return what a line would change, or None if it changes nothing."""
        row = self.rows.get(line.key)
        cells = [cell for name in self.columns if (cell := self._cell(line, name, row)).outcome != UNCHANGED]
        is_known = line.key in self.content.manifest.rows and line.key not in self.twice
        if not cells and (is_known or not line.key):
            return None
        found = RowPreview(line, row, cells)
        problem = self._problem(line, row)
        if problem:
            found.why.append(problem)
        return found

    def _problem(self, line: Line, row: SheetRow | None) -> str:
        """Return why nothing of a line can be applied; empty if it can."""
        is_unknown = bool(line.key) and (line.key not in self.content.manifest.rows or key_of(line) is None)
        if is_unknown or line.number in self.content.misfits:
            return _("The hidden key of the row was changed, so that it is not known which record it stands for.")
        if not line.key:
            return "" if self.spec.add else _("Rows cannot be added to this table.")
        if line.key in self.twice:  # of several rows for one record it is not known which one is meant
            return _("The row stands in the spreadsheet twice.")
        if row is None:
            return _("You can no longer see the record of this row.")
        return str(row.locked)

    def _cell(self, line: Line, name: str, row: SheetRow | None) -> Cell:
        column, (kind, text) = self.columns[name], line.cells[name]
        stood = self.content.manifest.rows.get(line.key)
        old = stood[2][list(self.content.manifest.fields).index(name)] if stood else ""
        now = column.wire(row.values.get(name)) if row else old
        cell = Cell(self.content.address(line, name), column, old, old, now, UNCHANGED)
        if len(old) > LONGEST_CELL:  # it did not stand there whole, and the cell was locked
            return cell
        try:
            cell.yours = _merged() if kind == MERGED else column.read(kind, text)
        except Unreadable as error:
            cell.yours, cell.outcome, cell.why = normal_line(text), REFUSED, str(error)
            return cell
        if cell.yours not in (old, now):
            cell.outcome = CHANGE if now == old else CONFLICT
        return cell


def _merged() -> str:
    raise Unreadable(_("The cell is merged with others. Separate them."))


def _notes(actor: Actor, content: Content) -> Iterator[str]:
    """Yield what a person should know about a spreadsheet before applying it."""
    if content.manifest.at < timezone.now() - timedelta(days=OLD):
        text = ngettext(
            "The spreadsheet is more than %(days)s day old. Compare it with what stands in the portal.",
            "The spreadsheet is more than %(days)s days old. Compare it with what stands in the portal.",
            OLD,
        )
        yield text % {"days": OLD}
    if content.manifest.made_by != str(actor.user.pk):
        name = User.objects.filter(pk=content.manifest.made_by).values_list("name", flat=True).first()
        if name:
            yield _("The spreadsheet was downloaded by %(name)s.") % {"name": name}
    if content.renamed:
        yield _("The sheet was renamed “%(title)s”. It has been read all the same.") % {"title": content.renamed}
    if content.locked:
        cells = enumerated(content.locked[:MOST_NAMED])
        yield _("These cells cannot be changed here, and their changes have no effect: %(cells)s.") % {"cells": cells}
    if content.missing:
        count = content.missing
        text = ngettext(
            "%(count)s row is missing in the spreadsheet. Its record stays as it is.",
            "%(count)s rows are missing in the spreadsheet. Their records stay as they are.",
            count,
        )
        yield text % {"count": count}

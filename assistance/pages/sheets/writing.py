"""Writes a table as a spreadsheet: cells that change are unlocked, all others protected, and choices are lists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from assistance.pages.sheets.manifest import Manifest, digest
from assistance.pages.sheets.spec import SheetRow, SheetSpec
from assistance.pages.sheets.values import LONGEST_CELL, Column, columns_of
from assistance.workflow.naming import matter_of
from assistance.workflow.references import new_reference
from audit import log
from audit.kinds import Kind
from entities.actors import Actor
from web.dates import in_words
from web.spreadsheets import Value, title_of, to_bytes, write

HEADINGS, HINTS, FIRST = 4, 5, 6  # the numbers of rows
KEYS = "A"  # the hidden column with the keys of the rows; its first cell has the number of the spreadsheet
CARRIED, LISTS = "portal", "lists"  # hidden sheets
NEW_ROWS = 40  # empty rows in a table to which rows can be added
WIDE, NARROW, WIDEST_FACT = 50, 18, 40
LOCKED = PatternFill("solid", fgColor="F1F1EE")
HEAD = PatternFill("solid", fgColor="D9E4F1")
LINE = Side(style="thin", color="BBBBBB")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
TOP = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class Issued:
    """A spreadsheet as it is downloaded."""

    content: bytes
    number: str

    @property
    def file_name(self) -> str:
        """The name of the file, without its ending: its number, so that nothing is told of what it is about."""
        return self.number


def issue(actor: Actor, spec: SheetSpec, about: Any, language: str) -> Issued:
    """Return a table about a row as a spreadsheet in the active language, and log what it shows.

    `language` is that of texts that are new. Raises what the table's `allowed` raises.
    """
    own = spec.allowed(actor, about).organisation_id
    rows = spec.rows(actor, about, language)
    columns = columns_of(spec.form(actor, about), spec.fields)
    number = new_reference("SP")
    book = _Book(spec, columns, number)
    book.head(f"{spec.title} · {matter_of(about)}", _personal(actor, number))
    book.rows(rows)
    book.carry(manifest_of(actor, own, spec, about, language, number, rows, columns))
    log.record(Kind.EXPORTED, detail=f"spreadsheet {number}, {spec.name} of {about}, {len(rows)} rows")
    return Issued(to_bytes(book.book), number)


def _personal(actor: Actor, number: str) -> str:
    """Return whose spreadsheet it is, and since when."""
    told = {"number": number, "date": in_words(timezone.localdate()), "name": actor.user.name}
    return _("Spreadsheet %(number)s of %(date)s for %(name)s. Do not pass it on to other organizations.") % told


def manifest_of(
    actor: Actor,
    organisation: UUID,
    spec: SheetSpec,
    about: Any,
    language: str,
    number: str,
    rows: Sequence[SheetRow],
    columns: Sequence[Column],
) -> Manifest:
    """Return what the spreadsheet carries of itself."""
    kept = {
        str(row.key): (
            row.version,
            [digest(as_text(fact)) for fact in row.facts],
            [column.wire(row.values.get(column.name)) for column in columns],
        )
        for row in rows
    }
    return Manifest(
        spec.name, str(about.pk), number, timezone.now().isoformat(), str(actor.user.pk), str(organisation), language,
        len(spec.headings), list(spec.fields), kept,
    )  # fmt: skip


def as_text(fact: Value) -> str:
    """Return a fact as the cell in which it stands is read again."""
    return "" if fact is None else str(fact)


class _Book:
    """The workbook of a table."""

    def __init__(self, spec: SheetSpec, columns: Sequence[Column], number: str) -> None:
        self.spec, self.columns = spec, columns
        self.book = Workbook()
        self.sheet: Any = self.book.active
        self.sheet.title = title_of(str(spec.title))
        self.sheet.sheet_view.rightToLeft = get_language_bidi()
        self.sheet[f"{KEYS}1"] = number
        self.sheet.column_dimensions[KEYS].hidden = True
        page = self.sheet.page_setup
        page.orientation, page.paperSize, page.fitToHeight = "landscape", self.sheet.PAPERSIZE_A4, 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.sheet.print_title_rows = f"{HEADINGS}:{HINTS}"
        protection = self.sheet.protection
        protection.sheet, protection.formatColumns, protection.formatRows = True, False, False

    def head(self, title: str, personal: str) -> None:
        """Write what the table is, what to do, whose it is, and the headings."""
        for row, (text, font) in enumerate(
            ((title, Font(bold=True, size=14)), (str(self.spec.guidance), Font()), (personal, Font(italic=True))), 1
        ):
            cell = self.sheet.cell(row, 2)
            write(cell, text)
            cell.font = font
        hint = _("To fill in")
        locked = _("For information")
        headings = [
            *((capfirst(str(one)), locked) for one in self.spec.headings),
            *((c.heading, _hint(c, hint)) for c in self.columns),
        ]
        for place, (heading, help_text) in enumerate(headings, 2):
            for row, text in ((HEADINGS, heading), (HINTS, help_text)):
                cell = self.sheet.cell(row, place)
                write(cell, text)
                cell.font, cell.alignment, cell.fill = Font(bold=row == HEADINGS, italic=row == HINTS), TOP, HEAD
                cell.border = FRAME
        self.sheet.freeze_panes = self.sheet.cell(FIRST, 3)

    def _widths(self, rows: Sequence[SheetRow]) -> Iterator[int]:
        for place, heading in enumerate(self.spec.headings):
            longest = max([len(str(heading)), *(len(as_text(row.facts[place])) for row in rows)])
            yield min(longest + 2, WIDEST_FACT)
        for column in self.columns:
            yield WIDE if isinstance(column.field.widget, forms.Textarea) else NARROW

    def rows(self, rows: Sequence[SheetRow]) -> None:
        """Write the rows, and empty ones where rows can be added; choices become lists."""
        for place, width in enumerate(self._widths(rows), 2):
            self.sheet.column_dimensions[get_column_letter(place)].width = width
        for number, row in enumerate(rows, FIRST):
            self.sheet[f"{KEYS}{number}"] = str(row.key)
            for place, fact in enumerate(row.facts, 2):
                self._write(number, place, fact, locked=True)
            for place, column in enumerate(self.columns, 2 + len(row.facts)):
                text = column.wire(row.values.get(column.name))
                fits = len(text) <= LONGEST_CELL  # a longer text is changed in the portal only
                shown = column.shown(text) if fits else text[:LONGEST_CELL]
                self._write(number, place, shown, locked=bool(row.locked) or not fits)
        last = FIRST + len(rows) - 1
        if self.spec.add is not None:
            for number in range(last + 1, last + 1 + NEW_ROWS):
                for place in range(2, 2 + len(self.spec.headings) + len(self.columns)):
                    self._write(number, place, None, locked=place < 2 + len(self.spec.headings))
            last += NEW_ROWS
        self._offer(last)

    def _write(self, row: int, place: int, value: Value, *, locked: bool) -> None:
        cell = self.sheet.cell(row, place)
        write(cell, value)
        cell.alignment, cell.border, cell.protection = TOP, FRAME, Protection(locked=locked)
        if locked:
            cell.fill = LOCKED
        elif value is None and isinstance(self._field(place), forms.DateField):
            cell.number_format = "yyyy-mm-dd"

    def _field(self, place: int) -> forms.Field | None:
        at = place - 2 - len(self.spec.headings)
        return self.columns[at].field if 0 <= at < len(self.columns) else None

    def _offer(self, last: int) -> None:
        """Offer the choices of each column as a list."""
        lists: Any = self.book.create_sheet(LISTS)
        lists.sheet_state = "hidden"
        for at, column in enumerate(self.columns, 1):
            if not column.choices or column.is_several or last < FIRST:
                continue
            for row, label in enumerate(column.choices.values(), 1):
                write(lists.cell(row, at), label)
            letter, place = get_column_letter(at), get_column_letter(at + 1 + len(self.spec.headings))
            offered = DataValidation(
                "list", f"{LISTS}!${letter}$1:${letter}${len(column.choices)}", allow_blank=True, showErrorMessage=True
            )
            offered.error = _("Select an entry of the list.")
            offered.add(f"{place}{FIRST}:{place}{last}")
            self.sheet.add_data_validation(offered)

    def carry(self, manifest: Manifest) -> None:
        """Write what the spreadsheet carries of itself into a hidden sheet."""
        carried: Any = self.book.create_sheet(CARRIED)
        carried.sheet_state = "hidden"
        for row, piece in enumerate(manifest.to_cells(), 1):
            write(carried.cell(row, 1), piece)


def _hint(column: Column, fill_in: str) -> str:
    """Return what stands below the heading of a column that can be changed."""
    if column.is_several:
        return _("To fill in, one entry per line")
    if isinstance(column.field, forms.DateField):
        return _("To fill in, such as 2027-06-30")
    return fill_in

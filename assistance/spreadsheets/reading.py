"""Reads a returned spreadsheet: whose it is, which rows it has, and what was done to it that has no effect."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files import File
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from assistance.pages.sheets import manifest
from assistance.pages.sheets.manifest import Manifest
from assistance.pages.sheets.spec import SheetSpec
from assistance.pages.sheets.writing import CARRIED, FIRST, KEYS
from files.spreadsheets import Sheet, read_sheets
from web.exceptions import Invalid
from web.uploads import errors_at

MERGED = "merged"  # a kind of cell beside those of the file
EMPTY = ["text", ""]


@dataclass(frozen=True)
class Line:
    """One row of a returned spreadsheet: its number, its key (empty for an added row), and its cells by field."""

    number: int
    key: str
    cells: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Content:
    """What stands in a returned spreadsheet. `renamed` is the title of its sheet if that was changed.

    `locked` are the addresses of changed cells that have no effect, `missing` the number of rows that were removed.
    `misfits` are the numbers of rows whose hidden key is not that of the record whose facts stand in the row.
    """

    manifest: Manifest
    lines: Sequence[Line]
    renamed: str
    locked: Sequence[str]
    missing: int
    misfits: Sequence[int] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "manifest": vars(self.manifest),
            "lines": [[line.number, line.key, dict(line.cells)] for line in self.lines],
            "renamed": self.renamed,
            "locked": list(self.locked),
            "missing": self.missing,
            "misfits": list(self.misfits),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Content":
        """Return it from what is stored."""
        lines = [
            Line(number, key, {name: tuple(cell) for name, cell in cells.items()})
            for number, key, cells in stored["lines"]
        ]
        found = Manifest(**stored["manifest"])
        misfits = stored.get("misfits", ())  # not stored by earlier versions of the portal
        return cls(found, lines, stored["renamed"], stored["locked"], stored["missing"], misfits)

    def address(self, line: Line, name: str) -> str:
        """Return the address of the cell of a field, such as F9."""
        place = 2 + self.manifest.facts + list(self.manifest.fields).index(name)
        return f"{get_column_letter(place)}{line.number}"


def read(file: File) -> tuple[Manifest, Sheet]:
    """Return what a returned spreadsheet carries of itself, and the sheet with the table.

    Raises Invalid for a file that is refused, is none of this portal's, or whose table was removed.
    """
    with errors_at("file"):
        sheets = read_sheets(file)
    carried = next((sheet for sheet in sheets if sheet.title == CARRIED), None)
    pieces = [carried.cell(f"A{row}")[1] for row in carried.rows] if carried else []
    found = manifest.from_cells(pieces) if pieces else None
    if found is None:
        problem = _(
            "This is not a spreadsheet of the portal, or its hidden sheet was changed. Download it again, and copy "
            "your entries into it."
        )
        raise Invalid({"file": [problem]})
    table = next(
        (sheet for sheet in sheets if sheet.cell(f"{KEYS}1")[1] == found.number and sheet is not carried), None
    )
    if table is None:
        raise Invalid({"file": [_("The sheet with the table was removed. Download the spreadsheet again.")]})
    return found, table


def content_of(found: Manifest, table: Sheet, spec: SheetSpec, title: str) -> Content:
    """Return what stands in the table; `title` is the one its sheet had."""
    lines = list(_lines(found, table))
    seen = {line.key for line in lines}
    locked = [address for line in lines if line.key in found.rows for address in _changed_facts(found, table, line)]
    renamed = table.title if table.title != title else ""
    misfits = [line.number for line in lines if _is_misfit(found, table, line)]
    return Content(found, lines, renamed, locked, len(set(found.rows) - seen), misfits)


def _lines(found: Manifest, table: Sheet) -> Iterator[Line]:
    first = 2 + found.facts
    for number in table.rows:
        if number < FIRST:
            continue
        cells = {}
        for place, name in enumerate(found.fields, first):
            address = f"{get_column_letter(place)}{number}"
            cells[name] = (MERGED, "") if table.is_merged(address) else table.cell(address)
        key = table.cell(f"{KEYS}{number}")[1].strip()
        if key or any(text or kind != "text" for kind, text in cells.values()):
            yield Line(number, key, cells)


def _is_misfit(found: Manifest, table: Sheet, line: Line) -> bool:
    """Return whether a row without a key has facts, which only rows of the portal have, or one has those of another row."""
    facts = [table.cell(address)[1] for address in _facts(found, line)]
    if not line.key:
        return any(fact.strip() for fact in facts)
    digests = [manifest.digest(fact) for fact in facts]
    own = found.rows.get(line.key)
    if own is None or list(own[1]) == digests:
        return False
    return any(list(other[1]) == digests for other in found.rows.values())


def _changed_facts(found: Manifest, table: Sheet, line: Line) -> Iterator[str]:
    for address, stood in zip(_facts(found, line), found.rows[line.key][1], strict=True):
        if manifest.digest(table.cell(address)[1]) != stood:
            yield address


def _facts(found: Manifest, line: Line) -> list[str]:
    """Return the addresses of the facts of a row."""
    return [f"{get_column_letter(place)}{line.number}" for place in range(2, 2 + found.facts)]


def key_of(line: Line) -> UUID | None:
    """Return the key of a row, or None if it is not one."""
    try:
        return UUID(line.key)
    except ValueError:
        return None

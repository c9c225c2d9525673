"""Lists as spreadsheets (XLSX): one sheet with typed cells, in which no text is ever a formula."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with which a text is taken for a formula, here or where it is copied to
NO_TITLE = str.maketrans("", "", "[]:*?/\\'")
LONGEST_TITLE = 31
NARROWEST, WIDEST = 10, 60

Value = str | int | Decimal | date | None


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], *, right_to_left: bool) -> bytes:
    """Return a file with one sheet of this title: a row of headings, and one row for each of `rows`.

    Days are cells of their type, so that they can be sorted and counted with.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = title_of(title)
    sheet.sheet_view.rightToLeft = right_to_left
    widths = [len(heading) for heading in headings]
    for column, heading in enumerate(headings, 1):
        cell = sheet.cell(1, column)
        write(cell, heading)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for line, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            write(sheet.cell(line, column), value)
            widths[column - 1] = max(widths[column - 1], len(str(value or "")))
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width + 2, NARROWEST), WIDEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    return to_bytes(book)


def title_of(text: str) -> str:
    """Return a text as the title of a sheet: without the signs that none may have, and not too long."""
    return text.translate(NO_TITLE)[:LONGEST_TITLE]


def to_bytes(book: Workbook) -> bytes:
    """Return the file without the times at which its parts were written: equal content is then equal in all bytes."""
    file = io.BytesIO()
    book.save(file)
    written = io.BytesIO()
    with zipfile.ZipFile(file) as parts, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as anew:
        for part in parts.infolist():
            anew.writestr(zipfile.ZipInfo(part.filename), parts.read(part), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def write(cell: Cell, value: Value) -> None:
    """Write a value into a cell of its type; a text is never a formula."""
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.value, cell.data_type = text, "s"
        cell.quotePrefix = text.startswith(FORMULA)
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"


def download(content: bytes, name: str) -> HttpResponse:
    """Return the answer with a spreadsheet as a download of this name."""
    answer = HttpResponse(content, content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer

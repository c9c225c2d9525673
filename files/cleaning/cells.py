"""What stands in the cells of a workbook, as plain data. Reads a cleaned file, in the same limited process."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from files.cleaning.kinds import XLSX, Refused

MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 20, 5_000, 60  # what is beyond them is not read
MOST_CHARACTERS = 8_000_000  # of all cells together
MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*?\bref=\"([A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?)\"")
MOST_MERGED = 1_000

Cells = dict[str, list[str]]  # address → kind and text


def extract(content: bytes, kind: str) -> bytes:
    """Return the cells of a cleaned workbook as JSON: a list of sheets with `title`, `cells` and `merged` ranges.

    A cell is a kind (text, number, day, yes_no, formula, error) and a text; days are YYYY-MM-DD. Raises Refused:
    not_xlsx, broken, costly.
    """
    if kind != XLSX:
        raise Refused("not_xlsx")
    try:
        found = list(_sheets(content))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, zipfile.BadZipFile):
        raise Refused("broken") from None
    return json.dumps(found, ensure_ascii=False).encode()


def _sheets(content: bytes) -> Iterator[dict[str, Any]]:
    book: Any = load_workbook(io.BytesIO(content), read_only=True)
    parts = zipfile.ZipFile(io.BytesIO(content))
    left = MOST_CHARACTERS
    for sheet in book.worksheets[:MOST_SHEETS]:
        cells = _cells(sheet)
        left -= sum(len(text) for _kind, text in cells.values())
        if left < 0:
            raise Refused("costly")
        merged = MERGED.findall(parts.read(sheet._worksheet_path))[:MOST_MERGED]
        yield {"title": sheet.title, "cells": cells, "merged": [one.decode() for one in merged]}


def _cells(sheet: Any) -> Cells:
    """Return the cells that hold something. The size that a sheet states of itself is not used: it may be wrong."""
    sheet.reset_dimensions()
    found: Cells = {}
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        for cell in row:
            if cell.value is not None:
                found[cell.coordinate] = list(_shown(cell))
    return found


def _shown(cell: Any) -> tuple[str, str]:
    value = cell.value
    if cell.data_type == "f":
        return "formula", ""
    if cell.data_type == "e":
        return "error", str(value)
    if isinstance(value, bool):
        return "yes_no", "true" if value else ""
    if isinstance(value, datetime):
        whole = value.time() == time()
        return "day", value.date().isoformat() if whole else value.isoformat()
    if isinstance(value, date):
        return "day", value.isoformat()
    if isinstance(value, int | float):
        return "number", str(int(value)) if value == int(value) else repr(value)
    return "text", str(value)

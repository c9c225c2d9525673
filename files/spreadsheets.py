"""Reads what stands in an uploaded spreadsheet: the file is cleaned and read in the sandboxed process, and not stored."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.files import File
from openpyxl.utils import coordinate_to_tuple, range_boundaries

from files.storage import cleaned_as

EMPTY = ("text", "")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells that hold something, by address, and its merged ranges."""

    title: str
    cells: dict[str, tuple[str, str]]
    merged: tuple[str, ...]

    def cell(self, address: str) -> tuple[str, str]:
        """Return the kind and the text of a cell; of an empty one, an empty text."""
        return self.cells.get(address, EMPTY)

    @cached_property
    def rows(self) -> list[int]:
        """The numbers of the rows that hold something, in order."""
        return sorted({coordinate_to_tuple(address)[0] for address in self.cells})

    def is_merged(self, address: str) -> bool:
        """Return whether a cell is merged with others."""
        row, column = coordinate_to_tuple(address)
        bounds: Any = map(range_boundaries, self.merged)
        return any(left <= column <= right and top <= row <= bottom for left, top, right, bottom in bounds)


def read_sheets(upload: File) -> list[Sheet]:
    """Return the sheets of an uploaded spreadsheet, hidden ones too.

    Raises ValidationError for a file that is refused or is no spreadsheet, Busy when other files are being cleaned.
    """
    content, _media_type = cleaned_as(upload, "cells")
    with content:
        found = json.load(content)
    return [
        Sheet(one["title"], {at: (kind, text) for at, (kind, text) in one["cells"].items()}, tuple(one["merged"]))
        for one in found
    ]

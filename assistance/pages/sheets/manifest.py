"""What a spreadsheet carries of itself, signed: which table it is, for whom, and what stood in it when it was made."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from django.core import signing

SALT = "assistance.sheets"
CHUNK = 30_000  # characters of it in one cell, which holds 32,767


@dataclass(frozen=True)
class Manifest:
    """`rows` is, by the key of a row: version, digests of the facts, and the values that could be changed."""

    sheet: str
    of: str  # the key of the row that the table is about
    number: str
    made_at: str
    made_by: str  # the key of the person
    organisation: str
    language: str
    facts: int  # how many columns cannot be changed
    fields: Sequence[str]
    rows: Mapping[str, tuple[int | None, Sequence[str], Sequence[str]]]

    @property
    def at(self) -> datetime:
        """When the spreadsheet was made."""
        return datetime.fromisoformat(self.made_at)

    def to_cells(self) -> list[str]:
        """Return it signed, in pieces that fit into cells."""
        text = signing.dumps(asdict(self), salt=SALT, compress=True)
        return [text[at : at + CHUNK] for at in range(0, len(text), CHUNK)]


def from_cells(cells: Sequence[str]) -> Manifest | None:
    """Return what a spreadsheet carries of itself; None if it was changed, or is not one of this portal's."""
    try:
        return Manifest(**cast(dict[str, Any], signing.loads("".join(cells), salt=SALT)))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def digest(text: str) -> str:
    """Return a short digest of a fact, by which a change of its cell is noticed."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]

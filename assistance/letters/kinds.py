"""A kind of letter as data: what it is about, when it can be drawn up, and what is filled in from the record."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from entities.actors import Actor
from web import translated_text

Text = str | Promise
Cell = str | translated_text.Text  # a text in the language of the file, or one that somebody wrote in a language
Table = tuple[Sequence[str], Sequence[Sequence[Cell]]]  # headings and rows


def no_table(actor: Actor, row: Any) -> None:
    """Return no table: the letter is its text alone."""
    return


@dataclass(frozen=True)
class Fact:
    """Something filled in from the record: what it is called, and its value in the language of the letter, or ""."""

    label: Text
    value: str


@dataclass(frozen=True, kw_only=True)
class LetterKind:
    """One kind of letter about rows of one aggregate, which declares it (`Aggregate.letters`).

    `facts` returns name → fact for a row, in the active language; `possible` says whether the letter can be drawn up in
    the present state of the row. `texts` is the JSON file with the text of each language that comes with the portal.
    `written_by` are those who draw it up (a word of `policy.WHO`); `table` returns a table that follows the text, and
    `enclosure` a spreadsheet in a language that is sent with the letter; None: nothing is enclosed.
    """

    name: str
    label: Text
    facts: Callable[[Actor, Any], Mapping[str, Fact]]
    names: Mapping[str, Text]  # every name that its text may have in braces, with what it stands for
    possible: Callable[[Any], bool]
    texts: Path
    written_by: str = "coordinator"
    table: Callable[[Actor, Any], Table | None] = no_table
    enclosure: Callable[[Actor, Any, str], bytes] | None = None

    def text_of(self, language: str) -> str:
        """Return the text that comes with the portal, in a language."""
        return _texts(self.texts)[self.name][language]


@cache
def _texts(path: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return found

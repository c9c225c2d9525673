"""Compares translations shared by several contexts of one English text with the list of those that may be equal."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polib

LIST = "alike.csv"  # in the folder of the catalogues
COLUMNS = ["language", "msgid", "contexts", "reason"]
NO_CONTEXT = "(none)"
SEPARATOR = ";"


@dataclass(frozen=True)
class Alike:
    """Contexts (msgctxt) of one English text whose translations in one language are the same."""

    language: str
    msgid: str
    contexts: frozenset[str]

    def __str__(self) -> str:
        return f"{self.language}: {self.msgid!r} in the contexts {f'{SEPARATOR} '.join(sorted(self.contexts))}"


def shared(catalogues: Mapping[str, polib.POFile]) -> dict[Alike, str]:
    """Return the contexts that share a translation, each with that translation; catalogues are by language."""
    found: dict[Alike, str] = {}
    for language, catalogue in catalogues.items():
        contexts: dict[tuple[str, str], set[str]] = defaultdict(set)
        for entry in catalogue.translated_entries():
            for text in {entry.msgstr, *entry.msgstr_plural.values()} - {""}:
                contexts[entry.msgid, text].add(entry.msgctxt or NO_CONTEXT)
        found |= {
            Alike(language, msgid, frozenset(names)): text
            for (msgid, text), names in contexts.items()
            if len(names) > 1
        }
    return found


def read_allowed(path: Path) -> set[Alike]:
    """Return the contexts that the list allows to be equal; none without a file.

    Raises ValueError for a list with other columns, a row without a reason or with one context, or a duplicate row.
    """
    allowed: set[Alike] = set()
    if not path.exists():
        return allowed
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames != COLUMNS:
            raise ValueError(f"{path.name}: the columns have to be {', '.join(COLUMNS)}.")
        for row in rows:
            allowed.add(_allowed(row, f"{path.name}, line {rows.line_num}", allowed))
    return allowed


def _allowed(row: Mapping[str, str | None], where: str, before: set[Alike]) -> Alike:
    if None in row or None in row.values():
        raise ValueError(f"{where}: it has to have {len(COLUMNS)} columns.")
    said = {name: (text or "").strip() for name, text in row.items()}
    contexts = frozenset(name.strip() for name in said["contexts"].split(SEPARATOR))
    alike = Alike(said["language"], row["msgid"] or "", contexts)
    if len(contexts) < 2:
        raise ValueError(f"{where}: name two contexts or more, with {SEPARATOR!r} between them.")
    if not said["reason"]:
        raise ValueError(f"{where}: give the reason why one translation serves these contexts.")
    if alike in before:
        raise ValueError(f"{where}: the same row stands above.")
    return alike


def faults(catalogues: Mapping[str, polib.POFile], path: Path) -> list[str]:
    """Return a message for each shared translation that the list does not allow, and for each obsolete row."""
    try:
        allowed = read_allowed(path)
    except ValueError as error:
        return [str(error)]
    found = shared(catalogues)
    unlisted = [
        f"{alike} share the translation {text!r}: correct it, or give the reason in {path.name}."
        for alike, text in found.items()
        if alike not in allowed
    ]
    stale = [
        f"{alike} no longer share a translation: remove the row from {path.name}." for alike in allowed - set(found)
    ]
    return sorted(unlisted) + sorted(stale)

"""Checks that each compiled catalogue (.mo) says what its source (.po) says, as both are in the repository."""

import sys
from pathlib import Path

import polib

from devserver.layout import PROJECT


def is_in_step(source: Path) -> bool:
    """Whether the compiled file beside a source holds exactly its finished translations."""
    compiled = source.with_suffix(".mo")
    if not compiled.exists():
        return False
    finished = [entry for entry in polib.pofile(str(source)).translated_entries() if not entry.obsolete]
    return _texts(finished) == _texts(list(polib.mofile(str(compiled))))


def _texts(entries: list[polib.POEntry]) -> dict[tuple[str | None, str], object]:
    return {(entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr for entry in entries}


def main() -> int:
    """Name every catalogue that has to be compiled again."""
    sources = sorted(PROJECT.glob("locale/*/LC_MESSAGES/*.po"))
    stale = [source for source in sources if not is_in_step(source)]
    for source in stale:
        print(f"{source.relative_to(PROJECT)} was changed after it was compiled; run ./manage.py compilemessages.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

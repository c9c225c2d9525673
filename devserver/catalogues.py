"""Compiles the translation catalogues (.po) into those that Django reads (.mo), which are not in the repository.

Run as `python -m devserver.catalogues`; make, the tests and the image do so. gettext is not needed.
"""

import sys
from pathlib import Path

import polib

from devserver.layout import PROJECT


def compile_catalogues(project: Path = PROJECT) -> list[Path]:
    """Compile each catalogue that has changed since it was compiled; return the compiled files that were written.

    Raises OSError for a catalogue that cannot be read.
    """
    written = []
    for source in sorted(project.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime <= source.stat().st_mtime:
            whole = compiled.with_suffix(".mo.new")  # a concurrent process replaces it by the same content
            polib.pofile(str(source)).save_as_mofile(str(whole))
            whole.replace(compiled)
            written.append(compiled)
    return written


def main() -> int:
    """Compile the catalogues that have changed. Returns 0."""
    compile_catalogues()
    return 0


if __name__ == "__main__":
    sys.exit(main())

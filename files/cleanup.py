"""Puts stored content without a row aside: its transaction was rolled back, or the database is older than the files.

Nothing is removed. After a restore the database may not know files that are wanted when a newer copy is restored; what
a row names again comes back.
"""

import logging
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

from files.models import StoredFile

log = logging.getLogger(__name__)

YOUNG = 24 * 3600  # seconds; no transaction lasts longer than this
FOLDERS = "[0-9a-f][0-9a-f]"
QUARANTINE = "quarantine"


def quarantine_orphans() -> int:
    """Move content older than a day that belongs to no row into the quarantine. Returns how many files were moved."""
    root, moved = Path(settings.MEDIA_ROOT), 0
    for folder in root.glob(FOLDERS):
        old = {path.name: path for path in folder.iterdir() if time.time() - path.stat().st_mtime > YOUNG}
        for name in set(old) - _known(old):
            _move(old[name], root / QUARANTINE / folder.name / name)
            moved += 1
    if moved:
        log.warning("%d files without a row were moved to %s.", moved, root / QUARANTINE)
    return moved


def bring_back() -> int:
    """Move content out of the quarantine that a row names. Returns how many files were moved."""
    root, moved = Path(settings.MEDIA_ROOT), 0
    for folder in (root / QUARANTINE).glob(FOLDERS):
        kept = {path.name: path for path in folder.iterdir()}
        for name in _known(kept):
            _move(kept[name], root / folder.name / name)
            moved += 1
    if moved:
        log.warning("%d files came back from the quarantine.", moved)
    return moved


def _known(paths: dict[str, Path]) -> set[str]:
    """Return those of the names that rows have; a name that is no id belongs to none."""
    ids = [UUID(name) for name in paths if len(name) == 32 and set(name) <= set("0123456789abcdef")]
    return {pk.hex for pk in StoredFile.objects.filter(pk__in=ids).values_list("pk", flat=True)}


def _move(source: Path, target: Path) -> None:
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    source.replace(target)

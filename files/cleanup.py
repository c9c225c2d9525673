"""Removes stored content whose transaction was rolled back: it is on disk without a row."""

import time
from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage

from files.models import StoredFile

YOUNG = 24 * 3600  # seconds; no transaction lasts longer than this


def remove_orphans() -> int:
    """Remove content older than a day that belongs to no row. Returns how many files were removed."""
    root, removed = Path(default_storage.path("")), 0
    for folder in root.glob("[0-9a-f][0-9a-f]"):
        old = {path.name: path for path in folder.iterdir() if time.time() - path.stat().st_mtime > YOUNG}
        known = StoredFile.objects.filter(pk__in=[UUID(name) for name in old]).values_list("pk", flat=True)
        for name in set(old) - {pk.hex for pk in known}:
            old[name].unlink()
            removed += 1
    return removed

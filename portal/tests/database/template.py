"""The database that parallel test processes copy: migrated once, in a process of its own while they collect their tests.

Run as ``python -m portal.tests.database.template FILE``; the file says afterwards whether it went well.
"""

import subprocess
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command

from devserver.layout import PROJECT, Layout

NAME = "portal"  # the database of the embedded server that settings name; tests work in copies
MIGRATED, FAILED = "migrated", "failed"
PATIENCE = 300.0  # seconds


def begin(layout: Layout) -> subprocess.Popen[bytes]:
    """Begin to migrate and return the process."""
    command = [sys.executable, "-m", __name__, str(_file(layout))]
    return subprocess.Popen(command, cwd=PROJECT)


def is_migrated(layout: Layout) -> bool:
    """Wait until it is known, and return, whether the database is migrated; after a while it counts as not."""
    deadline = time.monotonic() + PATIENCE
    while not _file(layout).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return _file(layout).exists() and _file(layout).read_text() == MIGRATED


def _file(layout: Layout) -> Path:
    return layout.run / "template"


def main(file: Path) -> None:
    """Migrate, and say in the file that it is done."""
    done = FAILED
    try:
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        done = MIGRATED
    finally:
        file.with_suffix(".new").write_text(done)
        file.with_suffix(".new").rename(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

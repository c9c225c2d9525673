"""Lock files of the process that runs the services and of those that use them; the kernel releases them on exit."""

import fcntl
import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from devserver.layout import Layout


class FileLock:
    """An advisory lock on a file; it is released when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: Any = None

    def take(self, *, shared: bool = False, wait: float = 0.0) -> bool:
        """Try to lock for up to `wait` seconds; return whether it succeeded."""
        if self._file is None:
            self._file = self.path.open("a+")
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self._file, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(0.05)
            else:
                return True

    def is_held_elsewhere(self) -> bool:
        """Return whether another process holds an exclusive lock."""
        if not self.take(shared=True):
            return True
        self.release()
        return False

    def release(self) -> None:
        """Release the lock; does nothing when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def owner_lock(layout: Layout) -> FileLock:
    """Return the lock held by the one process that starts the services in this folder."""
    return FileLock(layout.run / "owner.lock")


def lease_lock(layout: Layout) -> FileLock:
    """Return the lock held, shared, by every command that uses the services; without holders, `keep` ends."""
    return FileLock(layout.run / "lease.lock")


def read_note(path: Path) -> dict[str, Any]:
    """Return the JSON note of a process; empty when there is none or it is incomplete."""
    try:
        note = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def write_note(path: Path, note: dict[str, Any]) -> None:
    """Replace a note atomically, so that no reader sees half of it."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(note))
    fresh.replace(path)

"""Who runs the services and who uses them: two lock files that the kernel lets go of when a process dies."""

import fcntl
import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from devserver.layout import Layout


class FileLock:
    """An advisory lock on a file; it ends with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: Any = None

    def take(self, *, shared: bool = False, wait: float = 0.0) -> bool:
        """Try to lock for up to `wait` seconds; say whether it worked."""
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
        """Whether another process holds the lock for itself."""
        if not self.take(shared=True):
            return True
        self.release()
        return False

    def release(self) -> None:
        """Let go; harmless when nothing is held."""
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
    """Held by the one process that starts the services in this folder."""
    return FileLock(layout.run / "owner.lock")


def lease_lock(layout: Layout) -> FileLock:
    """Held, shared, by every command that borrows the services; the keeper leaves when nobody holds it."""
    return FileLock(layout.run / "lease.lock")


def read_note(path: Path) -> dict[str, Any]:
    """What a process wrote about itself; empty when there is nothing or half of it."""
    try:
        note = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def write_note(path: Path, note: dict[str, Any]) -> None:
    """Replace a note in one step, so that no reader sees half of it."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(note))
    fresh.replace(path)

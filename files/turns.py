"""How many files are cleaned at once on this machine: others wait for a short time, or are sent away."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from files.errors import Busy

WAIT = 8.0  # seconds a request waits for its turn; it holds a thread of the web server meanwhile
STEP = 0.05


@contextmanager
def turn() -> Iterator[None]:
    """Hold one of the FILE_CLEANINGS turns of this machine. Raises Busy when none becomes free in time.

    As many requests may wait as may clean, so that uploads never take all threads. The locks are of files beside the
    stored ones: the system frees them when a process ends, however it ends, and they hold for all processes that share
    the folder.
    """
    held = _take("turn")
    if held is None:
        held = _waited()
    try:
        yield
    finally:
        os.close(held)


def _waited() -> int:
    """Return the lock of a turn that became free. Raises Busy."""
    place = _take("waiting")
    if place is None:
        raise Busy
    try:
        until = time.monotonic() + WAIT
        while time.monotonic() < until:
            time.sleep(STEP)
            if (held := _take("turn")) is not None:
                return held
        raise Busy
    finally:
        os.close(place)


def _take(name: str) -> int | None:
    """Return the open, locked file of a free place of this name, or None."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(settings.FILE_CLEANINGS):
        opened = os.open(root / f".{name}-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
        else:
            return opened
    return None

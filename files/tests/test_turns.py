"""Files are cleaned a few at a time on one machine; the other requests wait for a short time, or are sent away."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import LazySettings

from files import storage, turns
from files.errors import Busy
from files.tests import samples

HOLD = """
import fcntl, os, sys, time
held = [os.open(path, os.O_RDWR | os.O_CREAT) for path in sys.argv[1:]]
for one in held:
    fcntl.flock(one, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def outcomes(count: int) -> list[str]:
    """Clean as many files at once, each by the real process. Returns what became of each."""
    start = threading.Barrier(count)

    def one(number: int) -> str:
        start.wait()
        try:
            return storage.clean(samples.note(f"{number}.pdf")).media_type
        except Busy:
            return "busy"

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_eight_uploads_at_once_leave_most_threads_free(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FILE_CLEANINGS = 1
    running, most, lock, real = 0, 0, threading.Lock(), storage._workshop

    def counted(*paths: Path) -> object:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return real(*paths)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(storage, "_workshop", counted)
    became = outcomes(8)
    assert most == 1 and became.count("busy") >= 1 and became.count("application/pdf") >= 2
    assert set(became) == {"busy", "application/pdf"}
    assert storage.clean(samples.note()).media_type == "application/pdf", "all turns are free again"


def test_those_who_wait_get_their_turn(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAIT", 60.0)
    settings.FILE_CLEANINGS = 2
    assert outcomes(4) == ["application/pdf"] * 4


def test_the_turns_are_those_of_all_processes_and_end_with_them(
    settings: LazySettings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT", 0.2)
    settings.FILE_CLEANINGS = 1
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder / ".turn-0")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None and other.stdout.readline() == b"held\n"
    began = time.monotonic()
    with pytest.raises(Busy):
        storage.clean(samples.note())
    assert time.monotonic() - began >= 0.2, "it waited"
    other.kill()
    other.communicate()
    assert storage.clean(samples.note()).media_type == "application/pdf"

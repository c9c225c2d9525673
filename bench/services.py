"""The throw-away database and broker of a bench, run by a process of its own: `python -m bench.services FOLDER`.

It ends and removes them when nobody holds the lease of the folder any more. The kernel releases the lease of a bench that
ends, however it ends, so that a killed bench leaves neither processes nor data behind.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from devserver.errors import LocalError
from devserver.layout import PROJECT, Layout
from devserver.locks import FileLock, lease_lock, owner_lock, read_note, write_note
from devserver.process import tail
from devserver.services import Services

PREFIX = "portal-bench-"
HALF_STARTED = 600.0  # seconds after which a folder without a lock is abandoned
READY_SECONDS, GONE_SECONDS, LOOK_EVERY = 120.0, 60.0, 0.1
WANTED = ["DATABASE_URL", "REDIS_URL"]
# Otherwise the server has its own defaults, as in docker-compose.yml.
OPTIONS = ("shared_preload_libraries=pg_stat_statements",)


class Borrowed:
    """The services of one bench, as a context manager: started for it, and gone with their data when it ends."""

    def __init__(self) -> None:
        self.layout = Layout(Path("/nowhere"))
        self.lease: FileLock | None = None
        self.keeper: subprocess.Popen[bytes] | None = None
        self.urls: dict[str, str] = {}
        self.postgres = 0

    def __enter__(self) -> Self:
        """Start the services. Raises LocalError."""
        remove_left_overs()
        self.layout = Layout(Path(tempfile.mkdtemp(prefix=PREFIX)))
        try:
            self._start()
        except BaseException:  # an interrupt too: nothing else would end what was started
            self.close()
            raise
        return self

    def _start(self) -> None:
        self.layout.create()
        self.lease = lease_lock(self.layout)
        self.lease.take(shared=True)
        log = self.layout.logs / "keeper.log"
        command = [sys.executable, "-m", "bench.services", str(self.layout.var)]
        with log.open("wb") as output:
            self.keeper = subprocess.Popen(
                command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        deadline = time.monotonic() + READY_SECONDS
        while not (note := read_note(self.layout.run / "services.json")):
            if self.keeper.poll() is not None or time.monotonic() > deadline:
                raise LocalError(tail(log, 20) or "The database of the bench does not start.")
            time.sleep(LOOK_EVERY)
        self.urls, self.postgres = note["urls"], int(note["postgres"])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the services back and return when they and their folder are gone."""
        if self.lease is not None:
            self.lease.release()
        if self.keeper is not None:
            try:
                self.keeper.wait(GONE_SECONDS)
            except subprocess.TimeoutExpired:
                self.keeper.kill()  # PostgreSQL and Valkey are tied to it
                self.keeper.wait()
        remove(self.layout)

    def is_alive(self) -> bool:
        """Return whether the services run."""
        return self.keeper is not None and self.keeper.poll() is None


def remove_left_overs() -> None:
    """Remove the folders of benches that were killed together with their keepers."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):  # another bench that starts now removed it first
            if folder.stat().st_uid == os.geteuid() and _is_over(Layout(folder)):
                remove(Layout(folder))


def _is_over(layout: Layout) -> bool:
    if (layout.run / "owner.lock").exists():
        return not owner_lock(layout).is_held_elsewhere()
    return time.time() - layout.var.stat().st_mtime > HALF_STARTED


def remove(layout: Layout) -> None:
    """Remove all files of a bench."""
    shutil.rmtree(layout.var, ignore_errors=True)
    if not layout.sockets.is_relative_to(layout.var):
        shutil.rmtree(layout.sockets, ignore_errors=True)


def keep(layout: Layout) -> None:
    """Run the services until nobody holds the lease, then stop them and remove the folder. Raises LocalError."""
    services = Services(layout, wanted=WANTED, throw_away=True, postgres_options=OPTIONS)
    with owner_lock(layout) as owner, lease_lock(layout) as lease:
        owner.take()
        try:
            services.start()
            (database,) = [child.pid for child in services.children if child.name == "postgres"]
            write_note(layout.run / "services.json", {"urls": services.urls, "postgres": database})
            while not lease.take():
                time.sleep(LOOK_EVERY)
        finally:
            services.stop()
            remove(layout)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: the bench itself ends in order and gives them back
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    try:
        keep(Layout(Path(sys.argv[1])))
    except LocalError as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(1)

"""Lets `./manage.py` use the services of a running portal, or services started for the duration of the command.

In the second case a background process (`keep`) runs the services until the last command has ended, so that a command
that ends, however it ends, never stops the database another one uses.
"""

import os
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from devserver.errors import LocalError
from devserver.layout import PROJECT, Layout
from devserver.locks import FileLock, lease_lock, owner_lock, read_note
from devserver.process import tail
from devserver.services import wanted_services
from devserver.supervisor import Supervisor

READY_SECONDS = 90.0
LOOK_EVERY = 0.05
# These commands only read and write files.
WITHOUT_SERVICES = {
    *("check", "check_translations", "diffsettings", "help", "version"),
    *("collectstatic", "findstatic", "compilemessages", "makemessages"),
    *("makemigrations", "optimizemigration", "startapp", "startproject"),
}


def needs_services(arguments: list[str]) -> bool:
    """Return whether a command line for Django needs the database."""
    command = arguments[1] if len(arguments) > 1 else "help"
    asks_for_help = bool({"-h", "--help", "--version"}.intersection(arguments))
    reads_database = command == "check" and "--database" in arguments
    return reads_database or not (asks_for_help or command.startswith("-") or command in WITHOUT_SERVICES)


def borrow(arguments: list[str]) -> FileLock | None:
    """Set the environment to use the services for a command; keep the returned lock as long as the command runs.

    Raises LocalError when the services are not available.
    """
    if os.environ.get("PRODUCTION") or not wanted_services():
        return None
    layout = Layout.from_environment()
    if not needs_services(arguments):
        # Printed by makemigrations, which compares its files with the database if it finds one.
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        _use(read_note(layout.run / "services.json"))
        return None
    layout.create()
    lease = lease_lock(layout)
    if not lease.take(shared=True, wait=READY_SECONDS):
        raise LocalError(f"The services in {layout.var} do not stop; end the processes of the last run first.")
    _use(_wait_for_services(layout))
    return lease


def _use(note: dict[str, Any]) -> None:
    """Set the variables that the settings read, and remove those that would misdirect a client of PostgreSQL."""
    urls = note.get("urls") or {}
    if "DATABASE_URL" in urls:
        for name in [name for name in os.environ if name.startswith("PG")]:
            del os.environ[name]
    for name, url in urls.items():
        os.environ.setdefault(name, url)


def _wait_for_services(layout: Layout) -> dict[str, Any]:
    """Return the note of the process that runs the services; starts one with `keep` if there is none."""
    deadline = time.monotonic() + READY_SECONDS
    keeper: subprocess.Popen[bytes] | None = None
    log = layout.logs / "keeper.log"
    while time.monotonic() < deadline:
        owned = owner_lock(layout).is_held_elsewhere()
        note = read_note(layout.run / "services.json")
        if owned and note:
            return note
        if keeper and keeper.poll():
            raise LocalError(tail(log, 20) or "The database cannot be started.")
        if not owned and (keeper is None or keeper.poll() == 0):
            keeper = _start_keeper(log)
        time.sleep(LOOK_EVERY)
    raise LocalError(f"The database does not start in time; look into {layout.logs}.")


def _start_keeper(log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "devserver", "keep"],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def keep(layout: Layout) -> int:
    """Run the services until no command holds the lease."""
    layout.create()
    with owner_lock(layout) as owner, lease_lock(layout) as lease:
        if not owner.take(wait=1.0):
            return 0  # another process was first: its services are used
        supervisor = Supervisor(layout, lambda text: print(text, file=sys.stderr, flush=True))
        supervisor.catch_signals()
        try:
            supervisor.start_services()
            supervisor.watch(is_over=lease.take)
        except KeyboardInterrupt:
            pass
        finally:
            supervisor.stop()
    return 0

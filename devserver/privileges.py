"""Commands that make a child die with its parent, and that run PostgreSQL under an account other than root."""

import functools
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from devserver.errors import LocalError

TETHER = Path(__file__).with_name("parent_death.py")
USUAL_FIRST_USER = 1000


@dataclass(frozen=True)
class Account:
    """The account PostgreSQL runs as: the prefix of its command, and the owner its files must have."""

    prefix: tuple[str, ...]
    uid: int
    gid: int
    # A change of user resets the kernel's parent-death signal, so this prefix sets it for the program itself.
    ties: bool = False

    def command(self, program: list[str], death_signal: str | None = None) -> list[str]:
        """Return the full command; with `death_signal`, it ends with this process."""
        if death_signal is None:
            return [*self.prefix, *program]
        if self.ties:
            return [*self.prefix, "--pdeathsig", death_signal, *program]
        return [*self.prefix, *tied(program, death_signal)]

    def take_over(self, folder: Path) -> None:
        """Give a folder with all its files to this account, if it has another owner (only root can and needs to)."""
        if os.geteuid() != 0 or folder.stat().st_uid == self.uid:
            return
        if self.uid != 0:
            folder.parent.chmod(0o711)  # to be traversed, not read
        for parent, _folders, files in os.walk(folder):
            for path in (parent, *(os.path.join(parent, name) for name in files)):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)


def tied(program: list[str], death_signal: str) -> list[str]:
    """Return the command that runs a program and sends it `death_signal` (INT, TERM, …) when this process dies."""
    if setpriv_ties():
        return ["setpriv", "--pdeathsig", death_signal, "--", *program]
    return [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), death_signal, *program]


@functools.cache
def setpriv_ties() -> bool:
    """Return whether `setpriv --pdeathsig` works here (util-linux 2.33 or newer)."""
    return bool(shutil.which("setpriv")) and _works(["setpriv", "--pdeathsig", "TERM", "--", "true"])


@functools.cache
def database_account() -> Account:
    """Return the account PostgreSQL can run as here; it refuses to run as root.

    Raises LocalError for root where neither user namespaces nor another account can be used.
    """
    if os.geteuid() != 0:
        return Account((), os.geteuid(), os.getegid())
    stand_in = _named_account(USUAL_FIRST_USER)
    namespace = ["unshare", "--user", f"--map-user={stand_in.pw_uid}", f"--map-group={stand_in.pw_uid}"]
    if shutil.which("unshare") and _works([*namespace, "true"]):
        # Inside, PostgreSQL sees an ordinary user; outside, its files stay root's, so a closed home folder works.
        return Account(tuple(namespace), 0, 0)
    service = _service_account()
    drop = ["setpriv", f"--reuid={service.pw_uid}", f"--regid={service.pw_gid}", "--clear-groups"]
    if setpriv_ties() and _works([*drop, "true"]):
        return Account(tuple(drop), service.pw_uid, service.pw_gid, ties=True)
    raise LocalError(
        "PostgreSQL refuses to run as root: run this as an ordinary user, or set DATABASE_URL and REDIS_URL to running servers."
    )


def _named_account(preferred: int) -> pwd.struct_passwd:
    """Return an account that is not root's and has a name (initdb needs one)."""
    accounts = [account for account in pwd.getpwall() if account.pw_uid != 0]
    if not accounts:
        raise LocalError("This system has no user but root; set DATABASE_URL and REDIS_URL to running servers.")
    return next((account for account in accounts if account.pw_uid == preferred), accounts[0])


def _service_account() -> pwd.struct_passwd:
    """Return the account for PostgreSQL: that of an installed PostgreSQL, else `nobody`."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return _named_account(USUAL_FIRST_USER)


def _works(command: list[str]) -> bool:
    """Return whether a harmless command succeeds."""
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False

"""The paths of all files of an embedded run."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from devserver.errors import LocalError

PROJECT = Path(__file__).resolve().parent.parent

# A Unix socket's path holds 104 bytes on macOS (108 on Linux), including the terminating zero.
SOCKET_PATH_LIMIT = 103
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"
# PostgreSQL takes a comma-separated list of folders and a URL is built from the path: allow plain characters only.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Layout:
    """The folders and files below one `var` folder."""

    var: Path

    @classmethod
    def from_environment(cls) -> "Layout":
        """Return the layout in PORTAL_VAR, by default `var` in the project."""
        return cls(Path(os.environ.get("PORTAL_VAR") or PROJECT / "var").absolute())

    @property
    def data(self) -> Path:
        """The folder of PostgreSQL's cluster."""
        return self.var / "postgres" / "data"

    @property
    def valkey(self) -> Path:
        """The folder of Valkey's append-only files."""
        return self.var / "valkey"

    @property
    def logs(self) -> Path:
        """The folder with one log for each child process."""
        return self.var / "log"

    @property
    def run(self) -> Path:
        """The folder of locks and of notes about running processes."""
        return self.var / "run"

    @property
    def beat_schedule(self) -> Path:
        """The file in which the scheduler stores when it last ran each task."""
        return self.var / "beat" / "schedule"

    @property
    def sockets(self) -> Path:
        """The folder of the Unix sockets, inside the temporary folder where the path would be too long."""
        here = self.var / "sockets"
        if PLAIN_PATH.fullmatch(str(here)) and len(f"{here}/{LONGEST_SOCKET_NAME}") <= SOCKET_PATH_LIMIT:
            return here
        digest = hashlib.sha256(str(self.var).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"portal-{digest}"

    @property
    def database_url(self) -> str:
        """The URL of the embedded database for its owner, for set-up and commands, as DATABASE_URL."""
        return f"postgres://portal@/{self.sockets}/portal"

    @property
    def working_database_url(self) -> str:
        """The same for the portal's working role, which can neither rewrite the audit log nor bypass row security."""
        return f"postgres://{os.environ.get('DATABASE_ROLE') or 'portal_app'}@/{self.sockets}/portal"

    @property
    def valkey_socket(self) -> Path:
        """The socket of the embedded broker and cache."""
        return self.sockets / "valkey.sock"

    def redis_url(self, database: int = 0) -> str:
        """Return the URL of the embedded broker, as REDIS_URL."""
        return f"redis+socket://{self.valkey_socket}?virtual_host={database}"

    def create(self) -> None:
        """Create the folders, each readable by their owner only."""
        folders = (self.var, self.data.parent, self.valkey, self.logs, self.run, self.beat_schedule.parent)
        for folder in folders:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        found = self.sockets.lstat()
        if self.sockets.is_symlink() or (os.geteuid() != 0 and found.st_uid != os.geteuid()):
            raise LocalError(f"{self.sockets} belongs to another user; set PORTAL_VAR and TMPDIR to folders of yours.")

"""Where things lie on disk: every path of an embedded run, in one place."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from devserver.errors import LocalError

PROJECT = Path(__file__).resolve().parent.parent

# A Unix socket's address holds 104 bytes on macOS (108 on Linux), the closing zero included.
SOCKET_PATH_LIMIT = 103
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"
# PostgreSQL takes a comma-separated list of folders and a URL is built from the path: stay with plain characters.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Layout:
    """The folders and files below one `var` folder."""

    var: Path

    @classmethod
    def from_environment(cls) -> "Layout":
        """The layout in PORTAL_VAR, by default `var` in the project."""
        return cls(Path(os.environ.get("PORTAL_VAR") or PROJECT / "var").absolute())

    @property
    def data(self) -> Path:
        """The cluster of PostgreSQL."""
        return self.var / "postgres" / "data"

    @property
    def valkey(self) -> Path:
        """The append-only files of Valkey."""
        return self.var / "valkey"

    @property
    def logs(self) -> Path:
        """One log for each child process."""
        return self.var / "log"

    @property
    def run(self) -> Path:
        """Locks and notes about what is running now."""
        return self.var / "run"

    @property
    def beat_schedule(self) -> Path:
        """Where the scheduler remembers when it last ran what."""
        return self.var / "beat" / "schedule"

    @property
    def sockets(self) -> Path:
        """The folder of the Unix sockets, moved to the temporary folder where the path would be too long."""
        here = self.var / "sockets"
        if PLAIN_PATH.fullmatch(str(here)) and len(f"{here}/{LONGEST_SOCKET_NAME}") <= SOCKET_PATH_LIMIT:
            return here
        digest = hashlib.sha256(str(self.var).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"portal-{digest}"

    @property
    def database_url(self) -> str:
        """The address of the embedded database for its owner: set-up and commands, as DATABASE_URL."""
        return f"postgres://portal@/{self.sockets}/portal"

    @property
    def working_database_url(self) -> str:
        """The same for the role the portal works as, which can neither rewrite the audit log nor pass the wall."""
        return f"postgres://{os.environ.get('DATABASE_ROLE') or 'portal_app'}@/{self.sockets}/portal"

    @property
    def valkey_socket(self) -> Path:
        """The socket of the embedded broker and cache."""
        return self.sockets / "valkey.sock"

    def redis_url(self, database: int = 0) -> str:
        """The address of the embedded broker, as REDIS_URL."""
        return f"redis+socket://{self.valkey_socket}?virtual_host={database}"

    def create(self) -> None:
        """Make the folders, each readable by their owner only."""
        folders = (self.var, self.data.parent, self.valkey, self.logs, self.run, self.beat_schedule.parent)
        for folder in folders:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        found = self.sockets.lstat()
        if self.sockets.is_symlink() or (os.geteuid() != 0 and found.st_uid != os.geteuid()):
            raise LocalError(f"{self.sockets} belongs to another user; set PORTAL_VAR and TMPDIR to folders of yours.")

"""The web servers of a bench: gunicorn with the portal's own configuration, each on a port of this machine alone."""

import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import processes, shapes
from bench.client import Unanswered, get
from devserver.errors import LocalError
from devserver.layout import PROJECT, Layout
from devserver.privileges import tied
from devserver.process import Child
from devserver.services import stop_all

READY_SECONDS, STOP_SECONDS = 60.0, 10.0
WORKERS = 2
FLOOR, ORDINARY, PORTAL = "floor", "ordinary", "portal"
OPEN, UNLOGGED = "without_row_security", "without_audit"
SITE = "bench.site.settings"


@dataclass(frozen=True)
class Kind:
    """A server: its application, what its environment says besides, and whether it works as the owner of the tables."""

    application: str
    settings: str = SITE
    owner: bool = False
    more: tuple[tuple[str, str], ...] = ()


KINDS = {
    PORTAL: Kind("portal.wsgi"),
    FLOOR: Kind("bench.floor", owner=True),
    ORDINARY: Kind("portal.wsgi", "bench.ordinary.settings", owner=True, more=(("PORTAL_ROW_SECURITY", "0"),)),
    # A superuser passes all policies, so that PostgreSQL does not even look at them.
    OPEN: Kind("portal.wsgi", owner=True, more=(("PORTAL_ROW_SECURITY", "0"),)),
    UNLOGGED: Kind("portal.wsgi", more=(("BENCH_WITHOUT", "audit"),)),
}


@dataclass
class Server:
    """A running server."""

    name: str
    port: int
    child: Child

    def workers(self) -> list[int]:
        """Return the processes that answer requests."""
        return processes.children_of(self.child.pid)

    def memory(self) -> float:
        """Return the resident memory of one worker, the mean of all, in megabytes."""
        sizes = [processes.memory(pid) for pid in self.workers()]
        return sum(sizes) / len(sizes) / 1e6 if sizes else 0.0


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Servers:
    """All servers over one database; they end with this process, however it ends."""

    def __init__(self, layout: Layout, environment: dict[str, str]) -> None:
        self.layout, self.environment = layout, environment
        self.running: dict[str, Server] = {}

    @property
    def shapes(self) -> Path:
        """The file that tells the other servers what the portal sends."""
        return self.layout.var / "shapes.json"

    def start(self, *names: str) -> None:
        """Start these servers and return when each answers. Raises LocalError."""
        for name in names:
            self.running[name] = self._begin(name, KINDS[name])
        for name in names:
            self._wait_for(self.running[name])

    def _begin(self, name: str, kind: Kind) -> Server:
        port = free_port()
        url = self.layout.database_url if kind.owner else self.layout.working_database_url
        environment = {
            **self.environment,
            "DATABASE_URL": url,
            "BENCH_DATABASE": f"host={self.layout.sockets} user=portal dbname=portal",
            shapes.FILE: str(self.shapes),
            "DJANGO_SETTINGS_MODULE": kind.settings,
            "BIND": f"127.0.0.1:{port}",
            "WEB_WORKERS": str(WORKERS),
            "WEB_GRACEFUL_SECONDS": "1",
            **dict(kind.more),
        }
        command = [sys.executable, "-m", "gunicorn", "--config", str(PROJECT / "gunicorn.conf.py")]
        command += ["--max-requests", "0", kind.application]
        log = self.layout.logs / f"{name}.log"
        child = Child(name, f"The server “{name}”", tied(command, "QUIT"), log, environment, signal.SIGTERM)
        child.start()
        return Server(name, port, child)

    def _wait_for(self, server: Server) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                get(server.port, "/health/")
            except Unanswered:
                return  # it answered, if only to say that there is no such address
            except OSError:
                if not server.child.is_running() or time.monotonic() > deadline:
                    said = server.child.last_lines(30)
                    raise LocalError(f"{server.child.title} does not start; its log ends with:\n{said}") from None
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """Stop all servers and return when they are gone."""
        stop_all([server.child for server in self.running.values()], STOP_SECONDS)
        self.running.clear()

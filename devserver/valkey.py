"""The embedded Valkey: broker and cache on a Unix socket, in the foreground, with its writes on disk."""

import socket
import time

from devserver.binaries import find_valkey
from devserver.errors import LocalError
from devserver.layout import Layout
from devserver.privileges import tied
from devserver.process import Child

START_SECONDS = 30
# Each test process uses one numbered database.
DATABASES = 64


def child(layout: Layout, environment: dict[str, str], *, throw_away: bool = False) -> Child:
    """Return Valkey as a child ready to be started.

    Raises LocalError when none fits this platform.
    """
    options = {
        "port": "0",
        "unixsocket": str(layout.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(layout.valkey),
        "appendonly": "no" if throw_away else "yes",
        "save": "",
        "databases": str(DATABASES),
        "daemonize": "no",
    }
    program = [find_valkey()]
    for name, value in options.items():
        program += [f"--{name}", value]
    return Child("valkey", "Valkey", tied(program, "TERM"), layout.logs / "valkey.log", environment)


def wait_until_ready(layout: Layout, process: Child) -> None:
    """Return once Valkey has loaded its data and answers.

    Raises LocalError when it dies or does not answer.
    """
    deadline = time.monotonic() + START_SECONDS
    while not _answers(layout):
        if not process.is_running() or time.monotonic() > deadline:
            raise LocalError(f"Valkey does not start; the end of {process.log} says:\n{process.last_lines()}")
        time.sleep(0.05)


def _answers(layout: Layout) -> bool:
    """Return whether a ping is answered; while it loads its data, Valkey answers with an error."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(2)
        try:
            link.connect(str(layout.valkey_socket))
            link.sendall(b"PING\r\n")
            return link.recv(64).startswith(b"+PONG")
        except OSError:
            return False

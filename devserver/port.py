"""The port of `make run`; run as `python -m devserver.port`, before anything is installed, it says whether it is free.

Uses the standard library only.
"""

import os
import socket
import sys

from devserver.errors import LocalError
from devserver.layout import Layout
from devserver.locks import owner_lock, read_note

DEFAULT_PORT = "8000"


def chosen_port() -> int:
    """Return the port in PORT, if it is free.

    Raises LocalError when it is not a port or is in use.
    """
    text = os.environ.get("PORT") or DEFAULT_PORT
    port = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= port <= 65535:
        raise LocalError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise LocalError(f"Port {port} is reserved for root; choose another one: PORT=8000 make run") from error
        except OSError as error:
            free = port + 1 if port < 65535 else 8000
            raise LocalError(
                f"Port {port} is taken by another program; choose another one: PORT={free} make run"
            ) from error
    return port


def refuse_a_second_run(layout: Layout) -> None:
    """Raise LocalError when the portal already runs in this folder."""
    if "address" in read_note(layout.run / "services.json"):
        with owner_lock(layout) as owner:
            if owner.is_held_elsewhere():
                raise LocalError(who_is_in_the_way(layout))


def who_is_in_the_way(layout: Layout) -> str:
    """Return a sentence about the process that uses this folder."""
    note = read_note(layout.run / "services.json")
    who = f"process {note['pid']}" if note.get("pid") else "another process"
    if "address" in note:
        return f"The portal already runs here ({who}) at {note['address']}; stop that one with Ctrl-C first."
    return f"A start or a ./manage.py command in this folder is still under way ({who}); end it, then try again."


def main() -> int:
    """Print why the portal cannot start at this port; return the exit code."""
    try:
        refuse_a_second_run(Layout.from_environment())
        chosen_port()
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

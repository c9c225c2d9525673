"""The command line: `python -m devserver run` (`make run`) or `keep` (started by `./manage.py` for itself)."""

import os
import signal
import sys
from collections.abc import Callable

INTERRUPTED = 130
# Ctrl-C while the modules are loaded: nothing has been started, so there is nothing to stop and nothing to say.
signal.signal(signal.SIGINT, lambda *_signal: os._exit(INTERRUPTED))

from devserver.errors import LocalError  # noqa: E402 (loaded under the handler above)
from devserver.layout import Layout  # noqa: E402
from devserver.lease import keep  # noqa: E402
from devserver.run import run  # noqa: E402

VERBS: dict[str, Callable[[Layout], int]] = {"run": run, "keep": keep}


def main(arguments: list[str]) -> int:
    """Run the command named by the one argument; a LocalError or a forbidden file is printed as one sentence."""
    if len(arguments) != 1 or arguments[0] not in VERBS:
        print("Usage: python -m devserver run|keep", file=sys.stderr)
        return 2
    try:
        return VERBS[arguments[0]](Layout.from_environment())
    except LocalError as error:
        print(error, file=sys.stderr)
    except PermissionError as error:
        print(
            f"{error.filename} belongs to another user; remove it or set PORTAL_VAR to a folder of yours.",
            file=sys.stderr,
        )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

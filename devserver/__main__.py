"""The command line: `python -m devserver run` (`make run`) or `keep` (started by `./manage.py` for itself)."""

import sys
from collections.abc import Callable

from devserver.errors import LocalError
from devserver.layout import Layout
from devserver.lease import keep
from devserver.run import run

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

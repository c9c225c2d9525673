#!/usr/bin/env python3
"""Django's commands: beside a running portal, or alone with a database started for the command's duration."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
ENVIRONMENT = PROJECT / ".venv"


def enter_environment() -> None:
    """Start again with the project's own Python when called with the system's."""
    python = ENVIRONMENT / "bin" / "python"
    if sys.prefix == sys.base_prefix and python.exists():
        os.execv(python, [str(python), *sys.argv])  # noqa: S606 (no shell is wanted)


def main() -> None:
    """Find the services, then do what the command line says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        # Not at the top: the system's Python, which may call this file, has none of it.
        from django.core.management import execute_from_command_line  # noqa: PLC0415 (as above)

        from devserver.errors import LocalError  # noqa: PLC0415 (as above)
        from devserver.lease import borrow  # noqa: PLC0415 (as above)
    except ImportError as error:
        sys.exit(f"The portal's libraries are missing ({error}); run `make install` first.")
    try:
        lease = borrow(sys.argv)
    except LocalError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)
    if lease:
        lease.release()


if __name__ == "__main__":
    enter_environment()
    main()

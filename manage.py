#!/usr/bin/env python3
"""Django's commands: beside a running portal, or with a database started for the command's duration."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
ENVIRONMENT = PROJECT / ".venv"


def enter_environment() -> None:
    """Restart with the project's virtual environment when called with the system's Python."""
    python = ENVIRONMENT / "bin" / "python"
    if sys.prefix == sys.base_prefix and python.exists():
        os.execv(python, [str(python), *sys.argv])  # noqa: S606 (no shell is wanted)


def main() -> None:
    """Find or start the services, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        # Not at the top: the system's Python, which may run this file, lacks these libraries.
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

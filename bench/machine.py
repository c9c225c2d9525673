"""On what a bench ran: date, processor, memory, and the versions of what was measured."""

import os
import platform
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from devserver.binaries import find_postgres

LIBRARIES = ("django", "djangorestframework", "django-guardian", "gunicorn", "celery")


def described() -> dict[str, str]:
    """Return the machine in words."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{os.cpu_count()} × {_processor()}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": str(find_postgres().version),
        **{name: version(name) for name in LIBRARIES},
    }


def load() -> float:
    """Return how many processes wanted a processor in the last minute, on the average."""
    return round(os.getloadavg()[0], 1)


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            name, _colon, value = line.partition(":")
            if name.strip() in ("model name", "Model"):
                return value.strip()
    return platform.machine()

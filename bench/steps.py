"""Runs programs of a bench one after another: each ends with it, however it ends, and its time and memory are known."""

import os
import resource
import signal
import sys
import time
from dataclasses import dataclass

from devserver.errors import LocalError
from devserver.layout import Layout
from devserver.privileges import tied
from devserver.process import Child
from devserver.services import plain_environment

STOP_SECONDS, LOOK_EVERY = 5.0, 0.05
# What a developer may have set for other purposes, and what would change the measured portal.
OTHERS = ("DEBUG", "PRODUCTION", "DJANGO_SETTINGS_MODULE", "PORT", "BIND", "SITE_URL", "LOG_LEVEL", "MAKELEVEL")
KINDS = ("PORTAL_", "BENCH_", "WEB_", "PYTEST_", "EMAIL_", "CELERY_", "MAKE")


@dataclass(frozen=True)
class Spent:
    """What a program took: seconds, seconds of CPU, and its largest memory in megabytes."""

    seconds: float
    cpu: float
    memory: float
    output: str

    def as_json(self) -> dict[str, float]:
        """Return the figures."""
        return {"seconds": round(self.seconds, 1), "cpu": round(self.cpu, 1), "memory_mb": round(self.memory)}


def environment_of(layout: Layout, urls: dict[str, str], **more: str) -> dict[str, str]:
    """Return the environment of programs that work as the owner of the tables."""
    kept = {
        name: value for name, value in plain_environment().items() if name not in OTHERS and not name.startswith(KINDS)
    }
    return {**kept, **urls, "PORTAL_VAR": str(layout.var), "PYTHONUNBUFFERED": "1", **more}


def run(layout: Layout, environment: dict[str, str], name: str, *arguments: str) -> Spent:
    """Run `python …` to its end. Raises LocalError with the end of its log when it fails."""
    log = layout.logs / f"{name}.log"
    command = tied([sys.executable, *arguments], "KILL")
    child = Child(name, name, command, log, environment, signal.SIGTERM)
    before, begun = log.stat().st_size if log.exists() else 0, time.monotonic()
    try:
        child.start()
        code, used = _wait(child)
    finally:
        child.tell_to_stop()
        child.wait_until_gone(STOP_SECONDS)
    output = log.read_bytes()[before:].decode(errors="replace")
    if code:
        raise LocalError(f"The step “{name}” failed with code {code}:\n{output[-3000:]}")
    cpu = used.ru_utime + used.ru_stime
    return Spent(time.monotonic() - begun, cpu, used.ru_maxrss / 1000, output)


def _wait(child: Child) -> tuple[int, resource.struct_rusage]:
    """Return the exit code and the resources of a child; looks again and again, so that a signal is not kept waiting."""
    while True:
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        if pid and child.process is not None:
            child.process.returncode = os.waitstatus_to_exitcode(status)
            return child.process.returncode, used
        time.sleep(LOOK_EVERY)


def manage(layout: Layout, environment: dict[str, str], *arguments: str) -> Spent:
    """Run one of Django's commands."""
    return run(layout, environment, arguments[0], "manage.py", *arguments)


def step(layout: Layout, environment: dict[str, str], module: str, *arguments: str) -> Spent:
    """Run a step of the bench with Django set up."""
    return run(layout, environment, module, "-m", "bench.step", module, *arguments)

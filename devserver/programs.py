"""The processes of the portal itself (web, worker and scheduler), and a check that the web server answers."""

import http.client
import signal
import sys
import time

from devserver.errors import LocalError
from devserver.layout import PROJECT, Layout
from devserver.privileges import tied
from devserver.process import Child

WEB_SECONDS = 60


def site_programs(layout: Layout, environment: dict[str, str], port: int) -> list[Child]:
    """Return web, worker and scheduler, ready to be started."""
    celery = [sys.executable, "-m", "celery", "--app", "portal.celery"]
    web = [sys.executable, "-m", "gunicorn", "--config", str(PROJECT / "gunicorn.conf.py"), "portal.wsgi"]
    worker = [*celery, "worker", "--include", "devserver.worker_pool", "--loglevel", "INFO", "--concurrency", "2"]
    worker += ["--without-gossip", "--without-mingle"]
    # No pid file: after a kill it would prevent the next scheduler from starting, and our lock excludes a second one.
    scheduler = [*celery, "beat", "--loglevel", "INFO", "--schedule", str(layout.beat_schedule), "--pidfile="]
    # A browser keeps its connection open; who develops does not want to wait for it.
    own = {"BIND": f"127.0.0.1:{port}", "PORT": str(port), "PYTHONUNBUFFERED": "1", "WEB_GRACEFUL_SECONDS": "1"}
    environment = {**environment, **own}
    return [
        _program(layout, environment, "web", "The web server", web, stop="TERM", death="QUIT"),
        # QUIT ends running tasks at once; they are acknowledged late, so the broker delivers them again. That needs a
        # broker: when this process is killed the broker dies as well, and the worker would wait for it in vain.
        _program(layout, environment, "worker", "The worker", worker, stop="QUIT", death="KILL"),
        _program(layout, environment, "scheduler", "The scheduler", scheduler, stop="TERM", death="KILL"),
    ]


def _program(
    layout: Layout, environment: dict[str, str], name: str, title: str, command: list[str], *, stop: str, death: str
) -> Child:
    log = layout.logs / f"{name}.log"
    return Child(name, title, tied(command, death), log, environment, signal.Signals[f"SIG{stop}"])


def wait_for_web(port: int, children: list[Child]) -> None:
    """Return once the web server answers a request.

    Raises LocalError when one of the processes dies meanwhile, or nothing answers in time.
    """
    deadline = time.monotonic() + WEB_SECONDS
    while not _web_answers(port):
        dead = next((child for child in children if not child.is_running()), None)
        if dead or time.monotonic() > deadline:
            blamed = dead or children[0]
            raise LocalError(f"{blamed.title} does not start; the end of {blamed.log} says:\n{blamed.last_lines()}")
        time.sleep(0.1)


def _web_answers(port: int) -> bool:
    """Return whether a request gets a response with any status; an error page explains itself."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        link.request("GET", "/health/", headers={"Host": "localhost"})
        link.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
    return True

"""`make run`: from an empty folder to a running portal, with a message for everything that prevents it."""

import os
import subprocess
import sys

from devserver.banner import ask_for_people, greeting, read_people
from devserver.catalogues import compile_catalogues
from devserver.errors import LocalError
from devserver.layout import Layout
from devserver.locks import owner_lock, read_note, write_note
from devserver.port import chosen_port, who_is_in_the_way
from devserver.privileges import tied
from devserver.programs import site_programs, wait_for_web
from devserver.state import NO_ADMINISTRATOR, is_set_up, remember, wanted_state
from devserver.supervisor import Supervisor

HANDOVER_SECONDS = 15.0


def say(text: str) -> None:
    """Print a text to the terminal."""
    print(text, file=sys.stderr, flush=True)


def wants_demo() -> bool:
    """Return whether an empty database gets demonstration data: yes, unless DEMO is 0."""
    return os.environ.get("DEMO", "1").strip().lower() not in {"0", "no", "off", "false"}


def run(layout: Layout) -> int:
    """Run the portal until it is stopped; return the exit code.

    Raises LocalError with the reason why it cannot run.
    """
    layout.create()
    with owner_lock(layout) as owner:
        if not owner.take(wait=0.5) and not (_is_only_a_command(layout) and owner.take(wait=HANDOVER_SECONDS)):
            raise LocalError(who_is_in_the_way(layout))
        port = chosen_port()
        supervisor = Supervisor(layout, say)
        supervisor.catch_signals()
        try:
            _start(supervisor, layout, port)
            supervisor.watch()
        except KeyboardInterrupt:
            say("\nStopping …")
        finally:
            supervisor.stop()
    return 0


def _start(supervisor: Supervisor, layout: Layout, port: int) -> None:
    """Run all steps of a start, in order."""
    address = f"http://localhost:{port}"
    compile_catalogues()
    say("Starting the database and the broker …")
    supervisor.start_services()
    environment = supervisor.services.environment()
    _prepare(layout, environment, embedded="DATABASE_URL" in supervisor.services.urls)
    say("Starting the web server, the worker and the scheduler …")
    supervisor.start(site_programs(layout, supervisor.services.working_environment(), port))
    asked = ask_for_people(environment)
    wait_for_web(port, supervisor.children)
    write_note(layout.run / "services.json", {**supervisor.note, "address": address})
    print(greeting(address, read_people(asked)), flush=True)


def _prepare(layout: Layout, environment: dict[str, str], *, embedded: bool) -> None:
    """Set the database up unless this was done for the same files; an external database is checked every time."""
    demo = wants_demo()
    wanted = wanted_state(demo=demo)
    if embedded and is_set_up(layout, wanted):
        return
    command = [sys.executable, "-m", "devserver.prepare", "demo" if demo else "clean"]
    # In this terminal and session: it may have to ask for a name and a password.
    code = subprocess.run(tied(command, "TERM"), env=environment, check=False).returncode
    if code not in {0, NO_ADMINISTRATOR}:
        raise LocalError("The portal was not started, because its database could not be set up.")
    if embedded and code == 0:
        remember(layout, wanted)


def _is_only_a_command(layout: Layout) -> bool:
    """Return whether the services run for a `./manage.py` command, which may end soon."""
    return "address" not in read_note(layout.run / "services.json")

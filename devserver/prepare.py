"""Sets the database up: tables, reference data, then demonstration data or the first administrator.

Run as `python -m devserver.prepare demo|clean` in a process of its own, so that the supervisor stays small.
Exit code 0: set up; 3: usable, but there is no administrator yet.
"""

import io
import os
import sys
import traceback
from collections.abc import Callable

import django
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, transaction

from devserver.state import NO_ADMINISTRATOR


def say(text: str) -> None:
    """Print a text to the terminal."""
    print(text, file=sys.stderr, flush=True)


def step(title: str, command: str, *arguments: str) -> None:
    """Run one management command, quietly unless it fails."""
    say(title)
    output = io.StringIO()
    try:
        call_command(command, *arguments, stdout=output, stderr=output)
    except Exception:  # of any kind: the command's output so far is shown, and the error propagates
        say(output.getvalue().rstrip())
        raise


def set_up(*, demo: bool) -> int:
    """Run all steps in order; return the exit code."""
    step("Bringing the tables up to date …", "migrate", "--noinput")
    _if_there("load_reference", lambda: step("Loading the reference data …", "load_reference"))
    if not demo:
        return 0 if _ensure_administrator() else NO_ADMINISTRATOR
    with transaction.atomic():  # an incomplete demonstration would look like a database in use at the next start
        if not get_user_model().objects.exists():
            _if_there("load_demo", lambda: step("Loading the demonstration data …", "load_demo"))
    return 0


def _if_there(command: str, run: Callable[[], None]) -> None:
    """Run the command if it exists; a checkout from before it was added is set up without it."""
    if command in get_commands():
        run()


def _ensure_administrator() -> bool:
    """Make sure that somebody can sign in as administrator; return False when nobody can be asked."""
    if get_user_model().objects.filter(is_superuser=True).exists():
        return True
    if os.environ.get("DJANGO_SUPERUSER_EMAIL") and os.environ.get("DJANGO_SUPERUSER_PASSWORD"):
        for field in get_user_model().REQUIRED_FIELDS:
            os.environ.setdefault(f"DJANGO_SUPERUSER_{field.upper()}", os.environ["DJANGO_SUPERUSER_EMAIL"])
        step("Making the first administrator …", "createsuperuser", "--noinput")
    elif sys.stdin.isatty():
        say("This site has no administrator yet. Who shall be the first?")
        call_command("createsuperuser")
    else:
        say(
            "There is no administrator yet and nobody to ask: run `./manage.py createsuperuser` in a terminal, "
            "or start with DJANGO_SUPERUSER_EMAIL and DJANGO_SUPERUSER_PASSWORD set."
        )
        return False
    _if_there("first_coordinator", lambda: say("Next, appoint the coordinators: ./manage.py first_coordinator --help"))
    return True


def main(mode: str) -> int:
    """Set up, and print errors as sentences; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    try:
        return set_up(demo=mode == "demo")
    except KeyboardInterrupt:
        return 130
    except (CommandError, DatabaseError) as error:
        say(f"The database cannot be set up: {error}")
        return 1
    except Exception:  # noqa: BLE001 (a fault of ours: the person gets a sentence, the developer the trace above it)
        traceback.print_exc()
        say("The database cannot be set up; the lines above say where it failed.")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""Acts at the same time, for tests of what happens when people decide at once."""

import threading
from collections.abc import Callable

from django.db import connection

from web.exceptions import DomainError


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run these functions at the same time; return the names of the refusals, "" for one that succeeded."""
    barrier, found = threading.Barrier(len(acts)), ["no answer"] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            found[number] = ""
        except DomainError as error:
            found[number] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert "no answer" not in found, found
    return found

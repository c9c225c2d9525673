"""Runs the portal on one machine: starts services, web, worker and scheduler, restarts them, and ends them."""

import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from devserver.errors import LocalError
from devserver.layout import Layout
from devserver.locks import write_note
from devserver.logs import ErrorFollower
from devserver.process import Child, end_group
from devserver.services import STOP_SECONDS, Services, stop_all

LOOK_EVERY = 0.25
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 16.0
GIVE_UP_AFTER = 5
GIVE_UP_WITHIN = 120.0


class Restarts:
    """When a child that died may be restarted, and when to give up."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.deaths: list[float] = []
        self.due: float | None = None

    def note_death(self) -> bool:
        """Count a death and schedule the restart; return False after too many."""
        now = self.clock()
        self.deaths = [*(death for death in self.deaths if now - death < GIVE_UP_WITHIN), now]
        self.due = now + min(FIRST_PAUSE * 2 ** (len(self.deaths) - 1), LONGEST_PAUSE)
        return len(self.deaths) < GIVE_UP_AFTER

    def is_due(self) -> bool:
        """Return whether the delay is over."""
        return self.due is not None and self.clock() >= self.due


class Supervisor:
    """Owns the services of one folder, and the processes of the portal if `port` is given."""

    def __init__(self, layout: Layout, say: Callable[[str], None]) -> None:
        self.layout = layout
        self.say = say
        self.services = Services(layout)
        self.children: list[Child] = []
        self.restarts: dict[str, Restarts] = {}
        self.stopping = False
        # `make`, the parent, may be killed alone: then nobody is left to press Ctrl-C.
        self.make_pid = os.getppid() if os.environ.get("MAKELEVEL") else None

    @property
    def note(self) -> dict[str, object]:
        """Return what other commands need to find the services."""
        return {"pid": os.getpid(), "urls": self.services.urls}

    def catch_signals(self) -> None:
        """Handle signals: the first ends in order, a second at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.stopping:
            for child in [*self.children, *self.services.children]:
                end_group(child.pid)
            os._exit(1)
        self.stopping = True
        raise KeyboardInterrupt

    def start_services(self) -> None:
        """Start the services and write the note that other commands read."""
        self.services.start()
        self._supervise(self.services.children)
        write_note(self.layout.run / "services.json", self.note)

    def start(self, children: list[Child]) -> None:
        """Start processes of the portal."""
        for child in children:
            child.start()
        self.children += children
        self._supervise(children)
        self.services.note_children([*self.services.children, *self.children])

    def _supervise(self, children: list[Child]) -> None:
        self.restarts |= {child.name: Restarts() for child in children}

    def watch(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Restart children that die and show errors from the logs; return when `is_over`.

        Raises LocalError when a child keeps dying.
        """
        follower = ErrorFollower({child.title: child.log for child in self.children})
        while not is_over() and not self._lost_make():
            for child in [*self.services.children, *self.children]:
                self._look_after(child)
            for line in follower.new_errors():
                self.say(line)
            time.sleep(LOOK_EVERY)

    def _lost_make(self) -> bool:
        return self.make_pid is not None and os.getppid() != self.make_pid

    def _look_after(self, child: Child) -> None:
        """Restart a dead child, after a delay that grows."""
        restarts = self.restarts[child.name]
        if child.is_running():
            return
        if restarts.due is None:
            child.wait_until_gone(0)
            if not restarts.note_death():
                raise LocalError(
                    f"{child.title} died {GIVE_UP_AFTER} times; {child.log} ends with:\n{child.last_lines()}"
                )
            self.say(f"{child.title} died and is started again; see {child.log}.")
        elif restarts.is_due():
            restarts.due = None
            child.start()
            self.services.note_children([*self.services.children, *self.children])

    def stop(self) -> None:
        """Stop the portal's processes first, then the services they use."""
        self.stopping = True
        (self.layout.run / "services.json").unlink(missing_ok=True)
        stop_all(self.children, STOP_SECONDS)
        self.services.stop()
        (self.layout.run / "children.json").unlink(missing_ok=True)

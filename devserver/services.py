"""PostgreSQL and Valkey: which of them are needed, their URLs, starting and stopping."""

import os
from collections.abc import Sequence

from devserver import postgres, valkey
from devserver.layout import Layout
from devserver.locks import read_note, write_note
from devserver.process import Child, end_orphans, identity

STOP_SECONDS = 10


def wanted_services() -> list[str]:
    """Return the variables that are not set: these services must be embedded."""
    return [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]


def plain_environment() -> dict[str, str]:
    """Return this environment without the variables that would misdirect a client of PostgreSQL."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


class Services:
    """The embedded servers of one folder; the caller holds that folder's owner lock."""

    def __init__(
        self,
        layout: Layout,
        *,
        wanted: list[str] | None = None,
        throw_away: bool = False,
        postgres_options: Sequence[str] = (),
    ) -> None:
        self.layout = layout
        self.postgres_options = postgres_options
        self.wanted = wanted_services() if wanted is None else wanted
        self.throw_away = throw_away
        self.children: list[Child] = []
        self.urls: dict[str, str] = {}

    def start(self) -> None:
        """Start the services and return when they answer; on any failure nothing is left running.

        Raises LocalError with a message for the user.
        """
        layout, wanted, environment = self.layout, self.wanted, plain_environment()
        end_orphans(read_note(layout.run / "children.json"))
        try:
            if "DATABASE_URL" in wanted:
                options = self.postgres_options
                self._start(postgres.child(layout, environment, throw_away=self.throw_away, more=options))
                self.urls["DATABASE_URL"] = layout.database_url
            if "REDIS_URL" in wanted:
                self._start(valkey.child(layout, environment, throw_away=self.throw_away))
                self.urls["REDIS_URL"] = layout.redis_url()
            self.note_children(self.children)
            for child in self.children:
                module = postgres if child.name == "postgres" else valkey
                module.wait_until_ready(layout, child)
        except BaseException:  # an interrupt too: no other process knows these children yet
            self.stop()
            raise

    def _start(self, child: Child) -> None:
        child.start()
        self.children.append(child)

    def note_children(self, children: list[Child]) -> None:
        """Write down the started processes, in case this one is killed where the kernel does not end them too."""
        note = {str(child.pid): identity(child.pid) for child in children if child.pid}
        write_note(self.layout.run / "children.json", note)

    def stop(self) -> None:
        """Stop both services and return when they are gone."""
        stop_all(list(reversed(self.children)), STOP_SECONDS)
        self.children.clear()

    def environment(self) -> dict[str, str]:
        """Return what a set-up or a command needs to find the services, as owner of the tables."""
        return {**plain_environment(), **self.urls, "PORTAL_VAR": str(self.layout.var)}

    def working_environment(self) -> dict[str, str]:
        """Return what web, worker and scheduler need: the same, but with the working role in the embedded database."""
        working = {"DATABASE_URL": self.layout.working_database_url} if "DATABASE_URL" in self.urls else {}
        return {**self.environment(), **working}


def stop_all(children: list[Child], seconds: float) -> None:
    """Signal all children to stop, then wait for each; kill those that do not end in time."""
    for child in children:
        child.tell_to_stop()
    for child in children:
        child.wait_until_gone(seconds)

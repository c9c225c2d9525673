"""The made-up data of a bench: an empty database of its own, migrated and filled by the portal's own commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import shapes, steps
from bench.operations import Portal
from bench.servers import FLOOR, OPEN, ORDINARY, PORTAL, UNLOGGED, Servers
from bench.services import Borrowed
from bench.world import World

ORGANISATIONS, PEOPLE = 250, 2_000
# As in production, apart from what a bench has no keys for.
AS_PRODUCTION = {"DEMO": "0", "SECOND_FACTOR_REQUIRED": "0"}


class Site:
    """A loaded database with its servers; `environment` is that of programs that work as the owner of the tables."""

    def __init__(self, services: Borrowed, say: Callable[[str], None]) -> None:
        self.services, self.layout, self.say, self.needs = services, services.layout, say, 0
        self.environment = steps.environment_of(self.layout, services.urls)
        working = {"DATABASE_URL": self.layout.working_database_url}
        self.working = {**self.environment, **working, **AS_PRODUCTION}
        self.servers = Servers(self.layout, {**self.environment, **AS_PRODUCTION})

    def load(self, needs: int) -> dict[str, Any]:
        """Make the tables and fill them; return what it took. Raises LocalError."""
        self.needs = needs
        steps.manage(self.layout, self.environment, "migrate", "--verbosity", "0")
        steps.manage(self.layout, self.environment, "load_reference")
        sizes = {"needs": needs, "projects": needs // 2, "organisations": ORGANISATIONS, "people": PEOPLE}
        given = [f"--{name}={number}" for name, number in sizes.items()]
        spent = steps.manage(self.layout, self.environment, "load_scale", *given)
        self.say(f"  loaded in {spent.seconds:.0f} s")
        return {**spent.as_json(), "said": spent.output.splitlines()}

    def readers(self, people: int) -> Path:
        """Choose the readers; return the file that names them. Raises LocalError."""
        file = self.layout.var / "world.json"
        steps.step(self.layout, self.environment, "readers", str(file), str(people))
        return file

    def open(self, people: int) -> World:
        """Choose the readers and start all servers; return the readers. Raises LocalError, Differs."""
        world = World.read(self.readers(people))
        self.servers.start(PORTAL)
        found = self.portal().shapes([*world.readers.values(), *world.people])
        shapes.write(self.servers.shapes, found)
        self.servers.start(FLOOR, ORDINARY, OPEN, UNLOGGED)
        return world

    def portal(self) -> Portal:
        """Return the portal, to be asked."""
        running = self.servers.running
        return Portal(running[PORTAL], running.get(FLOOR))

"""The run of a bench: data of each size, servers, measurements, and the end of everything it started."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from bench import load, operations, reading
from bench.data import Site
from bench.keeper import Borrowed
from bench.operations import Operation, Portal
from bench.plan import Plan
from bench.servers import FLOOR, OPEN, ORDINARY, PORTAL, UNLOGGED
from bench.world import World

BESIDE = {"list", "detail"}  # what is measured without row-level security and without the audit, too
LOOK_EVERY = 0.5


def say(text: str) -> None:
    """Report progress to the terminal; the figures alone go to the output."""
    print(text, file=sys.stderr, flush=True)


# ── The end ──────────────────────────────────────────────────────────────────
def catch_signals() -> None:
    """End in order at the first signal, and at once at a second one: then the kernel ends what was started."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)
    if os.environ.get("MAKELEVEL"):
        threading.Thread(target=_watch_parent, args=(os.getppid(),), daemon=True).start()


_stopping = threading.Event()


def _on_signal(number: int, _frame: FrameType | None) -> None:
    if _stopping.is_set():
        os._exit(1)
    _stopping.set()
    raise KeyboardInterrupt


def _watch_parent(parent: int) -> None:
    """End when make, which started this process, is gone: nobody is left to press Ctrl-C."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def site_of(needs: int) -> Iterator[Site]:
    """Yield a database with so many needs; afterwards nothing of it is left."""
    with Borrowed() as services:
        site = Site(services, say)
        try:
            say(f"== {needs:,} needs: loading")
            site.load(needs)
            yield site
        finally:
            site.servers.stop()


# ── Measurements ─────────────────────────────────────────────────────────────
def measure(site: Site, plan: Plan) -> dict[str, Any]:
    """Return all figures of one size."""
    say("== readers and servers")
    world = site.open(plan.people)
    running = site.servers.running
    portal = site.portal()
    reading.warm(running.values(), operations.first(world.readers["cted"]))
    found: dict[str, Any] = {"reads": measured_reads(site, plan, world, portal)}
    say("== people")
    several = {name: running[name] for name in (FLOOR, PORTAL)}
    lists = people_of(world, portal)
    found["people"] = reading.spread(several, lists, plan.rounds)
    say("== mixed load")
    three = [running[name] for name in (FLOOR, ORDINARY, PORTAL)]
    found["mixed"] = load.mixed(three, mix(world, portal, lists), plan.rounds, plan.load_seconds)
    found["memory_mb"] = {name: round(server.memory()) for name, server in running.items()}
    return found


def measured_reads(site: Site, plan: Plan, world: World, portal: Portal) -> dict[str, Any]:
    """Return the figures of single reads, of whose rows all servers agree."""
    say("== reads")
    reads = reading.Reads(site.servers.running, site.services.postgres, say)
    theme = operations.themes(portal, world)
    wanted: list[Operation] = []
    for reader in world.readers.values():
        wanted += [without_variants(one) for one in operations.reads(portal, reader, theme)]
        wanted += operations.pages(portal, reader)
    for kind in ("entity", "state"):
        wanted += [without_variants(operations.search(world.readers[kind], term)) for term in world.terms]
    checked = reads.check(wanted)
    say(f"  {len(checked)} operations show the same rows on all servers")
    reads.measure(checked, plan.rounds, plan.seconds)
    names = {reader.name: kind for kind, reader in world.readers.items()}
    found = reads.as_json()
    return {one: {names[name]: cell for name, cell in each.items()} for one, each in found.items()}


def without_variants(operation: Operation) -> Operation:
    """Return the operation, for the portal as it ships alone where the cost of a part is not asked for."""
    if operation.name in BESIDE:
        return operation
    kept = {name: raw for name, raw in operation.requests.items() if name not in (OPEN, UNLOGGED)}
    return Operation(operation.name, operation.reader, operation.kind, kept)


def people_of(world: World, portal: Portal) -> list[Operation]:
    """Return the first page for each of the other people who sees any need."""
    return [
        operations.first(reader)
        for reader in world.people
        if portal.json(f"{operations.API}/needs/?page_size=1", reader)["results"]
    ]


def mix(world: World, portal: Portal, lists: list[Operation]) -> list[Operation]:
    """Return the mix of the load."""
    by_name = {reader.name: reader for reader in world.people}
    readers = [by_name[one.reader] for one in lists][:40]
    theme = operations.themes(portal, world)
    far = [one for reader in readers if (one := operations.second(portal, reader))]
    rare = [term for term in world.terms if term.kind == "rare"]
    others: list[Operation] = []
    for number, reader in enumerate(readers):
        others += [
            operations.filtered(reader, theme),
            operations.detail(portal, reader),
            operations.filtered(reader, theme),
            operations.search(reader, rare[number % len(rare)]),
        ]
    return load.mix(lists, far, others)

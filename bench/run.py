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

from bench import load, operations, reading, steps, writing
from bench.data import Site
from bench.operations import Operation, Portal
from bench.plan import Plan
from bench.servers import FLOOR, OPEN, ORDINARY, PORTAL, UNLOGGED
from bench.services import Borrowed
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
def empty_site() -> Iterator[Site]:
    """Yield an empty database; afterwards nothing of it and of its servers is left."""
    with Borrowed() as services:
        site = Site(services, say)
        try:
            yield site
        finally:
            site.servers.stop()


@contextmanager
def site_of(needs: int) -> Iterator[Site]:
    """Yield a database with so many needs; afterwards nothing of it is left."""
    with empty_site() as site:
        say(f"== {needs:,} needs: loading")
        site.load(needs)
        yield site


# ── Measurements ─────────────────────────────────────────────────────────────
def measure(site: Site, plan: Plan, only: str = "", *, explained: bool = False) -> dict[str, Any]:
    """Return all figures of one size; or only those of `reads` or `writes`; `explained`, also plans and profiles."""
    found: dict[str, Any] = {}
    if only in ("", "reads"):
        found = reads_of(site, plan)
        site.servers.stop()
    if explained:
        found["plans"] = plans_of(site)
    if only in ("", "writes"):
        found["writes"] = writing.measure(site, plan)
    return found


def reads_of(site: Site, plan: Plan) -> dict[str, Any]:
    """Return the figures of all reads, and leave the servers running."""
    say("== readers and servers")
    world = site.open(plan.people)
    running, portal = site.servers.running, site.portal()
    reading.warm(running.values(), operations.first(world.readers["cted"]))
    found: dict[str, Any] = {"reads": measured_reads(site, plan, world, portal)}
    say("== people")
    lists = [operations.first(reader) for reader in world.people]
    found["people"] = reading.spread({name: running[name] for name in (FLOOR, PORTAL)}, lists, plan.rounds)
    say("== mixed load")
    three = [running[name] for name in (FLOOR, ORDINARY, PORTAL)]
    found["mixed"] = load.mixed(three, mix(world, portal, lists), plan.rounds, plan.load_seconds)
    found["memory_mb"] = {name: round(server.memory()) for name, server in running.items()}
    return found


def plans_of(site: Site) -> str:
    """Return the document about plans and profiles."""
    say("== plans and profiles")
    world, document = site.readers(1), site.layout.var / "plans.md"
    steps.step(site.layout, {**site.working, "PORTAL_ROW_SECURITY": "1"}, "plans", str(world), str(document))
    return document.read_text()


def measured_reads(site: Site, plan: Plan, world: World, portal: Portal) -> dict[str, Any]:
    """Return the figures of single reads, of whose rows all servers agree."""
    say("== reads")
    reads = reading.Reads(site.servers.running, site.services.postgres, say)
    theme = operations.themes(portal, world)
    wanted: list[Operation] = []
    for kind, reader in world.readers.items():
        own = [*operations.reads(portal, reader, theme)]
        own += [operations.search(reader, term) for term in world.terms if kind in plan.searching]
        beside = BESIDE if kind in plan.beside else set()
        wanted += [one if one.name in beside else without_variants(one) for one in own]
        wanted += operations.pages(portal, reader) if kind in plan.opening else ()
    checked = reads.check(wanted)
    say(f"  {len(checked)} operations show the same rows on all servers")
    reads.measure(checked, plan.rounds, plan.seconds)
    names = {reader.name: kind for kind, reader in world.readers.items()}
    found = reads.as_json()
    return {one: {names[name]: cell for name, cell in each.items()} for one, each in found.items()}


def without_variants(operation: Operation) -> Operation:
    """Return the operation for the portal as it ships, without those servers that leave out one of its parts."""
    kept = {name: raw for name, raw in operation.requests.items() if name not in (OPEN, UNLOGGED)}
    return Operation(operation.name, operation.reader, operation.kind, kept)


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

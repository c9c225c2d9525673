"""Measures what writes: releases and withdrawals, mails, an import, and the checks of the audit log and of the grants."""

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2

from accounts.tests.smtp import Sink
from bench import iati, steps
from bench.data import Site
from bench.plan import Plan
from devserver.process import Child
from devserver.programs import site_programs
from devserver.services import stop_all

STOP_SECONDS, PAUSE = 10.0, 0.02
FEWEST = 10  # needs of a release from which that of more is computed
SUPPOSED = (
    4  # a release of many needs takes less for each than one of few: how many times the patience it may seem to take
)


@contextmanager
def workers(site: Site) -> Iterator[list[Child]]:
    """Yield the worker, with two processes, and the scheduler, as `make run` starts them; they send to a mail server here."""
    with Sink() as sink:
        environment = {**site.working, "PORTAL_ROW_SECURITY": "0", "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
        _web, *children = site_programs(site.layout, environment, 0)
        try:
            for child in children:
                child.start()
            yield children
        finally:
            stop_all(children, STOP_SECONDS)


def measure(site: Site, plan: Plan) -> dict[str, Any]:
    """Return the figures of everything that writes."""
    lines = site.needs * plan.lines_of_a_need
    with workers(site):
        site.say("== releases")
        found: dict[str, Any] = {"releases": releases(site, plan)}
        site.say("== mails")
        file = site.layout.var / "mails.json"
        steps.step(site.layout, site.environment, "mailing", str(file), str(plan.mails), str(plan.patience))
        found["mail"] = json.loads(file.read_text())
    site.say("== import, audit log, grants")
    activities = str(iati.write(site.layout.var / "activities.xml", plan.activities))
    found["import"] = steps.manage(site.layout, site.environment, "import_iati", activities).as_json()
    steps.step(site.layout, site.environment, "audit_lines", str(lines))
    found["verify_audit"] = steps.manage(site.layout, site.environment, "verify_audit").as_json()
    found["verify_audit"]["lines"] = lines
    with Writer(site) as writer:
        found["rebuild_grants"] = steps.manage(site.layout, site.environment, "rebuild_grants", "--check").as_json()
    found["rebuild_grants"]["longest_wait_of_a_writer_ms"] = round(1000 * writer.longest, 1)
    return found


def releases(site: Site, plan: Plan) -> dict[str, Any]:
    """Return the figures of releasing and withdrawing each number of needs.

    Where it would take longer than the plan allows, fewer are released and the rest is computed from them.
    """
    file = site.layout.var / "agreed.json"
    steps.step(site.layout, site.environment, "agreed", str(file), str(sum(plan.released)))
    found: dict[str, Any] = {}
    first, each = 0, 0.0  # seconds for each need, as known so far
    for number in plan.released:
        now = min(number, max(FEWEST, int(SUPPOSED * plan.patience / each))) if each else number
        web = {**site.working, "PORTAL_ROW_SECURITY": "1"}
        steps.step(site.layout, web, "releasing", str(file), str(first), str(now), str(plan.patience))
        done = json.loads(file.with_suffix(".done").read_text())
        found[str(number)] = scaled(done, number)
        first, each = first + now, done["release"]["seconds"] / now
        site.say(f"  {number:,}: {found[str(number)]}")
    return found


def scaled(done: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the figures of a release for so many needs, the seconds computed in proportion where fewer were released."""
    times = number / done["needs"]
    if times > 1:
        for act in ("release", "withdrawal"):
            done[act]["seconds"] = round(done[act]["seconds"] * times, 1)
    return {**done, "computed_from": done["needs"] if times > 1 else None}


class Writer:
    """Writes one need after another beside a command, and notes the longest time it had to wait for one."""

    def __init__(self, site: Site) -> None:
        self.link = psycopg2.connect(host=str(site.layout.sockets), user="portal", dbname="portal")
        self.link.autocommit = True
        self.longest, self.over = 0.0, threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> "Writer":
        self.thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.over.set()
        self.thread.join()
        self.link.close()

    def _work(self) -> None:
        chance = random.Random(1)  # noqa: S311 (which need does not matter)
        with self.link.cursor() as cursor:
            cursor.execute("SELECT id FROM assistance_need ORDER BY id LIMIT 5000")
            keys = [key for (key,) in cursor.fetchall()]
            while not self.over.wait(PAUSE):
                begun = time.monotonic()
                cursor.execute("UPDATE assistance_need SET target = target WHERE id = %s", [chance.choice(keys)])
                self.longest = max(self.longest, time.monotonic() - begun)

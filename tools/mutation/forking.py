"""A pytest plugin that runs the given tests once unchanged, then once for each mutant, each time in a fork."""

import importlib
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

from devserver.layout import PROJECT
from tools.mutation.mutants import Mutant, mutants, unchanged
from tools.mutation.reach import Reach

AT_LEAST = 120  # minimum seconds given to a mutant, however fast the tests are
SEVERAL = 5  # multiple of the unchanged tests' time after which a mutant counts as killed by a time-out


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run the plan in PORTAL_MUTANTS and report for each number whether the mutant was killed.

    Fails when a test fails unchanged, or with the unchanged source put in place as a mutant would be.
    """
    plan = json.loads(os.environ["PORTAL_MUTANTS"])
    reach = Reach(PROJECT / plan["path"])
    took: dict[pytest.Item, float] = {}
    with reach.measured(session.config):
        failed = first_failure(session.items, took)
    if failed is not None:
        session.testsfailed = 1
        return True
    known = list(mutants(PROJECT, plan["path"]))
    trial = Trial(session.items, reach, took)
    nothing = unchanged(PROJECT, plan["path"])
    if in_a_fork(session.items, trial.patience, nothing)[0]:
        print("A mutant that changes nothing is killed: putting mutants in their place breaks the tests.")
        session.testsfailed = 1
        return True
    for number in plan["numbers"]:
        begun = time.monotonic()
        word, by = trial.fate(known[number])
        print(f"\n{word} {number}", flush=True)
        seconds = f"{time.monotonic() - begun:.0f} s"
        print(f"{word} in {seconds}: {known[number].name} [{by}]", file=sys.stderr, flush=True)
    return True


class Pause(pytest.Item):
    """A dummy next item for the last test of a run, so that only session fixtures are kept."""

    def runtest(self) -> None:
        """Do nothing: it is never run."""


def first_failure(items: Sequence[pytest.Item], took: dict[pytest.Item, float] | None = None) -> int | None:
    """Run tests up to the first that fails and return its index; `took` collects how many seconds each took."""
    pause = Pause.from_parent(items[0].session, name="pause")
    for item, following in zip(items, [*items[1:], pause], strict=True):
        reports = runtestprotocol(item, log=False, nextitem=following)
        if took is not None:
            took[item] = sum(report.duration for report in reports)
        if any(report.failed for report in reports):
            print(*(report.longreprtext for report in reports if report.failed), sep="\n")
            return items.index(item)
    return None


@dataclass
class Trial:
    """Runs mutants against tests, first those that have killed most mutants per second, then the others in order."""

    items: list[pytest.Item]
    reach: Reach
    took: dict[pytest.Item, float]  # seconds
    kills: Counter[pytest.Item] = field(default_factory=Counter)
    stands_alone: dict[pytest.Item, bool] = field(default_factory=dict)

    @property
    def patience(self) -> int:
        """The seconds after which a mutant counts as killed by a time-out."""
        return max(AT_LEAST, SEVERAL * int(sum(self.took.values())))

    def fate(self, mutant: Mutant) -> tuple[str, str]:
        """Return "survived" when all tests that reach the mutant pass with it, else "killed"; and by which test."""
        asked = self.reach.tests_of(mutant, self.items)
        asked.sort(key=lambda item: -self.kills[item] / self.took[item])
        while asked:
            killed, killer = in_a_fork(asked, self.patience, mutant)
            if killer is None:
                return ("killed", "the clock") if killed else ("survived", f"{len(asked)} tests")
            if self.passes_alone(killer):
                self.kills[killer] += 1
                return "killed", killer.nodeid
            asked.remove(killer)
        return "survived", "no test comes to it"

    def passes_alone(self, item: pytest.Item) -> bool:
        """Return whether a test passes unchanged when no other ran before; only then its failure counts."""
        if item not in self.stands_alone:
            self.stands_alone[item] = not in_a_fork([item], self.patience)[0]
        return self.stands_alone[item]


def in_a_fork(items: list[pytest.Item], patience: int, mutant: Mutant | None = None) -> tuple[bool, pytest.Item | None]:
    """Run tests in a process of their own; return whether that failed, and by which test, None after a time-out."""
    connections.close_all()  # a child must not use its parent's connection
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(patience)
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            if mutant:
                put(mutant)
            place = first_failure(items)
            os.write(write, b"" if place is None else str(place).encode())
            code = 0 if place is None else 1
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        by = told.read()
    _pid, status = os.waitpid(child, 0)
    return status != 0, items[int(by)] if by else None


# ── Replacing the original by a mutant ──────────────────────────────────────
def put(mutant: Mutant) -> None:
    """Make a loaded module behave as the mutant's source, wherever its functions and values are already imported."""
    module = importlib.import_module(mutant.path.removesuffix(".py").replace("/", "."))
    changed = ModuleType(module.__name__)
    changed.__file__ = module.__file__
    sys.modules[module.__name__] = changed  # dataclasses look up their module while they are created
    try:
        exec(compile(mutant.source, mutant.path, "exec"), vars(changed))  # noqa: S102 (our own source, one node changed)
    finally:
        sys.modules[module.__name__] = module
    for name, new in vars(changed).items():
        if not name.startswith("__"):
            replace(module, name, new)


def replace(module: ModuleType, name: str, new: Any) -> None:
    """Give a function or class of the module new code; replace another value wherever the old one is imported."""
    old = vars(module).get(name)
    if old is new:  # imported from elsewhere
        return
    if code_of(old) and code_of(new):
        swap(code_of(old), code_of(new))
    elif isinstance(old, type) and old.__module__ == module.__name__ and not issubclass(old, Enum):
        replace_class(old, new)
    elif isinstance(old, dict):
        old.clear()
        old.update({key: vars(module).get(getattr(value, "__name__", ""), value) for key, value in new.items()})
    elif isinstance(old, tuple | list | str | int) and old != new:
        replace_value(name, old, new)


def replace_class(old: type, new: type) -> None:
    """Give the methods of a class new code, and the class the new plain values."""
    for attribute, value in vars(new).items():
        if code_of(value):
            swap(code_of(vars(old)[attribute]), code_of(value))
        elif isinstance(value, bool | int | str) and not attribute.startswith("__"):
            setattr(old, attribute, value)


def replace_value(name: str, old: Any, new: Any) -> None:
    """Replace the old value in every module that imported it under its name."""
    for module in [one for one in sys.modules.values() if isinstance(one, ModuleType)]:
        if vars(module).get(name) is old:
            setattr(module, name, new)


def code_of(value: Any) -> FunctionType | None:
    """Return the function behind a function, method, property or cached property, or None."""
    inner = getattr(value, "__wrapped__", None) or getattr(value, "fget", None) or getattr(value, "func", None) or value
    return inner if isinstance(inner, FunctionType) else None


def swap(old: FunctionType | None, new: FunctionType | None) -> None:
    """Give a function the code of another of the same module; references to the function stay valid."""
    if old is not None and new is not None and old.__module__ == new.__module__:
        old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__

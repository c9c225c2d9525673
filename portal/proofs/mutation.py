"""Changes the rules of access one at a time and says which change no test notices: ``python -m portal.proofs.mutation``.

Survivors must be explained in docs/proofs/mutation.md; one that is not, or an explanation of a mutant that is killed
by now, fails the run. Every mutant runs against PostgreSQL, in a copy of the project.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from portal.local.layout import PROJECT, Layout
from portal.local.services import Services
from portal.proofs.mutants import Mutant, mutants

LIST = PROJECT / "docs" / "proofs" / "mutation.md"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "node_modules")
# Module → the tests that hold it, those that fail soonest first.
TARGETS = {
    "assistance/policy.py": (
        "assistance/tests/test_policy.py",
        "assistance/tests/test_transitions.py",
        "assistance/tests/test_reviewed.py",
        "assistance/tests/test_policy_model.py",
    ),
    "assistance/grants.py": (
        "assistance/tests/test_policy.py",
        "assistance/tests/test_rebuild_grants.py",
        "assistance/tests/test_consents_kept.py",
        "assistance/tests/test_policy_model.py",
    ),
    "entities/actors.py": (
        "entities/tests/test_actors.py",
        "assistance/tests/test_policy.py",
        "assistance/tests/test_policy_model.py",
    ),
}
PYTEST = ("-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", "--no-header", "--reuse-db")
AT_LEAST = 120.0  # seconds given to a mutant, however fast the tests are
SEVERAL = 6  # times what the tests take unchanged, before a mutant counts as caught in a loop


@dataclass(frozen=True)
class Result:
    """What became of one mutant."""

    mutant: Mutant
    survived: bool
    seconds: float


class Bench:
    """A copy of the project with a database server of its own, where mutants are tried one after another."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        shutil.copytree(PROJECT, self.project, ignore=LEFT_OUT)
        self.layout = Layout(folder / "var")
        self.layout.create()
        self.services = Services(self.layout, wanted=["DATABASE_URL", "REDIS_URL"], throw_away=True)
        self.services.start()
        self.patience: dict[str, float] = {}

    def prepare(self, paths: Sequence[str]) -> None:
        """Run the tests unchanged once: they make the database, and must pass. Raises SystemExit when they do not."""
        for path in paths:
            begun = time.monotonic()
            if not self._passes(path, None):
                raise SystemExit(f"The tests of {path} fail before anything is changed.")
            self.patience[path] = max(AT_LEAST, SEVERAL * (time.monotonic() - begun))

    def attempt(self, mutant: Mutant) -> Result:
        """Return what the tests of a module say to a mutant of it."""
        begun, target = time.monotonic(), self.project / mutant.path
        original = target.read_text(encoding="utf-8")
        target.write_text(mutant.source, encoding="utf-8")
        try:
            survived = self._passes(mutant.path, self.patience[mutant.path])
        finally:
            target.write_text(original, encoding="utf-8")
        return Result(mutant, survived, time.monotonic() - begun)

    def _passes(self, path: str, patience: float | None) -> bool:
        environment = {
            **self.services.environment(),
            "PORTAL_TEST_VAR": str(self.layout.var),
            "PORTAL_TEST_SERVICES": "DATABASE_URL REDIS_URL",
            "PYTHONDONTWRITEBYTECODE": "",
        }
        command = [sys.executable, *PYTEST, *TARGETS[path]]
        try:
            done = subprocess.run(
                command, cwd=self.project, env=environment, timeout=patience, capture_output=True, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def close(self) -> None:
        self.services.stop()


@contextmanager
def benches(number: int, paths: Sequence[str]) -> Iterator["Queue[Bench]"]:
    """Give so many benches, ready to work, and clear them away afterwards."""
    free: Queue[Bench] = Queue()
    with tempfile.TemporaryDirectory(prefix="portal-mutation-") as folder:
        made: list[Bench] = []
        try:
            made.extend(Bench(Path(folder) / str(i)) for i in range(number))
            with ThreadPoolExecutor(number) as pool:
                list(pool.map(lambda bench: bench.prepare(paths), made))
            for bench in made:
                free.put(bench)
            yield free
        finally:
            for bench in made:
                bench.close()


def try_all(chosen: Sequence[Mutant], processes: int) -> list[Result]:
    """Return what became of each mutant, saying so as it goes."""
    with benches(processes, sorted({mutant.path for mutant in chosen})) as free:

        def attempt(mutant: Mutant) -> Result:
            bench = free.get()
            try:
                result = bench.attempt(mutant)
            finally:
                free.put(bench)
            if result.survived:
                print(f"survived, line {mutant.line}: {mutant.name}", flush=True)
            return result

        with ThreadPoolExecutor(processes) as pool:
            return list(pool.map(attempt, chosen))


def explained() -> set[str]:
    """Return the mutants that the list of survivors explains: the code in the first cell of each row."""
    text = LIST.read_text(encoding="utf-8") if LIST.exists() else ""
    return {name.replace("\\|", "|") for name in re.findall(r"^\| `(.+?)` \|", text, re.MULTILINE)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every mutant, print the figures; return 1 when the list of survivors is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", default=list(TARGETS), help="modules; by default all three")
    parser.add_argument("-n", "--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--every", type=int, default=1, help="try one mutant in so many")
    parser.add_argument("--only", default="", help="try the mutants whose name holds this")
    options = parser.parse_args(arguments)
    chosen = [one for path in options.paths for one in mutants(PROJECT, path) if options.only in one.name]
    results = try_all(chosen[:: options.every], options.processes)
    survivors = {result.mutant.name for result in results if result.survived}
    tried = {result.mutant.name for result in results}
    unexplained, outdated = survivors - explained(), (explained() & tried) - survivors
    killed = len(results) - sum(result.survived for result in results)
    print(f"{len(results)} mutants, {killed} killed, {len(results) - killed} survived, {len(unexplained)} unexplained")
    for heading, names in (("Not explained:", unexplained), ("Explained, but killed by now:", outdated)):
        if names:
            print(heading, *sorted(names), sep="\n  ")
    return 1 if unexplained or outdated else 0


if __name__ == "__main__":
    sys.exit(main())

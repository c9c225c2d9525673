"""Changes the access rules one at a time and reports changes that no test detects: ``python -m tools.mutation.run``.

Each mutant runs in a fork of a test session that has loaded everything and created its database; there its code
replaces the original. Survivors must be explained in docs/proofs/mutation.md: the run fails for one that is not, and
for an explanation of a mutant that is killed by now.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence

from assistance.aggregates import AGGREGATES
from devserver.layout import PROJECT
from tools.mutation.mutants import Mutant, mutants

LIST = PROJECT / "docs" / "proofs" / "mutation.md"
# Module → its tests, the ones that fail soonest first.
TARGETS = {
    "entities/actors.py": (
        "entities/tests/test_actors.py",
        "assistance/access/tests/test_policy.py",
        "assistance/workflow/tests/test_transitions.py",
        "entities/tests/test_tokens.py",
        "portal/tests/test_impersonation.py",
        "assistance/access/tests/test_policy_model.py",
    ),
    "assistance/access/audiences.py": (
        "assistance/access/tests/test_policy.py",
        "assistance/access/tests/test_rebuild_grants.py",
        "assistance/consents/tests/test_consents.py",
        "assistance/documents/tests/test_documents.py",
        "assistance/consents/tests/test_plans.py",
        "assistance/access/tests/test_policy_model.py",
    ),
    "assistance/access/rules.py": (
        "assistance/access/tests/test_policy.py",
        "assistance/access/tests/test_rebuild_grants.py",
        "assistance/access/tests/test_viewers.py",
        "assistance/documents/tests/test_documents.py",
        "assistance/consents/tests/test_plans.py",
        "assistance/access/tests/test_policy_model.py",
    ),
    "assistance/access/policy.py": (
        "assistance/access/tests/test_policy.py",
        "assistance/workflow/tests/test_transitions.py",
        "assistance/consents/tests/test_previews.py",
        "assistance/documents/tests/test_documents.py",
        "assistance/consents/tests/test_plans.py",
        "assistance/tests/test_reviewed.py",
        "portal/tests/test_impersonation.py",
        "assistance/access/tests/test_policy_model.py",
    ),
}
# The rules of each aggregate: who sees, creates and acts on its rows.
TARGETS |= {
    f"assistance/{name}/rules.py": (
        "assistance/access/tests/test_policy.py",
        "assistance/workflow/tests/test_transitions.py",
        f"assistance/{name}/tests",
        "assistance/access/tests/test_viewers.py",
        "assistance/access/tests/test_rebuild_grants.py",
        "assistance/access/tests/test_policy_model.py",
    )
    for name in AGGREGATES
}
PYTEST = ("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "tools.mutation.forking")


def chosen(options: argparse.Namespace, path: str) -> list[Mutant]:
    """Return the mutants of a module selected by the options."""
    every = mutants(PROJECT, path)
    return [mutant for mutant in every if any(part in mutant.name for part in options.only or [""])][:: options.every]


def try_all(path: str, names: Sequence[int], processes: int) -> dict[int, bool]:
    """Return mutant number → whether it survived, in so many parallel sessions. Raises SystemExit."""
    running = []
    for i in range(processes):
        plan = json.dumps({"path": path, "numbers": list(names)[i::processes]})
        command = [sys.executable, *PYTEST, *TARGETS[path]]
        environment = {**os.environ, "PORTAL_MUTANTS": plan}
        running.append(subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True))
    found: dict[int, bool] = {}
    for session in running:
        said, _ = session.communicate()
        found |= {
            int(number): word == "survived" for word, number in re.findall(r"^(killed|survived) (\d+)$", said, re.M)
        }
        if session.returncode:
            raise SystemExit(f"The tests of {path} fail before anything is changed:\n{said[-3000:]}")
    return found


def explained() -> set[str]:
    """Return the mutants that the list of survivors explains: the code in the first cell of each row."""
    text = LIST.read_text(encoding="utf-8") if LIST.exists() else ""
    return {name.replace("\\|", "|") for name in re.findall(r"^\| `(.+?)` \|", text, re.MULTILINE)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every mutant and print the figures; return 1 when the list of survivors does not match."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", default=list(TARGETS), help="modules; by default all of them")
    parser.add_argument("-n", "--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--every", type=int, default=1, help="try one mutant in so many")
    parser.add_argument("--only", action="append", help="try the mutants whose name holds this; may be repeated")
    options = parser.parse_args(arguments)
    tried: set[str] = set()
    survivors: dict[str, int] = {}
    killed = 0
    for path in options.paths:
        wanted = {mutant.name for mutant in chosen(options, path)}
        every = {i: mutant for i, mutant in enumerate(mutants(PROJECT, path)) if mutant.name in wanted}
        results = try_all(path, sorted(every), options.processes)
        tried |= {every[number].name for number in results}
        survivors |= {every[number].name: every[number].line for number, survived in results.items() if survived}
        killed += sum(not survived for survived in results.values())
        print(f"{path}: {len(results)} mutants, {sum(results.values())} survived", flush=True)
    return report(tried, survivors, killed)


def report(tried: set[str], survivors: dict[str, int], killed: int) -> int:
    """Print survivors without explanation and explained mutants that were killed; return 1 if there are any."""
    unexplained, outdated = set(survivors) - explained(), (explained() & tried) - set(survivors)
    print(f"{killed} mutants killed, {len(survivors)} survived, {len(unexplained)} of these unexplained")
    for heading, names in (("Not explained:", unexplained), ("Explained, but killed by now:", outdated)):
        if names:
            print(heading, *(f"{name} (line {survivors.get(name, '-')})" for name in sorted(names)), sep="\n  ")
    return 1 if unexplained or outdated else 0


if __name__ == "__main__":
    sys.exit(main())

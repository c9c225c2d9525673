"""The command line of `make bench`, which passes its variables on.

QUICK=1: 10,000 needs only; the last line of the output is one JSON object. ONLY=reads, writes or plans: a part. WRITE=1: write
the tables and plans into the documents, as a whole run does anyway.
"""

import json
import os
import sys
import time
from typing import Any

from bench import machine, report, run
from bench.client import Unanswered
from bench.goals import line
from bench.operations import Differs
from bench.plan import QUICK, WHOLE, Plan
from devserver.errors import LocalError
from devserver.layout import PROJECT

PLANS = PROJECT / "docs" / "proofs" / "plans.md"
PARTS = ("", "reads", "writes", "plans")


def measured(plan: Plan, only: str, *, explained: bool) -> dict[str, Any]:
    """Return all figures, by size; of the largest also plans and profiles, if they are to be written."""
    sizes: dict[str, Any] = {}
    for needs in plan.sizes:
        with run.site_of(needs) as site:
            found = run.measure(site, plan, only, explained=explained and needs == max(plan.sizes))
            sizes[str(needs)] = {**found, "load_average": machine.load()}
    return {"machine": machine.described(), "sizes": sizes}


def figures(plan: Plan, only: str, *, writes: bool) -> None:
    """Measure, print the figures, and write the documents if asked to."""
    whole = measured(plan, only, explained=writes and not only)
    if only:
        print(json.dumps(whole, indent=1))
        return
    largest = whole["sizes"][str(max(plan.sizes))]
    if writes:
        PLANS.write_text(largest.pop("plans"))
        report.write(whole)
    print(report.text(whole))
    print(json.dumps(line(largest)))


def plans(plan: Plan, *, writes: bool) -> None:
    """Print or write plans and profiles over the largest data of the run."""
    with run.site_of(max(plan.sizes)) as site:
        document = run.plans_of(site)
    if writes:
        PLANS.write_text(document)
    else:
        print(document)


def is_on(name: str) -> bool:
    """Return whether a variable is set, and not to 0."""
    return os.environ.get(name, "") not in ("", "0")


def main() -> int:
    """Run the bench; return the exit code."""
    quick, only = is_on("QUICK"), os.environ.get("ONLY", "")
    plan, begun = QUICK if quick else WHOLE, time.monotonic()
    writes = is_on("WRITE") or not quick
    if only not in PARTS:
        run.say(f"ONLY is one of {', '.join(filter(None, PARTS))}.")
        return 2
    run.catch_signals()
    try:
        if only == "plans":
            plans(plan, writes=writes)
        else:
            figures(plan, only, writes=writes)
    except KeyboardInterrupt:
        run.say("The bench was cut off; nothing of it is left.")
        return 130
    except (LocalError, Differs, Unanswered) as reason:
        run.say(str(reason))
        return 1
    run.say(f"Measured in {time.monotonic() - begun:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

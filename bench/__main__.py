"""The command line of `make bench`: QUICK=1 for 10,000 needs only, WRITE=1 to write docs/performance.md then, too."""

import json
import os
import sys

from bench import run
from bench.client import Unanswered
from bench.operations import Differs
from bench.plan import QUICK, WHOLE
from devserver.errors import LocalError


def main() -> int:
    """Run the bench; return the exit code."""
    plan = QUICK if os.environ.get("QUICK") else WHOLE
    run.catch_signals()
    try:
        for needs in plan.sizes:
            with run.site_of(needs) as site:
                found = run.measure(site, plan)
                print(json.dumps(found, indent=1))
    except KeyboardInterrupt:
        run.say("The bench was cut off; nothing of it is left.")
        return 130
    except (LocalError, Differs, Unanswered) as reason:
        run.say(str(reason))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

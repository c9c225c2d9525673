"""Settings of the measured portal: its own, and the header with the number of statements.

`BENCH_WITHOUT=audit` leaves out the middleware that writes who read what, to measure what it costs. Only the bench has this
switch; the settings of the portal know nothing of it.
"""

import os

from portal.settings import *  # noqa: F403 (settings are one namespace)

COUNTING = "bench.site.counting.statements"
AUDIT = "portal.middleware.audit_trail"
WITHOUT = {AUDIT} if os.environ.get("BENCH_WITHOUT") == "audit" else set()
MIDDLEWARE = [COUNTING, *(name for name in MIDDLEWARE if name not in WITHOUT)]  # noqa: F405

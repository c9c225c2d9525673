"""What `make run` uses: embedded PostgreSQL and Valkey and the portal's processes; not used in production."""

import os
import signal
import sys

INTERRUPTED = 130

if sys.argv[:1] == ["-m"]:  # a module of this package is being run and not loaded yet
    # Ctrl-C now: nothing has been started, so there is nothing to stop and nothing to say.
    signal.signal(signal.SIGINT, lambda *_signal: os._exit(INTERRUPTED))

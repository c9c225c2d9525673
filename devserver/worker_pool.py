"""Ties the worker's pool to the worker: imported into it (`--include`) by the embedded run, where a kill must leave nothing.

Without it, a pool process finishes its task first when its master is killed; tasks are acknowledged late, so the broker
hands an interrupted one out again.
"""

import os
import signal
import sys

from celery.signals import worker_process_init

from devserver.parent_death import die_with

MASTER = os.getpid()


@worker_process_init.connect
def tie(**_details: object) -> None:
    """Have the kernel end this pool process with its master."""
    if sys.platform == "linux":
        die_with(MASTER, signal.SIGKILL)

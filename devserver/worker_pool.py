"""Makes the processes of a Celery worker's pool end with the worker; imported by `--include` in the embedded run.

Otherwise a pool process finishes its task first when its parent is killed; tasks are acknowledged late, so the broker
delivers an interrupted one again.
"""

import os
import signal
import sys

from celery.signals import worker_process_init

from devserver.parent_death import die_with

MASTER = os.getpid()


@worker_process_init.connect
def tie(**_details: object) -> None:
    """Have the kernel end this pool process with its parent."""
    if sys.platform == "linux":
        die_with(MASTER, signal.SIGKILL)

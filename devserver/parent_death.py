"""Ties a program to the process that starts it, where the system has no `setpriv`: run as a script, standard library only.

    python parent_death.py PARENT SIGNAL program arguments…

On Linux the kernel is asked to send SIGNAL when the parent dies, then the program takes this process's place. Elsewhere
this process stays as a thin parent that passes signals on and looks twice a second whether its own parent is still there.
"""

import ctypes
import os
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1
LOOK_EVERY = 0.5
# Seconds a program gets after its signal before its whole process group is killed.
GRACE = 5.0


def die_with(parent: int, number: int) -> None:
    """Linux: have the kernel send this process a signal when the parent dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(1)


def watch(parent: int, number: int, command: list[str]) -> int:
    """Elsewhere: run the program as a child and end it when the parent is gone; returns its exit code."""
    child = subprocess.Popen(command)
    for passed_on in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(passed_on, lambda received, _frame: child.send_signal(received))
    while os.getppid() == parent:
        try:
            return child.wait(LOOK_EVERY)
        except subprocess.TimeoutExpired:
            continue
    child.send_signal(number)
    try:
        child.wait(GRACE)
    finally:
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        child.kill()
    return 1


if __name__ == "__main__":
    parent_pid, death_signal, program = int(sys.argv[1]), signal.Signals[f"SIG{sys.argv[2]}"], sys.argv[3:]
    if sys.platform == "linux":
        die_with(parent_pid, death_signal)
        os.execvp(program[0], program)  # noqa: S606 (no shell is wanted)
    sys.exit(watch(parent_pid, death_signal, program))

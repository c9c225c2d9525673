"""The models of deadlines, which the kernel writes with the events of other rows (`workflow/dues.py`)."""

from assistance.workflow.models import CLOCKED, DoneHow, Due, Snooze

__all__ = ["CLOCKED", "DoneHow", "Due", "Snooze"]

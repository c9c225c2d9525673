"""Celery tasks of the app, outside of any request."""

from celery import shared_task

from files import cleanup, scanning


@shared_task(name=scanning.TASK)
def scan() -> int:
    """Run when a file was uploaded, and every minute: scan waiting files. Returns how many were scanned."""
    return scanning.scan_waiting()


@shared_task(name="files.tasks.tidy")
def tidy() -> int:
    """Once a day: put content without a row aside, and bring back what a row names. Returns how many files moved."""
    return cleanup.bring_back() + cleanup.quarantine_orphans()

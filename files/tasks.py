"""Shells for the worker: what is done with files when nobody waits for it."""

from celery import shared_task

from files import cleanup, scanning


@shared_task(name=scanning.TASK)
def scan() -> int:
    """When a file has come in, and every minute: ask the scanner about what waits. Returns how many it answered."""
    return scanning.scan_waiting()


@shared_task(name="files.tasks.tidy")
def tidy() -> int:
    """Once a day: remove content that no row knows. Returns how many files that was."""
    return cleanup.remove_orphans()

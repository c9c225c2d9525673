"""Celery's twin of the pages of designations: call one function."""

from celery import shared_task

from entities.appointments import reminders


@shared_task(name="entities.tasks.remind")
def remind() -> int:
    """Ask for confirmations, remind of nominations, pass on what is due; return how many steps were taken."""
    return reminders.run()

"""Celery tasks for appointments; each calls one function."""

from celery import shared_task

from entities import token_reminders
from entities.appointments import reminders


@shared_task(name="entities.tasks.remind")
def remind() -> int:
    """Send the reminders and do the handovers that are due; return how many."""
    return reminders.run() + token_reminders.run()

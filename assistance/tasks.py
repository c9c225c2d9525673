"""Celery's twin of the pages: load ids, call one function."""

from celery import shared_task

from assistance.workflow import deadlines


@shared_task
def run_deadlines() -> int:
    """Remind silent matches and close what has ended; return how many steps were taken."""
    return deadlines.run()

"""Celery tasks: load ids, call one function."""

from celery import shared_task

from assistance.workflow import deadlines


@shared_task
def run_deadlines() -> int:
    """Run what is due: remind about unanswered matches, close what has ended; return how many transitions were run."""
    return deadlines.run()

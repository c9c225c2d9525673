"""Celery tasks: load ids, call one function."""

from celery import shared_task

from assistance.workflow import announcements, deadlines


@shared_task
def run_deadlines() -> int:
    """Run what is due: remind about unanswered matches, close what has ended; return how many transitions were run."""
    return deadlines.run()


@shared_task
def announce() -> int:
    """Every few seconds, and whenever a decision is over rows of which others are told: queue the messages.

    Returns for how many decisions.
    """
    return announcements.announce_waiting()

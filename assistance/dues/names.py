"""What names deadlines to people: the row it is about, and what is owed."""

from dataclasses import replace

from accounts.matters import Matter
from assistance import registry
from assistance.dues.models import Due
from assistance.workflow.naming import matter_of


def name_of_due(due: Due) -> Matter:
    """Return a deadline by the names of its row, with what is owed as the first fact."""
    matter = matter_of(due.subject)
    return replace(matter, facts=(due.clock.label, *matter.facts))


def reference_of(due: Due) -> str:
    """Return the reference by which messages name it: that of messages about its row."""
    return registry.of(due.subject).message_reference(due.subject)

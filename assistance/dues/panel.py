"""The open deadlines about a row, on its own page: two statements, however many there are."""

from typing import Any

from django.db.models import Q

from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.dues import queries
from assistance.dues.links import links_of
from assistance.dues.models import CLOCKED, Due
from assistance.workflow.engine import AvailableTransitions
from assistance.workflow.naming import matter_of, only_names
from entities.actors import Actor


def on_page(actor: Actor, row: Restricted) -> dict[str, Any]:
    """Return context for the page of a row: what is owed about it, and about what belongs to it, as the reader sees it."""
    about = about_row(row)
    if not about:
        return {}
    rows = only_names(policy.visible(actor, Due), actor).filter(about, done_at=None)
    dues = list(rows.prefetch_related(queries.with_snoozes(actor)).order_by("due_at", "id"))
    available, here = AvailableTransitions(actor, Due), row.get_absolute_url()
    for due in dues:
        due.parties, due.when, due.snoozed = queries.parties(due), queries.when(due), queries.snoozed_until(due)
        due.links = [link for link in links_of(actor, due, available) if link.url != here]
        due.matter = None if due.subject.pk == row.pk else matter_of(due.subject)
    return {"row_dues": dues}


def about_row(row: Restricted) -> Q:
    """Return the condition on deadlines about a row, or about rows that belong to it, as the matches of a need do."""
    found = Q(**{row.record_name(): row.pk}) if row.record_name() in CLOCKED else Q()
    for name, model in CLOCKED.items():
        parent = registry.of(model).locked_with
        if parent and model._meta.get_field(parent).related_model is type(row):
            found |= Q(**{f"{name}__{parent}": row.pk})
    return found

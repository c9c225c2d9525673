"""The open deadlines about a row, on its own page: two statements, however many there are."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from assistance import registry
from assistance.access.models import Restricted
from assistance.dues import queries
from assistance.dues.links import links_of
from assistance.dues.models import CLOCKED, Due
from assistance.workflow.engine import AvailableTransitions
from assistance.workflow.naming import matter_of, named_rows
from entities.actors import Actor


def on_page(actor: Actor, row: Restricted) -> dict[str, Any]:
    """Return context for the page of a row: what is owed about it, and about what belongs to it, as the reader sees it."""
    paths = paths_to(type(row))
    if not paths:
        return {}

    def open_about(rows: QuerySet[Any], key: Any) -> QuerySet[Any]:
        about = reduce(or_, (Q(**{path: key}) for path in paths))
        return rows.filter(about, done_at=None).order_by("due_at", "id")

    dues = named_rows(actor, Due, ("open about", type(row)), open_about, [row.pk])
    prefetch_related_objects(dues, queries.with_snoozes(actor))
    available, here = AvailableTransitions(actor, Due), row.get_absolute_url()
    for due in dues:
        due.parties, due.when, due.snoozed = queries.parties(due), queries.when(due), queries.snoozed_until(due)
        due.links = [link for link in links_of(actor, due, available) if link.url != here]
        due.matter = None if due.subject.pk == row.pk else matter_of(due.subject)
    return {"row_dues": dues}


def paths_to(model: type[Restricted]) -> list[str]:
    """Return how deadlines lead to rows of a model: to a row itself, or by what belongs to it, as the matches of a need."""
    found = [model.record_name()] if model.record_name() in CLOCKED else []
    for name, clocked in CLOCKED.items():
        parent = registry.of(clocked).locked_with
        if parent and clocked._meta.get_field(parent).related_model is model:
            found.append(f"{name}__{parent}")
    return found

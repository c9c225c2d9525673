"""How rows are named in the log: subject, reference, and the State they belong to once that State knows of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assistance.models import Consent, Document, Match, Need, Offer, Project, Release, Section, Visit

# The collections of pages and API → what their rows are called.
KINDS = {
    "matches" if model is Match else f"{model._meta.model_name}s": str(model._meta.model_name)
    for model in (Visit, Section, Need, Consent, Offer, Match, Project, Release, Document)
}


@dataclass(frozen=True)
class Subject:
    """A row as the log names it. `state` is None where no State may be told of it."""

    key: str
    reference: str
    state: UUID | None


def kind_in(route: str) -> str:
    """Return the kind of row a route is about, by the collection in it; empty where it is none of ours."""
    return next((KINDS[word] for word in re.findall(r"\w+", route) if word in KINDS), "")


def subjects_of(rows: Iterable[Any]) -> list[Subject]:
    """Return the rows as subjects, in their order. A few statements where what they belong to is not loaded, else none."""
    rows = list(rows)
    under = _under_documents(rows)
    states = _states_of_visits([*rows, *under.values()])
    return [
        Subject(
            f"{row._meta.model_name}:{row.pk}", getattr(row, "reference", ""), _state(under.get(row.pk, row), states)
        )
        for row in rows
    ]


def _under_documents(rows: list[Any]) -> dict[UUID, Any]:
    """Return document → the visit, section or need it is on, if any: one statement for each of these kinds."""
    found: dict[UUID, Any] = {}
    kinds: dict[str, type[Any]] = {"visit": Visit, "section": Section, "need": Need}
    for kind, model in kinds.items():
        keys = {row.pk: getattr(row, f"{kind}_id") for row in rows if isinstance(row, Document)}
        if wanted := set(keys.values()) - {None}:
            parents = model._default_manager.only(*COLUMNS[kind]).in_bulk(wanted)
            found |= {pk: parents[key] for pk, key in keys.items() if key in parents}
    return found


# What says which State may be told, without a text: rows loaded so are not read.
COLUMNS = {"visit": ("state",), "section": ("visit",), "need": ("state", "put_to_state_at")}


def _states_of_visits(rows: list[Any]) -> dict[UUID, UUID]:
    """Return visit → State, of the visits of the sections among the rows."""
    sections = [row for row in rows if isinstance(row, Section)]
    known = {row.visit_id: row.visit.state_id for row in sections if Section.visit.is_cached(row)}
    missing = {row.visit_id for row in sections} - set(known)
    return known | dict(Visit.objects.filter(pk__in=missing).values_list("pk", "state")) if missing else known


def _state(row: Any, visits: dict[UUID, UUID]) -> UUID | None:
    """Return the State that may learn who reads this row; of a need in draft it does not know."""
    if isinstance(row, Section):
        return visits.get(row.visit_id)
    if isinstance(row, Need):
        return row.state_id if row.put_to_state_at else None
    return row.state_id if isinstance(row, Visit | Consent | Release) else None

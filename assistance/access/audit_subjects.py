"""How rows are named in the log: subject, reference, and the State they belong to once that State knows of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assistance import registry
from assistance.access.models import Restricted


@dataclass(frozen=True)
class Subject:
    """A row as the log names it. `state` is None where no State may be told of it."""

    key: str
    reference: str
    state: UUID | None


def kind_in(route: str) -> str:
    """Return the kind of row a route is about, by the collection in it; empty where it is none of ours."""
    found = (registry.in_collection(word) for word in re.findall(r"[\w-]+", route))
    return next((aggregate.name for aggregate in found if aggregate is not None), "")


def subjects_of(rows: Iterable[Any]) -> list[Subject]:
    """Return the rows as subjects, in their order. A few statements where what they belong to is not loaded, else none."""
    rows = list(rows)
    states = _states(row for row in rows if isinstance(row, Restricted))
    return [
        Subject(f"{row._meta.model_name}:{row.pk}", getattr(row, "reference", ""), states.get(row.pk)) for row in rows
    ]


def _states(rows: Iterable[Restricted]) -> dict[UUID, UUID]:
    """Return the State that may learn who read a row, by the row's key: one question for each kind of row."""
    by_model: dict[type[Restricted], list[Restricted]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    found: dict[UUID, UUID] = {}
    for model, own in by_model.items():
        found |= registry.of(model).concerned_states(own)
    return found

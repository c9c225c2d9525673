"""How the audit log identifies rows: subject, reference, and the State that may learn who read them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assistance import registry
from assistance.access.models import Restricted


@dataclass(frozen=True)
class Subject:
    """A row as the audit log identifies it. `state` is None where no State may learn who read it."""

    kind: str
    pk: Any
    reference: str
    state: UUID | None

    @property
    def key(self) -> str:
        """Kind and key in one text."""
        return f"{self.kind}:{self.pk}"


def kind_in(route: str) -> str:
    """Return the kind of row a route is about, from the collection in it; empty for a route without a collection."""
    found = (registry.in_collection(word) for word in re.findall(r"[\w-]+", route))
    return next((aggregate.name for aggregate in found if aggregate is not None), "")


def subjects_of(rows: Iterable[Any]) -> list[Subject]:
    """Return the rows as subjects, in the same order. A few queries when related rows are not loaded, else none."""
    rows = list(rows)
    states = _states(row for row in rows if isinstance(row, Restricted))
    return [Subject(_kind(row), row.pk, getattr(row, "reference", ""), states.get(row.pk)) for row in rows]


def _kind(row: Any) -> str:
    return row.record_name() if isinstance(row, Restricted) else str(row._meta.model_name)


def _states(rows: Iterable[Restricted]) -> dict[UUID, UUID]:
    """Return the State that may learn who read each row, by the row's key: one query for each kind of row."""
    found: dict[UUID, UUID] = {}
    for model, own in registry.by_model(rows).items():
        found |= registry.of(model).concerned_states(own)
    return found

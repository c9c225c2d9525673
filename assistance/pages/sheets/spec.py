"""A table that can be filled in as a spreadsheet, as data: which rows it has, which cells change, and what saves them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from assistance import registry
from assistance.access.models import Restricted
from assistance.pages.forms import ActorForm
from entities.actors import Actor
from entities.models import Appointment
from web.exceptions import NotVisible
from web.spreadsheets import Value

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One row of a table as its reader sees it now.

    `version` is that of the record which a change would overwrite, None where there is none yet. `facts` stand in the
    columns that cannot be changed, `values` in the others, by the names of the form's fields. `locked` says why nothing
    of the row can be changed; empty where it can.
    """

    key: UUID
    version: int | None
    facts: Sequence[Value]
    values: Mapping[str, Any]
    locked: Text = ""


@dataclass(frozen=True, kw_only=True)
class SheetSpec:
    """One kind of table about rows of one model; the aggregate whose records it changes declares it (`Aggregate.sheets`).

    `allowed` returns the appointment by which somebody fills it in, and raises what all others are told. `form` returns
    the form that checks a row, `rows` the rows in a language, which is that of records that are new. `save` changes the
    record of a row and `add` records a new one, by the functions that pages and API call; both raise what these raise.
    `check` raises Invalid for values of a row (None: a new one) that its form takes and these functions would refuse, so
    that the preview can name their cells.
    """

    name: str
    model: type[Restricted]
    title: Text
    guidance: Text  # what to fill in, in a sentence or two
    headings: Sequence[Text]  # of the facts
    fields: Sequence[str]
    allowed: Callable[[Actor, Any], Appointment]
    rows: Callable[[Actor, Any, str], Sequence[SheetRow]]
    form: Callable[[Actor, Any], ActorForm]
    save: Callable[[Actor, Any, UUID, Mapping[str, Any], int | None], object]
    add: Callable[[Actor, Any, Mapping[str, Any]], object] | None = None
    check: Callable[[Actor, Any, UUID | None, Mapping[str, Any]], None] | None = None
    page: Callable[[Any], str] = lambda row: str(row.get_absolute_url())  # where the reader goes on
    next_step: Text = ""  # what is left to do after the spreadsheet has been applied


def specs() -> Iterable[SheetSpec]:
    """Return all kinds of tables."""
    return (spec for aggregate in registry.aggregates() for spec in aggregate.sheets)


def spec_named(name: str) -> SheetSpec:
    """Return the kind of table of this name. Raises NotVisible."""
    found = next((spec for spec in specs() if spec.name == name), None)
    if found is None:
        raise NotVisible
    return found

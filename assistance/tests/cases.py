"""What the tests over all kinds of records know of each: `tests/cases.py` of its package says it, and nothing else does.

Each package of `assistance/aggregates.py` has `CASES` there, one `Cases` for each model it registers. Who sees, records,
edits and attaches is written by hand, from the domain rules; computed from the rules under test it would prove nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from assistance import registry
from assistance.access.models import Restricted
from assistance.aggregates import AGGREGATES
from assistance.tests.cast import COMPACT, MEMBERS, OUTSIDERS, OWNERS, Cast
from assistance.tests.world import World

VIEWERS = (*MEMBERS, *OUTSIDERS, "donor")


@dataclass(frozen=True)
class Row:
    """A row in one state: the state in words, who sees it, and how it is made, with everything it refers to."""

    state: str
    readers: frozenset[str]
    make: Callable[[Cast], Restricted]


# Which fields of considerations make which others invalid (`Cases.related`).
CONSIDERED = {
    "human_rights": {"human_rights_note"}, "human_rights_note": {"human_rights"},
    "gender": {"gender_note"}, "gender_note": {"gender"},
}  # fmt: skip
Made = tuple[str, Any]  # the name of a kind, and a row of it


@dataclass(frozen=True)
class Addition:
    """Rows that can be added without anybody but these readers being able to notice, and the function that adds them."""

    readers: frozenset[str]
    make: Callable[[World], Iterator[Made]]


@dataclass(frozen=True, kw_only=True)
class Cases:
    """The rows of one kind, and who may do what with them: names of the cast, the first of which acts in tests."""

    model: type[Restricted]
    rows: tuple[Row, ...]  # one in each state
    recorders: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    attachers: tuple[str, ...] = ()
    # Transition → who runs it, on a row in which state; `proved` are those that need a recent proof of identity.
    runs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    proved: tuple[str, ...] = ()
    bodies: Mapping[str, dict[str, Any]] = field(default_factory=dict)  # of those that ask for something
    # Adds rows whose texts are tokens to the world of the leak sweeps; None: `rows`, with tokens in all their texts.
    leaks: Callable[[World], None] | None = None
    # What the test of non-interference hides; None: a row in each state, which then refers to no row others see.
    hidden: tuple[Addition, ...] | None = None
    # The most statements of a list in the API: token, actor, rows, log; more only for what is named beside the number.
    statements: int = 4
    # A body that creates a row in the API, with what it refers to; changes of it, with the fields that the refusal
    # names; and for a field the other fields that it makes invalid ("" for every field).
    body: Callable[[Cast], dict[str, Any]] | None = None
    refused: tuple[tuple[dict[str, Any], set[str]], ...] = ()
    related: Mapping[str, set[str]] = field(default_factory=dict)
    # What the form that records a row sends, for the first of the recorders.
    form: Callable[[Cast], dict[str, Any]] | None = None
    form_path: Callable[[Cast], str] | None = None  # its address, with the row to which it adds; None: it has none
    # The fields of the forms on which a row is edited, if that is not one form; which of the fields edited by hand the
    # address of the page gives; and fields of the body that are rows of their own.
    form_fields: Callable[[], dict[str, Any]] | None = None
    by_the_page: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    # The page on which a row is edited, the first of them if there are several.
    edit_page: str = "edit"

    @property
    def name(self) -> str:
        """The name of the model in code."""
        return registry.of(self.model).name

    @property
    def open_row(self) -> Row:
        """The first row that all of the Compact and of the State concerned see, or else the first."""
        return next((row for row in self.rows if row.readers >= COMPACT | OWNERS), self.rows[0])

    @property
    def collection(self) -> str:
        """The name of its collection in the API."""
        return registry.of(self.model).collection

    def in_state(self, state: str) -> Row:
        """Return the row in this state. Raises StopIteration when there is none."""
        return next(row for row in self.rows if row.state == state)

    def seen_by(self, name: str) -> list[Row]:
        """Return the rows that one of the cast sees."""
        return [row for row in self.rows if name in row.readers]


@cache
def all_cases() -> tuple[Cases, ...]:
    """Return the cases of all models, in the order of the packages.

    Raises ModuleNotFoundError for a package without `tests/cases.py`.
    """
    packages = [import_module(f"assistance.{name}.tests.cases") for name in AGGREGATES]
    return tuple(cases for package in packages for cases in package.CASES)


def cases_of(model: type[Restricted]) -> Cases:
    """Return the cases of a model. Raises StopIteration when no package has any for it."""
    return next(cases for cases in all_cases() if cases.model is model)


def name_of(cases: Cases) -> str:
    """Return the name by which a parametrised test shows these cases."""
    return cases.name

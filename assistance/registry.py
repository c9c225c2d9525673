"""The register of aggregates: what the kernel has to know of each kind of restricted row stands in one entry.

Each package registers its models in its `registration.py`; policy, engine, editing, notifications, audit log, API, menu,
administration and tests ask here and name no model. An incomplete entry is refused when the portal starts.
"""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from assistance.access.models import Restricted

if TYPE_CHECKING:
    from assistance.access.rules import AccessReason
    from assistance.workflow.deadlines import Deadline, Period
    from assistance.workflow.editing import EditSpec
    from assistance.workflow.engine import TransitionContext
    from assistance.workflow.notifications import Rule
    from assistance.workflow.pending_work import Task
    from assistance.workflow.transition import Transition
    from entities.actors import Actor

Text = str | Promise


class _NotGiven(dict[str, Any]):
    """A table that nobody gave, which is not the same as an empty one."""


def _not_given(row: Any) -> Iterator[Any]:
    return iter(())


def _nobody(actor: "Actor") -> bool:
    return False


def _all(actor: "Actor", rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


def _whole_history(actor: "Actor", row: Any, events: QuerySet[Any]) -> QuerySet[Any]:
    return events


def _nothing_due(now: datetime) -> int:
    return 0


def _no_deadlines(actor: "Actor", period: "Period") -> "list[Deadline]":
    return []


def _no_tasks(actor: "Actor") -> "list[Task]":
    return []


def _nothing_added(actor: "Actor", row: Any) -> dict[str, Any]:
    return {}


def _no_relations(actor: "Actor") -> tuple[str, ...]:
    return ()


def _no_states(rows: Sequence[Any]) -> dict[UUID, UUID]:
    return {}


def _itself(row: Any) -> Any:
    return row


def _by_key(opened: Collection[UUID], closed: Collection[UUID]) -> tuple[Q, Q]:
    return Q(pk__in=opened), Q(pk__in=closed)


@dataclass(frozen=True, kw_only=True)
class Aggregate:
    """One kind of restricted row, as the kernel knows it. `register` says what has to be given."""

    # ── What it is called ──
    model: type[Restricted]
    collection: str = ""  # its name in addresses, in the API, in scopes of tokens and in the audit log
    label: Text = ""  # the collection in words
    menu: int | None = None  # its place in the menu, None for none
    viewset: Any = None  # the class of its collection in the API, None where it has none
    admin_list: tuple[str, ...] = ()  # the columns of its list in the administration, which has none without
    reference_paths: tuple[str, ...] = ("reference",)  # the columns by which the audit log finds it
    message_reference: Callable[[Any], str] = str  # the number by which a message names a row

    # ── Who sees and writes it ──
    access_reasons: "Callable[[Any], Iterator[AccessReason]]" = _not_given  # every fact by which a row is seen
    seen_with: Callable[[], tuple[str, ...]] = tuple  # relations whose row has to be seen too
    may_create: "Callable[[Actor], bool]" = _nobody
    edited_by: str = "nobody"  # a word of `who`
    attached_by: str = "nobody"  # who attaches documents: a word of `who`
    who: "Mapping[str, Callable[[Actor, Any], Iterable[UUID | None]]]" = field(
        default_factory=dict
    )  # words beside those of policy
    reason_texts: "Mapping[str, Callable[[Any, Sequence[AccessReason]], str]]" = field(
        default_factory=dict
    )  # its own kinds of reasons
    explained_by: Callable[[Any], Any] = _itself  # the row whose `reason_texts` apply
    previewed: Callable[[Collection[UUID], Collection[UUID]], tuple[Q, Q]] = _by_key  # what a release opens, and closes

    on_pages: "Callable[[Actor, Any], dict[str, Any]]" = _nothing_added  # what it adds to the page of any other row

    # ── What happens to it ──
    transitions: "Mapping[str, Transition]" = field(default_factory=_NotGiven)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # the function each transition calls
    guards: Mapping[str, Callable[[Any], None]] = field(default_factory=dict)  # the conditions that transitions name
    locked_with: str = ""  # the relation that is locked before a row
    save: "Callable[[TransitionContext], None] | None" = None  # stores what a transition changed; None: the row alone
    keeps_version: bool = False  # whether transitions leave version and date of a row as they are
    reads: "Callable[[Actor], tuple[str, ...]]" = _no_relations  # the relations that guards read for this actor
    edit: "EditSpec | None" = None  # how it is recorded and changed by hand

    run_deadlines: Callable[[datetime], int] = _nothing_due  # does what is due at a moment, returns how much
    deadlines: "Callable[[Actor, Period], list[Deadline]]" = _no_deadlines  # the days on which something is due
    pending: "Callable[[Actor], list[Task]]" = _no_tasks  # what waits for an actor
    styles: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # status → (tone, icon)

    demo: str = ""  # the dotted path of the function that schedules its demonstration data; empty for none

    # ── Its history, and who is told of it ──
    events: Mapping[str, Text] = field(default_factory=dict)  # its events in words
    messages: "Mapping[str, Rule]" = field(default_factory=dict)  # event → what is owed to whom
    told: "Callable[[Actor, QuerySet[Any]], QuerySet[Any]]" = _all  # limits rows to those an actor may be told of
    event_also: tuple[str, ...] = ()  # relations whose history its events belong to as well
    hides_events: bool = True  # whether an event naming such a row is hidden from those who do not see the row
    logged_events: tuple[str, ...] = ()  # events that the audit log keeps as decisions over a release
    kept_events: tuple[str, ...] = ()  # those of them whose subject only CTED and the State are told
    logs_events: bool = False  # whether every event that names such a row is kept there
    about: Callable[[Any], str] | None = None  # how the history of another row names it; None: not at all
    history: "Callable[[Actor, Any, QuerySet[Any]], QuerySet[Any]]" = _whole_history  # limits the history of a row

    # ── The State it concerns ──
    state_paths: Callable[[], tuple[str, ...]] = tuple  # relations to the State whose people find it in the audit log
    concerned_states: Callable[[Sequence[Any]], dict[UUID, UUID]] = _no_states  # row → the State told who read it
    columns_of_state: tuple[str, ...] = ()  # what `concerned_states` reads of a row, none of them a text

    @property
    def name(self) -> str:
        """The name of its model: of its pages, of its column in events, and of its subjects in messages and log."""
        return str(self.model._meta.model_name)


_aggregates: dict[type[Restricted], Aggregate] = {}
_files: dict[type[Restricted], str] = {}
_closed = False


def register(aggregate: Aggregate) -> None:
    """Add an aggregate. Raises ImproperlyConfigured, naming the file, for one that is incomplete, twice or too late."""
    file = _caller()
    problem = next(_problems(aggregate), None)
    if problem is not None:
        raise ImproperlyConfigured(f"{file}: {aggregate.model.__name__} {problem}")
    _aggregates[aggregate.model] = aggregate
    _files[aggregate.model] = file


def _caller() -> str:
    """Return the file that registers, as a developer names it."""
    path = Path(sys._getframe(2).f_code.co_filename)
    return str(path.relative_to(settings.BASE_DIR)) if path.is_relative_to(settings.BASE_DIR) else str(path)


def _problems(new: Aggregate) -> Iterator[str]:
    """Yield why an aggregate cannot be registered."""
    if _closed:
        yield "is registered after the portal has started; name its package in assistance/aggregates.py."
    if new.model in _aggregates:
        yield f"is registered already, in {_files[new.model]}."
    if not new.collection or not new.label:
        yield "has no collection or no label: give its name in addresses, and that name in words."
    for other in _aggregates.values():
        if other.collection == new.collection:
            yield f"takes the collection “{new.collection}”, which {_files[other.model]} has."
    if new.access_reasons is _not_given:
        yield "has no access rules: give `access_reasons`, which yields why anybody may see a row."
    if new.model.takes_documents != (new.attached_by != "nobody"):
        yield "takes documents by its model or by `attached_by`, and not by the other."
    known = styles()
    for value, style in new.styles.items():
        if known.get(value, style) != style:
            yield f"shows “{value}” otherwise than another aggregate does: {known[value]}."
    yield from _problems_of_transitions(new)


def _problems_of_transitions(new: Aggregate) -> Iterator[str]:
    if isinstance(new.transitions, _NotGiven):
        yield "has no transitions: give its table, an empty one where nothing happens to it."
    for row in new.transitions.values():
        if row.name not in new.functions and not row.own_page:
            yield f"has no function for the transition “{row.name}”."
        if missing := set(row.guards) - set(new.guards):
            yield f"has no guard “{min(missing)}”, which the transition “{row.name}” names."
        if row.event not in new.events:
            yield f"has no words for the event “{row.event}” of the transition “{row.name}”."


def close() -> None:
    """Accept no more aggregates: the portal has started."""
    global _closed  # noqa: PLW0603 (one register for the process)
    _closed = True


def aggregates() -> list[Aggregate]:
    """Return all aggregates, in the order in which they were registered."""
    return list(_aggregates.values())


def models() -> list[type[Restricted]]:
    """Return all registered models."""
    return list(_aggregates)


def of(row: Restricted | type[Restricted]) -> Aggregate:
    """Return the aggregate of a row or model. Raises LookupError when nobody has registered it."""
    model = row if isinstance(row, type) else type(row)
    if model not in _aggregates:
        raise LookupError(f"Nobody has registered {model.__name__}: see assistance/aggregates.py.")
    return _aggregates[model]


def named(name: str) -> Aggregate | None:
    """Return the aggregate whose model has this name, None where there is none."""
    return next((one for one in _aggregates.values() if one.name == name), None)


def in_collection(name: str) -> Aggregate | None:
    """Return the aggregate of a collection, None where there is none."""
    return next((one for one in _aggregates.values() if one.collection == name), None)


def event_label(event: str) -> str:
    """Return an event in words, in the language in use. Raises LookupError for one that no aggregate has."""
    for aggregate in _aggregates.values():
        if event in aggregate.events:
            return str(aggregate.events[event])
    raise LookupError(f"No aggregate has words for the event {event!r}.")


def styles() -> dict[str, tuple[str, str]]:
    """Return tone and icon of every status of every aggregate."""
    return {value: style for aggregate in _aggregates.values() for value, style in aggregate.styles.items()}

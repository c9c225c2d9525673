"""The registry of aggregates: one entry declares all that the shared code needs to know of a kind of restricted row.

Each package registers its models in its `registration.py`; policy, engine, editing, notifications, audit log, API,
menu, administration and tests read the registry and name no model. An incomplete entry is refused at startup.
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

from assistance import registry_defaults as defaults
from assistance.access.models import Restricted

if TYPE_CHECKING:
    from accounts.matters import Matter
    from assistance.access.rules import AccessReason
    from assistance.letters.kinds import LetterKind
    from assistance.pages.sheets.spec import SheetSpec
    from assistance.workflow.clocks import Clock
    from assistance.workflow.deadlines import Deadline, Period
    from assistance.workflow.editing import EditSpec
    from assistance.workflow.engine import TransitionContext
    from assistance.workflow.following import Topic
    from assistance.workflow.notifications import Rule
    from assistance.workflow.pending_work import Task
    from assistance.workflow.transition import Transition
    from entities.actors import Actor

Text = str | Promise
Check = Callable[[Any], None]  # raises Conflict where a transition of a row is not possible
Follow = Callable[
    [Sequence[Any]], None
]  # computes again what depends on these rows, in the transaction that saved them


@dataclass(frozen=True, kw_only=True)
class ReleaseSpec:
    """What is particular to one kind of row that its State releases (`Restricted.released_by_state`).

    Such a model has a `state`, a `version`, the transitions “share” and “withdraw”, and perhaps a `visit`; of its
    `translated` texts the first is shown as its title.
    """

    # ── How its rows are shown ──
    heading: Callable[[Any], Text] = defaults.no_heading  # the words that name a row in a list; empty: its reference
    named: Callable[[Sequence[Any]], str] = defaults.references  # the words that name some rows in a sentence
    listed: Callable[[Sequence[Any]], str] = defaults.references_alone  # the same standing alone, as in a list or title
    counted: Callable[[int], str] = str  # a number of rows in words, such as “12 needs”
    order: tuple[str, ...] = ("reference",)  # the columns by which its rows are ordered, none of a related row
    order_in_visit: tuple[str, ...] = ()  # their order among the rows of one visit; empty: the same
    related: tuple[str, ...] = ("state",)  # the relations read of each row

    # ── Who sees its rows without a release, besides the State: CTED, or whoever these whole sentences name ──
    cted_reads: bool = True  # whether it is CTED, so that no release names it
    readable_today: Text = defaults.READABLE_TODAY
    after_withdrawal: Text = defaults.AFTER_WITHDRAWAL
    kept_to: Text = defaults.KEPT_TO
    kept_to_state: Text = defaults.KEPT_TO_STATE
    not_counted: Text = defaults.NOT_COUNTED
    not_attached: Text = defaults.NOT_ATTACHED

    # ── Which of its rows ──
    asked: Callable[[QuerySet[Any]], QuerySet[Any]] = defaults.all_rows  # those a State is asked for with its visit
    not_agreed: Callable[[QuerySet[Any]], QuerySet[Any]] = (
        defaults.no_rows
    )  # those it has to agree before it can release them

    # ── What a decision over them does ──
    as_released: Callable[[Any], None] = (
        defaults.unchanged
    )  # sets on a row, unsaved, what the readers of a release would see
    end_event: str = ""  # the event that records in a row that its release has ended; empty: it is not recorded


@dataclass(frozen=True, kw_only=True)
class Aggregate:
    """One kind of restricted row. `register` checks which fields are required."""

    # ── Names ──
    model: type[Restricted]
    collection: str = ""  # the name of its collection in addresses, the API, scopes of tokens and the audit log
    label: Text = ""  # the label of the collection
    menu: int | None = None  # position in the menu, None for no entry
    menu_for: "Callable[[Actor], bool]" = defaults.everybody  # whose menu has the entry
    viewset: Any = None  # the viewset of its collection in the API, None without one
    admin_list: tuple[str, ...] = ()  # the list columns in the administration; without any it is not shown there
    reference_paths: tuple[str, ...] = ("reference",)  # the columns by which the audit log finds a row by its reference
    message_reference: Callable[[Any], str] = str  # the reference by which a message names a row
    named_by: "Callable[[Any], Matter] | None" = None  # names a row in words; None: by its title
    named_with: tuple[str, ...] = ()  # the relations `named_by` reads
    named_from: "Callable[[Actor], Iterable[Any]]" = (
        defaults.nothing_named
    )  # prefetches of the rows `named_by` names, as seen

    # ── Who sees and writes it ──
    access_reasons: "Callable[[Any], Iterator[AccessReason]]" = (
        defaults.not_given
    )  # yields every access reason of a row
    reasons_read: Callable[[], tuple[str, ...]] = tuple  # the relations they read, fetched at once for many rows
    seen_with: Callable[[], tuple[str, ...]] = tuple  # relations whose row must be visible too
    may_create: "Callable[[Actor], bool]" = defaults.nobody
    edited_by: str = "nobody"  # a key of `who`
    attached_by: str = "nobody"  # who attaches documents: a key of `who`
    who: "Mapping[str, Callable[[Actor, Any], Iterable[UUID | None]]]" = field(default_factory=dict)  # more parties
    who_words: Mapping[str, Text] = field(default_factory=dict)  # each of them in words, for those who are refused
    reason_texts: "Mapping[str, Callable[[Any, Sequence[AccessReason]], str]]" = field(
        default_factory=dict
    )  # kind → text
    explained_by: Callable[[Any], Any] = defaults.itself  # the row whose `reason_texts` apply
    seen_as: Text = ""  # what of a row its readers see, where `parts` of it have other readers
    parts_as: Text = ""  # what those parts are together, where all of them have the same readers
    parts: "Callable[[Actor, Any], Iterable[Any]]" = (
        defaults.nothing_beside
    )  # rows shown on its page that have other readers
    previewed: Callable[[Collection[UUID], Collection[UUID]], tuple[Q, Q]] = (
        defaults.by_key
    )  # rows a release opens, closes
    release: ReleaseSpec = ReleaseSpec()  # what is particular to its releases, if its State releases it

    on_pages: "Callable[[Actor, Any], dict[str, Any]]" = (
        defaults.nothing_added
    )  # context it adds to the pages of other rows
    panel: str = ""  # the template that shows that context on the pages of other rows; empty for none
    on_organisations: Mapping[str, str] = field(default_factory=dict)  # template → dotted path of what it shows, on the
    # pages of organizations (`entities.organisation_parts`)
    decided: str = "assistance/pages/decided.html"  # the template that shows a row beside a decision over it
    on_decision: "Callable[[Actor, Any], dict[str, Any]]" = defaults.nothing_added  # the context of that template

    # ── What happens to it ──
    transitions: "Mapping[str, Transition]" = field(default_factory=defaults.NotGiven)
    next_step: Callable[[Any], Text] = defaults.no_heading  # what moves a row on from its status, and who can do it
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # the function of each transition
    forbids: Mapping[tuple[type[Restricted], str], Check] = field(default_factory=dict)  # steps of rows of other kinds
    guards: Mapping[str, Callable[[Any], None]] = field(default_factory=dict)  # the conditions named by transitions
    locked_with: str = ""  # the relation whose row is locked first
    save: "Callable[[Sequence[TransitionContext]], None] | None" = None  # saves what one transition changed in rows
    keeps_version: bool = False  # whether transitions leave version and date of a row unchanged
    read_for_guards: "Callable[[Sequence[Any]], None] | None" = None  # reads at once what guards ask of many rows
    facts: Callable[[], dict[str, Any]] = dict  # annotations of lists, which guards ask instead of relations
    recomputes: Mapping[type[Restricted], Follow] = field(default_factory=dict)  # kind of row → what follows its saving
    edit: "EditSpec | None" = None  # how it is recorded and edited; None: only by transitions

    clocks: "Sequence[Clock]" = ()  # what falls due about its rows
    run_deadlines: Callable[[datetime], int] = defaults.nothing_due  # runs what is due at a time, returns how many
    deadlines: "Callable[[Actor, Period], list[Deadline]]" = defaults.no_deadlines  # days of its rows that nobody owes
    pending: "Callable[[Actor], list[Task]]" = defaults.no_tasks  # the tasks of an actor
    styles: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # status → (tone, icon)

    letters: "Sequence[LetterKind]" = ()  # the letters that can be drawn up about its rows
    sheets: "Sequence[SheetSpec]" = ()  # the tables of its rows that can be filled in as spreadsheets
    demo: str = ""  # dotted path of the function that schedules its demonstration data; empty without one
    scale: str = ""  # dotted path of the function that writes its rows of the scale data; empty without one

    # ── Its history, and who is notified ──
    events: Mapping[str, Text] = field(default_factory=dict)  # event → its label
    messages: "Mapping[str, Rule]" = field(default_factory=dict)  # event → its message and recipients
    notifiable: "Callable[[Actor, QuerySet[Any]], QuerySet[Any]]" = (
        defaults.all_seen
    )  # those an actor may be notified of
    topics: "Callable[[Any], Iterable[Topic]]" = defaults.no_topics  # what to follow or mute, the row itself first
    event_also: tuple[str, ...] = ()  # relations in whose history its events are also shown
    hides_events: bool = True  # whether an event referring to such a row is hidden from those who do not see the row
    logged_events: tuple[str, ...] = ()  # events written to the audit log as decisions over a release
    owner_only_events: tuple[str, ...] = ()  # those of them whose subject only CTED and the State see
    private_events: tuple[str, ...] = ()  # events that only the owners of a row see in histories
    logs_events: bool = False  # whether every event referring to such a row is logged so
    about: Callable[[Any], str] | None = None  # its name in the history of another row; None: not named
    history: "Callable[[Actor, Any, QuerySet[Any]], QuerySet[Any]]" = (
        defaults.whole_history
    )  # limits the history of a row

    # ── The State it concerns ──
    state_paths: Callable[[], tuple[str, ...]] = tuple  # relations to the State whose people find it in the audit log
    concerned_states: Callable[[Sequence[Any]], dict[UUID, UUID]] = (
        defaults.no_states
    )  # row → the State that sees who read it
    columns_of_state: tuple[str, ...] = ()  # the columns `concerned_states` reads, none of them a text

    @property
    def limits_history(self) -> bool:
        """Whether what an actor sees of a row's history depends on more than the rows that its events name."""
        return self.history is not defaults.whole_history

    @property
    def limits_notifications(self) -> bool:
        """Whether not everybody who sees a row may be notified of it."""
        return self.notifiable is not defaults.all_seen

    @property
    def name(self) -> str:
        """The name of its model in code, used for its column in events, and its subjects in outbox and audit log."""
        return self.model.record_name()


_aggregates: dict[type[Restricted], Aggregate] = {}
_files: dict[type[Restricted], str] = {}
_closed = False
_kept_styles: dict[str, tuple[str, str]] = {}


def register(aggregate: Aggregate) -> None:
    """Add an aggregate. Raises ImproperlyConfigured, naming the file, if it is incomplete, a duplicate or too late."""
    file = _caller()
    problem = next(_problems(aggregate), None)
    if problem is not None:
        raise ImproperlyConfigured(f"{file}: {aggregate.model.__name__} {problem}")
    _aggregates[aggregate.model] = aggregate
    _files[aggregate.model] = file


def _caller() -> str:
    """Return the path of the registering file, as shown to developers."""
    path = Path(sys._getframe(2).f_code.co_filename)
    return str(path.relative_to(settings.BASE_DIR)) if path.is_relative_to(settings.BASE_DIR) else str(path)


def _problems(new: Aggregate) -> Iterator[str]:
    """Yield the reasons why an aggregate cannot be registered."""
    if _closed:
        yield "is registered after the portal has started; name its package in assistance/aggregates.py."
    if new.model in _aggregates:
        yield f"is registered already, in {_files[new.model]}."
    if not new.collection or not new.label:
        yield "has no collection or no label: give its name in addresses, and that name in words."
    for other in _aggregates.values():
        if other.collection == new.collection:
            yield f"takes the collection “{new.collection}”, which {_files[other.model]} has."
    if new.access_reasons is defaults.not_given:
        yield "has no access rules: give `access_reasons`, which yields why anybody may see a row."
    if new.model.takes_documents != (new.attached_by != "nobody"):
        yield "takes documents by its model or by `attached_by`, and not by the other."
    known = styles()
    for value, style in new.styles.items():
        if known.get(value, style) != style:
            yield f"shows “{value}” otherwise than another aggregate does: {known[value]}."
    yield from _problems_of_parties(new)
    yield from _problems_of_transitions(new)
    yield from _problems_of_clocks(new)


def _problems_of_parties(new: Aggregate) -> Iterator[str]:
    if missing := set(new.who) - set(new.who_words):
        yield f"has no words for the party “{min(missing)}”: whoever is refused is told who can do it."


def _problems_of_transitions(new: Aggregate) -> Iterator[str]:
    if isinstance(new.transitions, defaults.NotGiven):
        yield "has no transitions: give its table, an empty one where nothing happens to it."
    for row in new.transitions.values():
        if row.name not in new.functions and not row.own_page:
            yield f"has no function for the transition “{row.name}”."
        if missing := set(row.guards) - set(new.guards):
            yield f"has no guard “{min(missing)}”, which the transition “{row.name}” names."
        if row.event not in new.events:
            yield f"has no words for the event “{row.event}” of the transition “{row.name}”."


def _problems_of_clocks(new: Aggregate) -> Iterator[str]:
    if new.model.takes_clocks != bool(new.clocks):
        yield "has clocks by its model or by `clocks`, and not by the other."
    taken = {clock.kind: _files[other.model] for other in _aggregates.values() for clock in other.clocks}
    for clock in new.clocks:
        if clock.kind in taken:
            yield f"names its clock “{clock.kind}” as {taken[clock.kind]} does."
        recorded = {*clock.events, *(rung.event for rung in clock.rungs if rung.event)}
        if missing := recorded - set(new.events):
            yield f"has no words for the event “{min(missing)}” of the clock “{clock.kind}”."


def close() -> None:
    """Refuse further aggregates; called when startup is complete."""
    global _closed, _kept_styles
    _closed, _kept_styles = True, styles()


def aggregates() -> list[Aggregate]:
    """Return all aggregates, in the order in which they were registered."""
    return list(_aggregates.values())


def models() -> list[type[Restricted]]:
    """Return all registered models."""
    return list(_aggregates)


def of(row: Restricted | type[Restricted]) -> Aggregate:
    """Return the aggregate of a row or model. Raises LookupError when it is not registered."""
    model = row if isinstance(row, type) else type(row)
    if model not in _aggregates:
        raise LookupError(f"Nobody has registered {model.__name__}: see assistance/aggregates.py.")
    return _aggregates[model]


def by_model(rows: Iterable[Any]) -> dict[type[Restricted], list[Any]]:
    """Return model → those of these rows, in their order."""
    found: dict[type[Restricted], list[Any]] = {}
    for row in rows:
        found.setdefault(type(row), []).append(row)
    return found


def named(name: str) -> Aggregate | None:
    """Return the aggregate whose model has this name, or None."""
    return next((one for one in _aggregates.values() if one.name == name), None)


def in_collection(name: str) -> Aggregate | None:
    """Return the aggregate of a collection, or None."""
    return next((one for one in _aggregates.values() if one.collection == name), None)


def clock(kind: str) -> "Clock":
    """Return the clock of a kind. Raises LookupError when no aggregate declares it."""
    found = next((one for own in _aggregates.values() for one in own.clocks if one.kind == kind), None)
    if found is None:
        raise LookupError(f"No aggregate has a clock “{kind}”.")
    return found


def named_in_events() -> list[str]:
    """Return the names of the models whose rows are named in the history of other rows."""
    return [aggregate.name for aggregate in _aggregates.values() if aggregate.about or aggregate.logs_events]


def event_label(event: str) -> str:
    """Return the label of an event in the active language. Raises LookupError for an event of no aggregate."""
    for aggregate in _aggregates.values():
        if event in aggregate.events:
            return str(aggregate.events[event])
    raise LookupError(f"No aggregate has words for the event {event!r}.")


def styles() -> dict[str, tuple[str, str]]:
    """Return tone and icon of every status of every aggregate; not to be changed."""
    if _closed and _kept_styles:
        return _kept_styles
    return {value: style for aggregate in _aggregates.values() for value, style in aggregate.styles.items()}

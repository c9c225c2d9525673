"""Queries of the access log: which entries a person may see, and what each entry shows to them."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from accounts.matters import Matter
from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.workflow.naming import matter_of, rows_by_subject
from audit.kinds import READING, Kind
from audit.models import Entry
from entities.actors import Actor
from entities.appointments import is_coordinator
from entities.models import Appointment
from web.exceptions import Forbidden
from web.pagination import PAGE_SIZE

# Kinds of entries a State may see: who read its texts, and what was decided over them.
TOLD_TO_STATES = (*READING, Kind.CONSENT)
NAMED = PAGE_SIZE  # records of one entry named in words: what one page of a list shows


# ── Which entries? ───────────────────────────────────────────────────────────


def visible(actor: Actor) -> QuerySet[Entry]:
    """Return the entries this actor may see. Raises Forbidden for an actor who may see none at all."""
    if is_coordinator(actor):
        return Entry.objects.all()
    states = [state.pk for state in actor.states()]
    if not states:
        raise Forbidden
    return Entry.objects.filter(states__overlap=states, kind__in=TOLD_TO_STATES)


def rows_of(actor: Actor, model: type[Restricted]) -> QuerySet[Any]:
    """Return the rows that entries may name to this actor: those visible to them, and for a State only its own."""
    rows: QuerySet[Any] = policy.visible(actor, model)
    if is_coordinator(actor):
        return rows
    own = [state.pk for state in actor.states()]
    whole = Q(pk__in=())
    for path in registry.of(model).state_paths():
        whole |= Q(**{f"{path}__in": own})
    return rows.filter(whole)


def about(actor: Actor, entries: QuerySet[Entry], reference: str) -> QuerySet[Entry]:
    """Return the entries about the record with this reference, as far as this actor may know their subjects."""
    subjects = subjects_named(actor, reference)
    keys = [UUID(subject.partition(":")[2]) for subject in subjects]
    found = entries.filter(Q(subjects__overlap=subjects) | Q(rows__overlap=keys))
    own = [organisation.pk for organisation in actor.organisations]
    kept = Q() if actor.is_cted else Q(kind=Kind.CONSENT, detail__in=_owner_only_events()) & ~Q(states__overlap=own)
    return found.exclude(kept) if kept else found


def _owner_only_events() -> set[str]:
    """Return the events that disclose the state of a State's consent as a whole.

    Only CTED and the State see the subjects of their entries. Other readers of the log see that somebody decided, but
    not over what (policy.sees_consents).
    """
    return {event for aggregate in registry.aggregates() for event in aggregate.owner_only_events}


def _is_told(actor: Actor, entry: Entry) -> bool:
    kept = entry.kind == Kind.CONSENT and entry.detail in _owner_only_events()
    return not kept or all(policy.sees_consents(actor, state) for state in entry.states)


def subjects_named(actor: Actor, reference: str) -> list[str]:
    """Return the subjects this reference stands for: that of a visit includes the sections of its report."""
    reference, subjects = reference.strip().upper(), []
    for model in _models(actor):
        wanted = Q()
        for path in registry.of(model).reference_paths:
            wanted |= Q(**{path: reference})
        keys = rows_of(actor, model).filter(wanted).values_list("pk", flat=True)
        subjects += [f"{model.record_name()}:{pk}" for pk in keys]
    return subjects


def _models(actor: Actor) -> list[type[Restricted]]:
    """Return the models whose rows entries may show to this actor: for a State those that belong to a State."""
    found = [aggregate for aggregate in registry.aggregates() if aggregate.reference_paths]
    return [a.model for a in found if is_coordinator(actor) or a.state_paths()]


# ── What does an entry show? ─────────────────────────────────────────────────
@dataclass(frozen=True)
class Record:
    """A row an entry is about, as far as the reader may know it."""

    key: str
    reference: str
    url: str


@dataclass(frozen=True)
class Named:
    """A record of an entry with its name in words; None where only its reference is shown."""

    record: Record
    matter: Matter | None


@dataclass(frozen=True)
class Line:
    """An entry as shown to this reader. `viewed_by` is the person who viewed as `who`, empty without impersonation.

    `withheld` counts the records in it that the reader may not know. `route` and `detail` are shown to coordinators
    only, and empty for others.
    """

    entry: Entry
    at: datetime
    kind: str | Promise
    who: str
    viewed_by: str
    organisations: tuple[str, ...]
    records: tuple[Record, ...]
    withheld: int
    interface: str | Promise
    route: str
    detail: str
    names: list[Named] = field(default_factory=list)


def lines(actor: Actor, entries: Sequence[Entry]) -> list[Line]:
    """Return the entries as shown to this actor, in a constant number of queries."""
    known = _records(actor, {subject for entry in entries for subject in entry.all_subjects})
    posts = {post for entry in entries for post in entry.appointments}
    organisations = {
        appointment.pk: appointment.organisation.name
        for appointment in Appointment.objects.filter(pk__in=posts).select_related("organisation")
    }
    coordinates = is_coordinator(actor)
    found = []
    for entry in entries:
        is_told = _is_told(actor, entry)
        told = known if is_told else {}
        found.append(
            Line(
                entry=entry,
                at=entry.at,
                kind=Kind(entry.kind).label if entry.kind in Kind.values else entry.kind,
                who=entry.who_name,
                viewed_by=entry.viewed_by_name,
                organisations=tuple(
                    dict.fromkeys(organisations[pk] for pk in entry.appointments if pk in organisations)
                ),
                records=tuple(told[subject] for subject in entry.all_subjects if subject in told),
                withheld=_withheld(entry, told) if coordinates else 0,
                interface=interface_in_words(entry.source),
                route=entry.source if coordinates and is_told else "",
                detail=entry.detail if coordinates and is_told else "",
            )
        )
    return found


def _withheld(entry: Entry, known: Container[str]) -> int:
    """Return how many records of the entry the reader may not know; people, tokens and files are not counted."""
    return sum(
        subject not in known and registry.named(subject.partition(":")[0]) is not None for subject in entry.all_subjects
    )


def named(actor: Actor, found: Sequence[Line]) -> None:
    """Name the first NAMED records of each line in words, in one query for each kind; they count as read by that.

    The others keep their references: an entry about an export would make its reader a reader of all of it.
    """
    wanted = {record.key for line in found for record in line.records[:NAMED]}
    rows = rows_by_subject(actor, wanted)
    matters = {key: matter_of(row) for key, row in rows.items()}
    for line in found:
        line.names.extend(Named(record, matters.get(record.key)) for record in line.records)


def interface_in_words(source: str) -> str | Promise:
    """Return the interface by which something was read, as a label."""
    if "/api/" in source:
        return pgettext_lazy("access channel", "API")
    if not source or source.startswith(("task ", "command ")):
        return pgettext_lazy("access channel", "Portal (automatic)")
    return pgettext_lazy("access channel", "Web page")


def _records(actor: Actor, subjects: Iterable[str]) -> dict[str, Record]:
    """Return subject → record, for those this actor may know. Runs one query for each kind of row."""
    keys: dict[str, set[UUID]] = {}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        keys.setdefault(kind, set()).add(UUID(key))
    found: dict[str, Record] = {}
    for model in _models(actor):
        kind = model.record_name()
        if kind in keys:
            found |= {record.key: record for record in _known(actor, model, kind, keys[kind])}
    return found


def _known(actor: Actor, model: type[Restricted], kind: str, keys: set[UUID]) -> Iterable[Record]:
    rows = rows_of(actor, model).filter(pk__in=keys)
    for pk, reference in rows.values_list("pk", "reference"):
        yield Record(f"{kind}:{pk}", reference, reverse(model.url_name(), args=[pk]))

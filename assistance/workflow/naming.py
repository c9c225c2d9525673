"""Names of rows in words, for tasks, notifications, deadlines and the access log: the reference number comes last."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.text import capfirst

from accounts import matters
from accounts.matters import Matter
from accounts.models import User
from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted, text_columns
from assistance.access.reading import joined_by, put_kept, read
from assistance.workflow.notifications import BATCH, SOURCE, kinds_told_together
from entities.actors import Actor, actor_of
from entities.models import Organisation
from web.lists import joined
from web.translated_text import localized


def titled(row: Any, *facts: object) -> Matter:
    """Return a row by the first of its translated texts, its title, with these facts; by its kind if it has none."""
    if not row.translated:
        return Matter(capfirst(str(row._meta.verbose_name)), facts=tuple(map(str, facts)))
    text = localized(row, row.translated[0])
    return Matter(text.value, text.language, tuple(map(str, facts)))


def matter_of(row: Restricted) -> Matter:
    """Return what names a row to people, by its aggregate. The relations `named_with` are read."""
    own = registry.of(row)
    matter = (own.named_by or titled)(row)
    return replace(matter, reference=str(getattr(row, "reference", matter.reference)))


def in_words(row: Restricted) -> str:
    """Return what names a row in a list to choose from: its title and facts, the reference last."""
    matter = matter_of(row)
    return f"{matter} · {matter.reference}" if matter.reference else str(matter)


def tab_title(row: Restricted) -> str:
    """Return what names a row in the title of a browser tab: its title, then its reference."""
    matter = matter_of(row)
    return f"{matter.title} · {matter.reference}" if matter.reference else str(matter.title)


def with_names(rows: QuerySet[Any], actor: Actor | None = None) -> QuerySet[Any]:
    """Return these rows with the relations that `matter_of` reads, and what an actor sees of the rows they name."""
    own = registry.of(rows.model)
    found = rows.select_related(*own.named_with) if own.named_with else rows
    return found.prefetch_related(*own.named_from(actor)) if actor else found


def only_names(rows: QuerySet[Any], actor: Actor | None = None) -> QuerySet[Any]:
    """Return these rows as `with_names` does, of their texts the titles only, for lists that show nothing else."""
    model: Any = rows.model
    return with_names(rows, actor).defer(*_left_out(model))


def named_rows(
    actor: Actor,
    model: Any,
    key: object,
    narrowed: Callable[..., QuerySet[Any]],
    values: Sequence[Any] = (),
    most: int | None = None,
) -> list[Any]:
    """Return the first of `narrowed(visible rows, *values)`, with what `matter_of` reads, by a kept statement.

    Organizations are those that the process keeps; with the same key only the values differ.
    """
    own = registry.of(model)
    joined = list(dict.fromkeys(filter(None, (joined_by(model, path) for path in own.named_with))))

    def build(actor: Actor, *values: Any) -> QuerySet[Any]:
        rows = policy.visible(actor, model).defer(*_left_out(model))
        return narrowed(rows.select_related(*joined) if joined else rows, *values)

    rows = read(("named", model, key), build, actor, values, most)
    for path in own.named_with:
        put_kept(rows, path, actor.version)
    prefetch_related_objects(rows, *own.named_from(actor))
    return rows


def _left_out(model: Any) -> list[str]:
    """Return the texts but for titles, of a model and of the rows that its names read."""
    found = list(_unnamed(model))
    for path in registry.of(model).named_with:
        joined, before = model, ""
        for name in path.split("__"):
            joined, before = joined._meta.get_field(name).related_model, f"{before}{name}__"
            found += [before + column for column in _unnamed(joined)]
    return found


@cache
def _unnamed(model: Any) -> frozenset[str]:
    """Return the columns of the texts of a restricted model but for its title; none of another."""
    if not issubclass(model, Restricted):
        return frozenset()
    title = model.translated[0] if model.translated else ""
    return frozenset(
        one for one in text_columns(model) if not title or not (one == title or one.startswith(f"{title}_"))
    )


def rows_by_subject(actor: Actor, subjects: Iterable[str]) -> dict[str, Any]:
    """Return subject → row, for those this actor sees: one query for each kind of row, whatever their number."""
    wanted: dict[str, set[UUID]] = {}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        if registry.named(kind) is not None:
            wanted.setdefault(kind, set()).add(UUID(key))
    found: dict[str, Any] = {}
    for aggregate in registry.aggregates():
        if keys := wanted.get(aggregate.name):
            rows = only_names(policy.visible(actor, aggregate.model), actor).filter(pk__in=keys)
            found |= {f"{aggregate.name}:{row.pk}": row for row in rows}
    return found


def matters_of(user: User, subjects: Iterable[str], actor: Actor | None = None) -> dict[str, Matter]:
    """Return subject → matter, for the subjects of messages that this user sees now."""
    actor, subjects = actor or actor_of(user), list(subjects)
    of_rows = {subject: matter_of(row) for subject, row in rows_by_subject(actor, subjects).items()}
    return of_rows | _matters_of_batches(actor, subjects)


def _matters_of_batches(actor: Actor, subjects: Iterable[str]) -> dict[str, Matter]:
    """Return subject → matter for decisions over several rows: named by the States of those rows the actor sees."""
    keys = [subject.partition(":")[2] for subject in subjects if subject.startswith(f"{BATCH}:")]
    states: dict[UUID, set[UUID]] = {}
    for own in kinds_told_together() if keys else ():
        rows = own.notifiable(actor, policy.visible(actor, own.model)).filter(events__batch__in=keys)
        for batch, state in rows.values_list("events__batch", own.state_paths()[0]).distinct():
            states.setdefault(batch, set()).add(state)
    known = Organisation.objects.in_bulk({key for own in states.values() for key in own}) if states else {}
    return {
        f"{BATCH}:{batch}": Matter(joined(sorted(str(known[key].name) for key in own))) for batch, own in states.items()
    }


matters.register(SOURCE, matters_of)

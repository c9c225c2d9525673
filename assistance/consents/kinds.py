"""The kinds of rows that a State releases: those registered whose model declares `released_by_state`."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.consents.models import Consent, PlanLine, relation_of
from assistance.registry import Aggregate
from assistance.workflow.naming import only_names
from entities.actors import Actor

Keys = dict[type[Restricted], list[str]]


def kinds() -> list[Aggregate]:
    """Return the kinds of rows that a State releases, in the order in which lists show them."""
    return [aggregate for aggregate in registry.aggregates() if aggregate.model.released_by_state]


def kinds_of_visits() -> list[Aggregate]:
    """Return those kinds whose rows may belong to a visit."""
    return [kind for kind in kinds() if any(field.name == "visit" for field in kind.model._meta.fields)]


def visit_of(row: Any) -> Any:
    """Return the visit to which a row belongs, or None."""
    return getattr(row, "visit", None)


def visit_id_of(row: Any) -> Any:
    """Return the key of the visit to which a row belongs, or None."""
    return getattr(row, "visit_id", None)


def keys_by_model(rows: Iterable[Restricted]) -> Keys:
    """Return what `in_order_of_locks` returns for these rows."""
    return in_order_of_locks((type(row), row.pk) for row in rows)


def in_order_of_locks(named: Iterable[tuple[type[Restricted], object]]) -> Keys:
    """Return model → the keys named with it, in the one order in which rows are locked: by collection, then by key."""
    found: dict[type[Restricted], set[str]] = {}
    for model, key in named:
        found.setdefault(model, set()).add(str(key))
    return {model: sorted(found[model]) for model in sorted(found, key=lambda model: registry.of(model).collection)}


def ordered(kind: Aggregate, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows of one kind in the order of lists, with what lists show of them."""
    return rows.select_related(*kind.release.related).order_by(*kind.release.order)


def lines_in_order(lines: QuerySet[PlanLine]) -> QuerySet[PlanLine]:
    """Return lines of plans in the order of lists: kind by kind, each in its own order."""
    return lines.order_by(*(f"{kind.name}__{column}" for kind in kinds() for column in kind.release.order))


def with_rows(lines: QuerySet[PlanLine], *relations: str) -> QuerySet[PlanLine]:
    """Return lines of plans with the audience they name and their rows: with these relations, and what lists show."""
    paths = [f"{kind.name}__{path}" for kind in kinds() for path in (*relations, *kind.release.related)]
    return lines.select_related("released_to", *paths)


def about_visits(lookup: str, value: object) -> Q:
    """Return the condition for consents about a visit, or about a row of a visit, such as `("visit__in", visits)`."""
    whole = Q(**{lookup: value})
    for kind in kinds_of_visits():
        whole |= Q(**{f"{relation_of(kind.model)}__{lookup}": value})
    return whole


def about_rows(rows: Iterable[Restricted]) -> Q:
    """Return the condition for consents about any of these rows."""
    whole = Q(pk__in=[])
    for model, keys in keys_by_model(rows).items():
        whole |= Q(**{f"{relation_of(model)}__in": keys})
    return whole


def prefetches(actor: Actor) -> list[Prefetch]:
    """Return the prefetches that `rows_seen` reads: the rows of consents that this actor sees."""
    return [
        Prefetch(relation, ordered(kind, only_names(policy.visible(actor, kind.model))), to_attr=f"{relation}_seen")
        for kind in kinds()
        for relation in [relation_of(kind.model)]
    ]


def rows_seen(consent: Consent) -> list[Any]:
    """Return the rows of a consent that was loaded with `prefetches`, in the order of lists; without them none."""
    return [row for kind in kinds() for row in getattr(consent, f"{relation_of(kind.model)}_seen", ())]

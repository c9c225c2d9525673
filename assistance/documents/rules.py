"""Who sees documents, and who attached them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from assistance import registry
from assistance.access import policy
from assistance.access.rules import AccessReason, ReasonKind, access_reasons
from assistance.documents.models import PARENTS, Document
from entities.actors import Actor, includes


def document_access_reasons(document: Document) -> Iterator[AccessReason]:
    """Yield why anybody sees a document: for the reasons of the row it is on.

    Once removed, only for the organisation that attached it, while that one sees the row.
    """
    of_parent = list(access_reasons(document.parent))
    own = document.attached_as.organisation
    if document.removed_at is None:
        yield from of_parent
    elif includes({reason.group for reason in of_parent}, own):
        yield AccessReason(own.group_id, ReasonKind.ATTACHED)


def seen_with() -> tuple[str, ...]:
    """Return the columns whose row has to be seen too: those of parents of which the same is true."""
    return tuple(name for name, model in PARENTS.items() if registry.of(model).seen_with())


def previewed(opened: Collection[UUID], closed: Collection[UUID]) -> tuple[Q, Q]:
    """Return the conditions for documents that open, and close, with the rows they are on."""
    open_with, close_with = Q(), Q()
    for name in PARENTS:
        open_with |= Q(**{f"{name}__in": opened})
        close_with |= Q(**{f"{name}__in": closed})
    return open_with & Q(removed_at__isnull=True), close_with


def attacher(actor: Actor, document: Document) -> Iterable[UUID | None]:
    """Return the organisation that attached it."""
    return [document.attached_as.organisation_id]


def sees_versions(actor: Actor, document: Document) -> bool:
    """Whether this actor sees earlier files of a document: who attaches there, and who attached it, do."""
    attaches = policy.attacher(actor, document.parent) is not None
    return attaches or policy.acting_as(actor, "attacher", document) is not None


def parent(document: Document) -> Any:
    """Return the row it is on, whose reasons are those of the document."""
    return document.parent


def state_paths() -> tuple[str, ...]:
    """Return the ways from a document to the State it concerns: through those of the rows it can be on."""
    return tuple(f"{name}__{path}" for name, model in PARENTS.items() for path in registry.of(model).state_paths())


def states_of_documents(documents: Sequence[Document]) -> dict[UUID, UUID]:
    """Return the State that learns who read each document: that of the row it is on. One statement for each kind of row."""
    found: dict[UUID, UUID] = {}
    for name, model in PARENTS.items():
        keys = {row.pk: getattr(row, f"{name}_id") for row in documents}
        aggregate = registry.of(model)
        if not aggregate.columns_of_state or not (wanted := set(keys.values()) - {None}):
            continue
        parents = model._default_manager.only(*aggregate.columns_of_state).in_bulk(wanted)
        states = aggregate.concerned_states(list(parents.values()))
        found |= {pk: states[key] for pk, key in keys.items() if key in states}
    return found

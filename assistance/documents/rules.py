"""Access rules of documents: who sees them, and who attached them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assistance import registry
from assistance.access import policy
from assistance.access.rules import AccessReason, access_reasons
from assistance.documents.models import PARENTS, Document
from entities.actors import Actor, includes

ATTACHED = "attached"  # its own kind of access reason


def document_access_reasons(document: Document) -> Iterator[AccessReason]:
    """Yield the access reasons of a document: those of the row it is on.

    Once removed, only the organisation that attached it, while that organisation sees the row.
    """
    of_parent = list(access_reasons(document.parent))
    own = document.attached_as.organisation
    if document.removed_at is None:
        yield from of_parent
    elif includes({reason.group for reason in of_parent}, own):
        yield AccessReason(own.group_id, ATTACHED)


def reasons_read() -> tuple[str, ...]:
    """Return the relations that access reasons read: those of each row a document can be on."""
    parents = [
        path for name, model in PARENTS.items() for path in (name, *_below(name, registry.of(model).reasons_read()))
    ]
    return ("attached_as__organisation", *parents)


def _below(name: str, paths: Iterable[str]) -> Iterator[str]:
    return (f"{name}__{path}" for path in paths)


def attached(document: Document, reasons: Sequence[AccessReason]) -> str:
    """Return the text of the reason that the organisation attached the document."""
    return _("Attached it; the record of its removal is kept")


def seen_with() -> tuple[str, ...]:
    """Return the columns whose row must be visible too: those to models that declare `seen_with` themselves."""
    return tuple(name for name, model in PARENTS.items() if registry.of(model).seen_with())


def previewed(opened: Collection[UUID], closed: Collection[UUID]) -> tuple[Q, Q]:
    """Return the conditions for documents that a release opens, and closes, together with the rows they are on."""
    open_with, close_with = Q(), Q()
    for name in PARENTS:
        open_with |= Q(**{f"{name}__in": opened})
        close_with |= Q(**{f"{name}__in": closed})
    return open_with & Q(removed_at__isnull=True), close_with


def attacher(actor: Actor, document: Document) -> Iterable[UUID | None]:
    """Return the organisation that attached it."""
    return [document.attached_as.organisation_id]


def sees_versions(actor: Actor, document: Document) -> bool:
    """Return whether this actor sees earlier versions: those who may attach files there, and those who attached it."""
    attaches = policy.attacher(actor, document.parent) is not None
    return attaches or policy.acting_as(actor, "attacher", document) is not None


def parent(document: Document) -> Any:
    """Return the row it is on, whose access reasons it shares."""
    return document.parent


def notifiable(actor: Actor, documents: QuerySet[Any]) -> QuerySet[Any]:
    """Return none: no message is about a document, so nobody may be notified of one."""
    return documents.none()


def state_paths() -> tuple[str, ...]:
    """Return the lookup paths from a document to the State it concerns, through the rows it can be on."""
    return tuple(f"{name}__{path}" for name, model in PARENTS.items() for path in registry.of(model).state_paths())


def states_of_documents(documents: Sequence[Document]) -> dict[UUID, UUID]:
    """Return the State that may learn who read each document: that of the row it is on. One query per kind of row."""
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

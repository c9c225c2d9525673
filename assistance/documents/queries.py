"""Queries of documents: those on a row, their versions, and their files. Each starts from policy."""

from typing import Any

from django.db.models import QuerySet

from assistance.access import policy
from assistance.access.models import Restricted, text_columns
from assistance.documents.models import PARENTS, Document, DocumentVersion
from assistance.documents.rules import sees_versions
from assistance.documents.transitions import may_attach
from assistance.needs.models import Need
from entities.actors import Actor
from files.models import StoredFile
from web.exceptions import NotVisible


def documents_on(actor: Actor, row: Restricted) -> QuerySet[Document]:
    """Return the documents on a row that this actor sees, newest first."""
    rows = policy.visible(actor, Document).filter(**{row.record_name(): row})
    return rows.select_related("file", "attached_as__organisation").order_by("-attached_at", "-id")


def versions_of(actor: Actor, document: Document) -> list[DocumentVersion]:
    """Return all files of a document, newest first; an empty list for mere readers, and for a removed document."""
    if document.removed_at is not None or not sees_versions(actor, document):
        return []
    return list(document.versions.select_related("file", "added_by"))


def downloads(actor: Actor) -> QuerySet[Document]:
    """Return the documents this actor sees, without loading text columns of theirs or of the rows they are on.

    Loading a text counts as reading it in the audit log; who requests a file has read nothing until it is sent.
    """
    related: dict[str, type[Restricted]] = {**PARENTS, "match__need": Need}
    texts = [f"{path}__{column}" for path, model in related.items() for column in text_columns(model)]
    rows = policy.visible(actor, Document).select_related("file", "attached_as", *related)
    return rows.defer(*text_columns(Document), *texts)


def file_of(actor: Actor, document: Document, number: int | None = None) -> StoredFile:
    """Return the current file of a document, or that of one version. Raises NotVisible, also for removed documents."""
    if document.removed_at is not None:
        raise NotVisible
    if number is None or number == document.number:
        return document.file
    found = [version.file for version in versions_of(actor, document) if version.number == number]
    if not found:
        raise NotVisible
    return found[0]


def named_parent(document: Document) -> str:
    """Return the name of the row a document is on, as shown on pages, for example “Need N-7K3M-92QD”."""
    parent = document.parent
    return f"{str(parent._meta.verbose_name).capitalize()} {parent}"


def on_page(actor: Actor, row: Any) -> dict[str, Any]:
    """Return context for the page of a row that takes documents: those on it, and whether the reader may attach one."""
    if not row.takes_documents:
        return {}
    return {"documents": documents_on(actor, row), "kind": row.record_name(), "may_attach": may_attach(actor, row)}

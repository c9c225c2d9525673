"""Transitions of documents: attach to one row, upload a new version, remove with a reason."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance import registry
from assistance.access import audiences, policy, row_security
from assistance.access.models import Restricted
from assistance.access.rules import is_released
from assistance.consents.transitions import asks_for_two
from assistance.documents.models import Document, DocumentVersion
from assistance.workflow.engine import locked, record, require_text, save
from entities.actors import Actor
from entities.models import Appointment
from files import storage
from web.exceptions import Conflict, Invalid
from web.uploads import errors_at

# The step of documents that an aggregate can forbid on its rows (`Aggregate.forbids`): attach, replace or remove one.
CHANGE = "change"


def attach(*, actor: Actor, parent: Restricted, file: File, title: str = "", sent_together: bool = False) -> Document:
    """Attach a file to a row the actor may write; the default title is the name of the file.

    `sent_together`: the row is sent in this transaction, with the file, and takes no further one.
    Returns the document; raises NotVisible, Forbidden, Conflict (the row is sent or released), Invalid (file, title).
    """
    check = _check_release if sent_together else check_attach
    check(actor, policy.get(actor, type(parent), parent.pk))
    cleaned = _cleaned(file)
    with transaction.atomic(), _looking_past(locked(actor, type(parent), parent.pk)) as row:
        appointment = check(actor, row)
        document = Document(title=_title(title) or cleaned.name.rpartition(".")[0], attached_by=actor.user)
        setattr(document, row.record_name(), row)
        document.attached_as = appointment
        with errors_at("file"):
            document.file = storage.keep(cleaned, owner=appointment.organisation_id)
        audiences.assign_audience(document)
        document.save(force_insert=True)
        _add_version(document, appointment, actor)
        _record("document_attached", document, actor, appointment)
    return document


def replace(*, actor: Actor, document: object, file: File) -> Document:
    """Replace the file by a new version; the earlier one stays visible to those who may attach files there.

    Returns the document; raises NotVisible, Forbidden, Conflict (removed, or the row is sent or released), Invalid (file).
    """
    check_own(actor, policy.get(actor, Document, document))
    cleaned = _cleaned(file)
    with transaction.atomic(), _locked(actor, document) as row:
        appointment = check_own(actor, row)
        check_attach(actor, row.parent)
        with errors_at("file"):
            row.file = storage.keep(cleaned, owner=appointment.organisation_id)
        row.number += 1
        row.save(update_fields=["file", "number"])
        _add_version(row, appointment, actor)
        _record("document_replaced", row, actor, appointment)
    return row


def remove(*, actor: Actor, document: object, reason: str) -> Document:
    """Remove a document for everybody: its files are kept but no longer served.

    Returns the document; raises NotVisible, Forbidden, Conflict (removed already, or the row is sent), Invalid without a
    reason.
    """
    require_text(reason=reason)
    with transaction.atomic(), _locked(actor, document) as row:
        appointment = check_own(actor, row)
        row.removed_at, row.removed_by, row.removed_reason = timezone.now(), actor.user, reason
        audiences.assign_audience(row)
        row.save(update_fields=["removed_at", "removed_by", "removed_reason", *audiences.AUDIENCE_FIELDS])
        _record("document_removed", row, actor, appointment, reason)
    return row


def may_attach(actor: Actor, row: Restricted) -> bool:
    """Return whether this actor may attach a file to this row now."""
    try:
        return policy.attacher(actor, row) is not None and check_attach(actor, row) is not None
    except Conflict:
        return False


def check_attach(actor: Actor, row: Any) -> Appointment:
    """Return the appointment by which the actor attaches to this row.

    Raises Forbidden; Conflict for a row whose aggregate forbids it now, such as one that was sent, and for a released
    row: only the State may add to what it has released, and not even the State where it requires two persons.
    """
    policy.require(actor, registry.of(row).attached_by, row)
    _check_allowed(row)
    return _check_release(actor, row)


def _check_allowed(row: Restricted) -> None:
    """Raise Conflict where the aggregate of a row forbids that its documents change now."""
    forbidden = registry.of(row).forbids.get((Document, CHANGE))
    if forbidden is not None:
        forbidden(row)


def _check_release(actor: Actor, row: Any) -> Appointment:
    appointment = policy.require(actor, registry.of(row).attached_by, row)
    if opens_at_once(row):
        if appointment.organisation_id != row.state_id:
            raise Conflict(registry.of(_released_row(row)).release.not_attached)
        if asks_for_two(row.state_id):
            raise Conflict(
                _(
                    "Your State applies the two-person rule. Withdraw consent, attach the file, and release the "
                    "record again."
                )
            )
    return appointment


def opens_at_once(row: Restricted) -> bool:
    """Return whether others can read a new attachment at once, which therefore requires recent reauthentication."""
    found = _released_row(row)
    return found.released_by_state and is_released(found)


def _released_row(row: Restricted) -> Restricted:
    """Return the row whose release opens this one: itself, or the one named by `released_with`, of which only the key is read."""
    if not row.released_with:
        return row
    relation: Any = row._meta.get_field(row.released_with)
    found: Restricted = relation.related_model(pk=getattr(row, relation.attname))
    return found


def check_own(actor: Actor, document: Document) -> Appointment:
    """Return the appointment by which the actor replaces or removes a document.

    Raises Forbidden; Conflict for a removed document, or one on a row whose documents may not change now.
    """
    appointment = policy.require(actor, "attacher", document)
    if document.removed_at is not None:
        raise Conflict(_("The document has already been removed."))
    _check_allowed(document.parent)
    return appointment


def may_change(actor: Actor, document: Document) -> bool:
    """Return whether this actor may replace or remove this document now: they act for the organisation that attached it."""
    try:
        return policy.acting_as(actor, "attacher", document) is not None and check_own(actor, document) is not None
    except Conflict:
        return False


@contextmanager
def _looking_past(row: Any) -> Iterator[Any]:
    """Yield the locked row with row-level security bypassed: its new audience is computed from all facts."""
    with row_security.bypass():
        yield row


def _locked(actor: Actor, pk: object) -> AbstractContextManager[Any]:
    """Lock the row the document is on, then the document, in the order of all transitions; yield the document."""
    seen = policy.get(actor, Document, pk)
    parent = locked(actor, type(seen.parent), seen.parent.pk)
    row = policy.get(actor, Document, pk, lock=True)
    setattr(row, row.parent_name, parent)
    return _looking_past(row)


def _title(title: str) -> str:
    title = " ".join(title.split())
    if len(title) > 200:
        raise Invalid({"title": [_("The title is too long. Use at most 200 characters.")]})
    return title


def _cleaned(file: File) -> storage.Cleaned:
    """Return the sanitised file. Called before any row is locked, because sanitising is slow."""
    with errors_at("file"):
        return storage.clean(file)


def _add_version(document: Document, appointment: Appointment, actor: Actor) -> None:
    DocumentVersion.objects.create(
        document=document, number=document.number, file=document.file, added_by=actor.user, added_as=appointment
    )


def _record(event: str, document: Document, actor: Actor, appointment: Appointment, reason: str = "") -> None:
    """Record the event on the document and on its row, without messages, which would disclose the name of the file."""
    parent = document.parent
    if parent.released_by_state:
        save(parent, [])  # a new version of the row: a release must be based on the row with this document
    also = {document.parent_name: parent}
    record(event, document, actor=actor, appointment=appointment, reason=reason, tell=False, **also)
    policy.get(actor, Document, document.pk)  # whoever writes a row must be able to see it

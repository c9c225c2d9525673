"""Who sees a returned spreadsheet, and who may act on it: the organization that returned it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from assistance.access.rules import AccessReason
from assistance.spreadsheets.models import Spreadsheet
from entities.actors import Actor

RETURNED = "returned"  # the own kind of access reason


def access_reasons(row: Spreadsheet) -> Iterator[AccessReason]:
    """Yield the access reason of a returned spreadsheet."""
    yield AccessReason(row.organisation.group_id, RETURNED)


def in_words(row: Any, reasons: Sequence[AccessReason]) -> str:
    """Return the reason in words."""
    return _("The organization that returned the spreadsheet")


def returner(actor: Actor, row: Spreadsheet) -> Iterable[UUID | None]:
    """Return who applies or discards a returned spreadsheet."""
    return [row.organisation_id]

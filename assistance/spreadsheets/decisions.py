"""What pages show of a returned spreadsheet beside the decision over it."""

from typing import Any

from django.urls import reverse

from assistance.access import policy
from assistance.pages.sheets.spec import SheetSpec, specs
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.preview import Preview, preview_of
from assistance.spreadsheets.states import SpreadsheetStatus
from audit import log
from entities.actors import Actor
from web.exceptions import Conflict, Forbidden, NotVisible
from web.views import Link


def about_spreadsheet(actor: Actor, row: Spreadsheet) -> dict[str, Any]:
    """Return what a spreadsheet would change, while it is not applied, and the row that it is about, as far as seen."""
    found = _preview(actor, row) if row.status == SpreadsheetStatus.RECEIVED else None
    log.read([row])
    return {
        "changes": found,
        "is_waiting": row.status == SpreadsheetStatus.RECEIVED,
        "about": _about(actor, row),
        "next_step": next((spec.next_step for spec in specs() if spec.name == row.sheet), ""),
    }


def _preview(actor: Actor, row: Spreadsheet) -> Preview | None:
    try:
        return preview_of(actor, row)
    except NotVisible:
        return None


def _about(actor: Actor, row: Spreadsheet) -> Link | None:
    """Return a link to where the reader goes on with what the spreadsheet is about."""
    spec = next((one for one in specs() if one.name == row.sheet), None)
    found = policy.visible(actor, spec.model).filter(pk=row.about).first() if spec else None
    return Link(spec.page(found), row.about_reference) if spec and found else None


def offered(actor: Actor, row: Any) -> list[Link]:
    """Return links to the tables about a row that this actor may fill in as a spreadsheet."""
    return [
        Link(reverse("sheet", args=[spec.name, row.pk]), spec.title)
        for spec in specs()
        if spec.model is type(row) and _is_allowed(spec, actor, row)
    ]


def _is_allowed(spec: SheetSpec, actor: Actor, row: Any) -> bool:
    try:
        spec.allowed(actor, row)
    except (Forbidden, Conflict):
        return False
    return True

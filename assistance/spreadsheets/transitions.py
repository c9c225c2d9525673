"""Transitions of returned spreadsheets: receive, apply all or nothing, discard, and delete what nobody applied."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import transaction as database_transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from assistance.access import audiences, policy, row_security
from assistance.pages.sheets.spec import spec_named
from assistance.pages.sheets.values import check
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.preview import NOW, YOURS, Preview, RowPreview, preview, preview_of
from assistance.spreadsheets.reading import content_of, read
from assistance.spreadsheets.states import KEPT, SpreadsheetStatus
from assistance.workflow.engine import record, save, transition
from entities.actors import Actor
from web.exceptions import Conflict, Invalid
from web.phrases import labelled
from web.spreadsheets import title_of


def receive(*, actor: Actor, file: File) -> Spreadsheet:
    """Store a returned spreadsheet, which changes nothing yet. Returns its row.

    Raises Invalid for a file that cannot be read, that another organization downloaded, or that changes nothing;
    NotVisible where the actor does not see what it is about; Forbidden or Conflict where they may not fill it in.
    """
    found, table = read(file)
    spec = spec_named(found.sheet)
    about: Any = policy.get(actor, spec.model, found.of)
    own = spec.allowed(actor, about)
    if str(own.organisation_id) != found.organisation:
        raise Invalid({"file": [_("The spreadsheet was downloaded by another organization. Download your own one.")]})
    with override(found.language):
        title = title_of(str(spec.title))
    content = content_of(found, table, spec, title)
    if not preview(actor, spec, content).rows:
        problem = [_("There is nothing to apply. All entries of the spreadsheet are as they stand in the portal.")]
        raise Invalid({"file": problem})
    with database_transaction.atomic(), row_security.bypass():
        row = Spreadsheet(
            sheet=spec.name, about=about.pk, about_reference=about.reference, number=found.number,
            organisation=own.organisation, created_by=actor.user, content=content.to_json(),
        )  # fmt: skip
        audiences.assign_audience(row)
        row.save(force_insert=True)
        record("spreadsheet_returned", row, actor=actor, appointment=own)
    return row


def apply(
    *,
    actor: Actor,
    spreadsheet: object,
    choices: Mapping[str, str] | None = None,
    seen: str = "",
    leave_refused: bool = False,
    version: int | None = None,
) -> Spreadsheet:
    """Make the changes of a returned spreadsheet, in the actor's name and by the functions that pages call: all or none.

    `choices` answers each conflict by its address with “yours” or “now”; `seen` is the digest of the preview on which
    the actor decides; with `leave_refused` the refused rows are left out. Returns the row. Raises Invalid, with
    the addresses of cells as fields; Conflict where something changed since, or nothing is left to apply.
    """
    with transition(actor, Spreadsheet, spreadsheet, "apply", version=version) as context:
        found = preview_of(actor, context.row)
        found.spec.allowed(actor, found.about)
        if not found.has_something:
            raise Conflict(_("There is nothing to apply. Correct the spreadsheet and return it again, or discard it."))
        if seen and seen != found.digest:
            raise Conflict(_("The records have changed since you looked at the changes. Look at them again."))
        _check_answers(found, choices or {}, leave_refused=leave_refused)
        context.set(status=SpreadsheetStatus.APPLIED, changed=_save_rows(actor, found, choices or {}), content={})
    return context.row


def _check_answers(found: Preview, choices: Mapping[str, str], *, leave_refused: bool) -> None:
    errors = {
        cell.address: [_("Select which of the two entries applies.")]
        for cell in found.conflicts
        if choices.get(cell.address) not in (YOURS, NOW)
    }
    if found.refused and not leave_refused:
        count = len(found.refused)
        text = ngettext(
            "%(count)s row cannot be applied. Confirm that the others are applied without it.",
            "%(count)s rows cannot be applied. Confirm that the others are applied without them.",
            count,
        )
        errors["leave_refused"] = [text % {"count": count}]
    if errors:
        raise Invalid(errors)


def _save_rows(actor: Actor, found: Preview, choices: Mapping[str, str]) -> int:
    """Save the rows that change. Returns how many cells do; raises Invalid with the addresses of cells as fields."""
    count = 0
    for row in found.rows:
        if row.outcome == "refused" or not row.is_changed(choices):
            continue
        try:
            _save(actor, found, row, choices)
        except Invalid as error:
            raise Invalid(_at_cells(found, row, error)) from None
        except Conflict as error:
            raise Conflict(
                labelled(pgettext("spreadsheet", "Row %(number)s") % {"number": row.number}, error)
            ) from None
        count += sum(choices.get(cell.address, YOURS) == YOURS for cell in row.cells)
    return count


def _save(actor: Actor, found: Preview, row: RowPreview, choices: Mapping[str, str]) -> None:
    values = check(found.spec.form(actor, found.about), found.columns, row.values(found.columns, choices))
    if row.row is not None:
        found.spec.save(actor, found.about, row.row.key, values, row.row.version)
    elif found.spec.add is not None:
        found.spec.add(actor, found.about, values)


def _at_cells(found: Preview, row: RowPreview, error: Invalid) -> dict[str, Any]:
    names = {column.name for column in found.columns}
    return {
        found.content.address(row.line, name) if name in names else f"{row.number}": texts
        for name, texts in error.errors.items()
    }


def discard(*, actor: Actor, spreadsheet: object, version: int | None = None) -> Spreadsheet:
    """Delete what stands in a returned spreadsheet without applying it. Returns the row."""
    with transition(actor, Spreadsheet, spreadsheet, "discard", version=version) as context:
        context.set(status=SpreadsheetStatus.DISCARDED, content={})
    return context.row


def run_deadlines(now: datetime) -> int:
    """Delete what stands in spreadsheets that were returned too long ago. Returns how many there were."""
    old = Spreadsheet.objects.filter(status=SpreadsheetStatus.RECEIVED, created_at__lte=now - timedelta(days=KEPT))
    keys = list(old.order_by("pk").values_list("pk", flat=True))
    return sum(_expire(key) for key in keys)


@database_transaction.atomic
def _expire(key: UUID) -> bool:
    row = Spreadsheet.objects.select_for_update().filter(pk=key, status=SpreadsheetStatus.RECEIVED).first()
    if row is None:
        return False
    row.status, row.content = SpreadsheetStatus.DISCARDED, {}
    save(row, ["status", "content"])
    record("spreadsheet_expired", row, actor=None, before=SpreadsheetStatus.RECEIVED)
    return True

"""Pending work: spreadsheets that a person returned and has not applied yet."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.states import KEPT, SPREADSHEET, SpreadsheetStatus
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor


def pending(actor: Actor) -> list[Task]:
    """Return the spreadsheets that this actor returned and has neither applied nor discarded, the oldest first."""

    def mine(rows: QuerySet[Spreadsheet], who: UUID) -> QuerySet[Spreadsheet]:
        return rows.filter(status=SpreadsheetStatus.RECEIVED, created_by=who).order_by("created_at", "pk")

    found = named_rows(actor, Spreadsheet, "returned", mine, [actor.user.pk], MOST)
    text = _("Apply the changes of the spreadsheet that you returned, or discard it")
    return [
        Task.of(
            row,
            text,
            SPREADSHEET["apply"],
            since=row.created_at,
            due=timezone.localdate(row.created_at + timedelta(days=KEPT)),
        )
        for row in found
    ]

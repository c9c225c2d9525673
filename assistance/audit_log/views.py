"""Pages of the access log: for the people of a State who read its rows; for coordinators of UNOCT the whole log."""

import csv
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access.viewers import viewers_of_log
from assistance.audit_log import queries
from assistance.audit_log.filters import AccessFilter
from assistance.pages.views import Column, ListPage
from audit import log
from audit.kinds import Kind
from audit.models import Entry
from entities.access import MemberRequest
from entities.actors import Actor
from entities.appointments import is_coordinator
from entities.reauthentication import require_recent_login
from web.exceptions import Invalid
from web.pagination import Page

BATCH = 1000
IN_MEMORY = 5 * 1024 * 1024  # bytes; a larger export is written to a temporary file
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # first characters of a formula. Source: OWASP, CSV injection


class AccessList(ListPage):
    model = Entry  # type: ignore[assignment]
    filters = AccessFilter
    template = "assistance/audit_log/access_list.html"
    columns = (
        Column(gettext_lazy("When")),
        Column(gettext_lazy("Who")),
        Column(gettext_lazy("What happened")),
        Column(gettext_lazy("Record")),
        Column(gettext_lazy("Door")),
    )
    orders = {"at": ("id",)}
    default_order = "-at"

    def rows(self) -> QuerySet[Entry]:
        return queries.visible(self.actor)

    def may_create(self) -> bool:
        """Return False: nobody adds entries by hand."""
        return False

    def extra(self, page: Page) -> dict[str, Any]:
        export = f"{reverse('access-log-export')}?{self.request.GET.urlencode()}"
        return {
            "lines": queries.lines(self.actor, page.rows),
            "coordinates": is_coordinator(self.actor),
            "export_url": export,
            "who": viewers_of_log(self.actor),
        }


class AccessExport(ListPage):
    """The list as a CSV file, complete before it is sent, so that all of it is based on the rights at one time."""

    filters = AccessFilter

    def get(self, request: MemberRequest) -> HttpResponse:
        filterset = AccessFilter(request.GET, queryset=queries.visible(self.actor), request=request)
        if not filterset.is_valid():
            raise Invalid(filterset.errors)
        require_recent_login(request)
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the answer closes it)
        count = write_csv(self.actor, filterset.qs, file)
        log.record(Kind.EXPORTED, detail=f"access log, {count} entries")
        name = f"access-log-{timezone.now():%Y-%m-%d}.csv"
        return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")  # type: ignore[return-value]


def write_csv(actor: Actor, rows: QuerySet[Entry], file: IO[bytes]) -> int:
    """Write the entries, newest first, as CSV without formulas; return how many there were."""
    file.write("\ufeff".encode())  # byte order mark: without it spreadsheets do not recognise UTF-8
    writer = csv.writer(_Encoded(file))
    coordinates = is_coordinator(actor)
    writer.writerow(heads(coordinates))
    count = 0
    for batch in batches(rows):
        count += len(batch)
        for line in queries.lines(actor, batch):
            writer.writerow([harmless(cell) for cell in cells(line, coordinates)])
    file.seek(0)
    return count


def heads(coordinates: bool) -> list[str]:
    """Return the header row."""
    who = [_("Who"), _("Viewed by"), _("Organisation")]
    common = [_("When (UTC)"), *who, _("What happened"), _("Record"), _("Door")]
    return [*common, _("Detail"), _("Address"), _("Credential"), _("Request")] if coordinates else common


def cells(line: queries.Line, coordinates: bool) -> list[str]:
    """Return one entry as a row; detail, address, credential and request only for a coordinator."""
    entry = line.entry
    common = [
        f"{line.at:%Y-%m-%d %H:%M:%S}",
        line.who,
        line.viewed_by,
        "; ".join(line.organisations),
        str(line.kind),
        "; ".join(record.reference for record in line.records),
        str(line.door),
    ]
    if not coordinates:
        return common
    return [*common, line.detail, entry.address or "", entry.credential, entry.request]


def harmless(cell: str) -> str:
    """Return the cell, escaped so that a spreadsheet shows it and does not evaluate it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def batches(rows: QuerySet[Entry]) -> Iterator[list[Entry]]:
    """Yield the entries newest first, in batches, paginated by key."""
    ordered, last = rows.order_by("-id"), None
    while batch := list((ordered if last is None else ordered.filter(pk__lt=last))[:BATCH]):
        yield batch
        last = batch[-1].pk


class _Encoded:
    """A text file object for `csv` that writes UTF-8 to a binary file."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def write(self, text: str) -> int:
        return self.file.write(text.encode("utf-8", "replace"))

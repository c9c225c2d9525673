"""Pages of the access log: for the people of a State who read its rows; for coordinators of UNOCT the whole log."""

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, ClassVar

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views import View

from assistance.access.viewers import viewers_of_log
from assistance.audit_log import queries
from assistance.audit_log.activity import by_organisation, weeks
from assistance.audit_log.filters import AccessFilter
from assistance.pages.views import RecordListView
from audit import log
from audit.kinds import Kind
from audit.models import Entry
from entities.access import AppointmentRequiredMixin
from entities.actors import Actor
from entities.appointments import is_coordinator
from entities.reauthentication import require_recent_login
from web.exceptions import Invalid
from web.views import Column, Link

BATCH = 1000
IN_MEMORY = 5 * 1024 * 1024  # bytes; a larger export is written to a temporary file
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # first characters of a formula. Source: OWASP, CSV injection


class AccessList(RecordListView):
    model = Entry  # type: ignore[assignment]
    filterset_class = AccessFilter
    template_name = "assistance/audit_log/access_list.html"
    title = gettext_lazy("Access log")
    empty_title = gettext_lazy("No entries yet")
    empty_text = gettext_lazy("Entries appear here when a user opens one of your records.")
    default_filters: ClassVar[Mapping[str, str]] = {"whose": "others"}
    columns = (
        Column(pgettext_lazy("of the day", "Time"), "at", "assistance/audit_log/cells/time.html", card="line"),
        Column(
            pgettext_lazy("label", "Who"),
            template="assistance/audit_log/cells/who.html",
            row_heading=True,
            card="title",
        ),
        Column(pgettext_lazy("label", "Event"), template="assistance/audit_log/cells/kind.html", card="line"),
        Column(
            pgettext_lazy("label", "Record"),
            template="assistance/audit_log/cells/records.html",
            width="wide",
            card="foot",
        ),
        Column(pgettext_lazy("label", "Channel"), "interface"),
    )
    coordinator_columns = (
        *columns[:-1],
        Column(pgettext_lazy("label", "Channel"), template="assistance/audit_log/cells/interface_and_request.html"),
    )
    orders = {"at": ("id",)}
    default_order = "-at"

    def get_queryset(self) -> QuerySet[Entry]:
        return queries.visible(self.actor)

    def get_columns(self) -> Sequence[Column]:
        return self.coordinator_columns if is_coordinator(self.actor) else self.columns

    def get_lead(self) -> str:
        if is_coordinator(self.actor):
            return _(
                "Sign-ins, views, refusals and changes of access rights, with address and channel. Entries "
                "cannot be changed. Records you cannot read are counted but not named."
            )
        return _(
            "Views of your needs, report sections, consents and their files, with person and date. "
            "Entries cannot be changed."
        )

    def get_links(self) -> list[Link]:
        export = f"{reverse('access-log-export')}?{self.get_parameters().urlencode()}"
        return [Link(export, _("Export as CSV"), icon="download")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"lead": self.get_lead(), "who": viewers_of_log(self.actor)}
        context = super().get_context_data(**{**own, **kwargs})
        lines = queries.lines(self.actor, context["object_list"])
        queries.named(self.actor, lines)
        activity = by_organisation(self.get_filtered_queryset())
        return {**context, "object_list": lines, "days": days(lines), "activity": activity, "weeks": weeks()}


@dataclass(frozen=True)
class Group:
    """The entries of one organization on one day, as far as they are on this page."""

    name: str
    lines: Sequence[queries.Line]


def days(lines: Sequence[queries.Line]) -> list[tuple[date, list[Group]]]:
    """Return the entries by day, and on each day by organization, in the order in which each is first met."""
    found: dict[date, dict[str, list[queries.Line]]] = {}
    for line in lines:
        name = " · ".join(line.organisations)
        found.setdefault(timezone.localdate(line.at), {}).setdefault(name, []).append(line)
    return [(day, [Group(name, rows) for name, rows in groups.items()]) for day, groups in found.items()]


class AccessExport(AppointmentRequiredMixin, View):
    """The list as a CSV file, complete before it is sent, so that all of it is based on the rights at one time."""

    def get(self, request: HttpRequest) -> FileResponse:
        filterset = AccessFilter(request.GET, queryset=queries.visible(self.actor), request=request)
        if not filterset.is_valid():
            raise Invalid(filterset.errors)
        require_recent_login(request)
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the answer closes it)
        count = write_csv(self.actor, filterset.qs, file)
        log.record(Kind.EXPORTED, detail=f"access log, {count} entries")
        name = f"access-log-{timezone.now():%Y-%m-%d}.csv"
        return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


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
    who = [pgettext("label", "Who"), _("Viewed by"), pgettext("label", "Organization")]
    common = [
        _("Date and time (UTC)"),
        *who,
        pgettext("label", "Event"),
        pgettext("label", "Record"),
        pgettext("label", "Channel"),
    ]
    return (
        [*common, pgettext("label", "Detail"), _("IP address"), pgettext("label", "Credential"), _("HTTP request")]
        if coordinates
        else common
    )


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
        str(line.interface),
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

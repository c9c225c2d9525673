"""Pages of tables that are filled in as spreadsheets: the download, the return, and what a return would change."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.views.generic import View

from assistance.access import policy
from assistance.pages import cells as page_cells
from assistance.pages.forms import ActorForm
from assistance.pages.sheets.spec import SheetSpec, spec_named
from assistance.pages.sheets.writing import issue
from assistance.pages.views import RecordDetailView, RecordFormView, RecordListView, TransitionView
from assistance.spreadsheets import decisions, transitions
from assistance.spreadsheets.filters import SpreadsheetFilter
from assistance.spreadsheets.forms import FORMS, ReturnForm
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.names import title_of
from assistance.workflow.engine import check_state
from assistance.workflow.naming import with_names
from entities.access import AppointmentRequiredMixin
from entities.actors import Actor
from entities.reauthentication import require_recent_login
from web import cells
from web.spreadsheets import download
from web.views import Column


class SpreadsheetList(RecordListView):
    model = Spreadsheet
    filterset_class = SpreadsheetFilter
    title = pgettext_lazy("page", "Returned spreadsheets")
    lead = gettext_lazy("Spreadsheets that your organization returned.")
    empty_title = gettext_lazy("No spreadsheets yet")
    empty_text = gettext_lazy("Spreadsheets that your organization fills in and returns appear here.")
    columns = (
        Column(pgettext_lazy("label", "Spreadsheet"), "title_shown", row_heading=True, width="wide", card="title",
               template="assistance/spreadsheets/cells/title.html"),
        Column(gettext_lazy("Record concerned"), "about_reference", card="line"),
        Column(pgettext_lazy("label", "Status"), "status", page_cells.badge, card="foot"),
        Column(pgettext_lazy("label", "Updated"), "modified_at", cells.age, sort="modified", numeric=True),
    )  # fmt: skip
    orders = {"modified": ("modified_at", "id")}
    default_order = "-modified"

    def get_queryset(self) -> QuerySet[Spreadsheet]:
        return super().get_queryset().defer("content")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for row in context["object_list"]:
            row.title_shown = title_of(row)
        return context


class SpreadsheetPage(RecordDetailView):
    model = Spreadsheet
    template_name = "assistance/spreadsheets/spreadsheet.html"
    related = ("organisation", "created_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"title": title_of(self.object), **decisions.about_spreadsheet(self.actor, self.object)}
        return super().get_context_data(**{**own, **kwargs})


class SpreadsheetReturn(RecordFormView):
    """The page on which a spreadsheet is returned: it leads to what the spreadsheet would change."""

    model = Spreadsheet
    form_class = ReturnForm
    object: Spreadsheet | None = None
    title = gettext_lazy("Return a spreadsheet")
    lead = gettext_lazy("The portal shows what the spreadsheet would change. You then decide whether to apply it.")
    submit = pgettext_lazy("button", "Show changes")
    success_message = gettext_lazy("The spreadsheet has been read. Check the changes, then apply them.")

    def get_object(self) -> None:
        """Return None; there is no row yet."""
        return

    def form_valid(self, form: ActorForm) -> HttpResponse:
        self.object = transitions.receive(actor=self.actor, file=form.cleaned_data["file"])
        return super().form_valid(form)


class SpreadsheetTransition(TransitionView):
    model = Spreadsheet
    forms = FORMS

    def check_state(self) -> None:
        check_state(self.actor, self.transition, self.object)


class SheetFile(AppointmentRequiredMixin, View):
    """A table about one row as a spreadsheet to fill in, after a recent proof of identity."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, sheet: str, pk: object) -> HttpResponse:
        spec, about = _asked(self.actor, sheet, pk)
        spec.allowed(self.actor, about)
        require_recent_login(request)
        return _file(self.actor, spec, about)


def sheet_file(actor: Actor, sheet: str, pk: object) -> HttpResponse:
    """Return the answer with a table about a row, in the language of the reader. Raises NotVisible, Forbidden, Conflict."""
    return _file(actor, *_asked(actor, sheet, pk))


def _asked(actor: Actor, sheet: str, pk: object) -> tuple[SheetSpec, Any]:
    spec = spec_named(sheet)
    return spec, policy.get(actor, spec.model, pk, rows=with_names(policy.visible(actor, spec.model), actor))


def _file(actor: Actor, spec: SheetSpec, about: Any) -> HttpResponse:
    issued = issue(actor, spec, about, get_language() or settings.LANGUAGE_CODE)
    return download(issued.content, issued.file_name)

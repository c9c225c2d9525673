"""Pages of deadlines."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView, View

from assistance import registry
from assistance.access import policy
from assistance.dues import queries, rules
from assistance.dues.by_organisation import of_all
from assistance.dues.filters import DueFilter, Whose
from assistance.dues.forms import FORMS, SnoozeForm
from assistance.dues.links import answer_links, links_of, snooze_links
from assistance.dues.models import Due
from assistance.dues.transitions import snooze
from assistance.pages.views import RecordDetailView, RecordFormView, RecordListView, TransitionView
from assistance.workflow.engine import AvailableTransitions
from assistance.workflow.naming import matter_of, only_names
from entities.access import AppointmentRequiredMixin
from entities.collation import by_short_name
from web import cells
from web.dates import in_words
from web.exceptions import Invalid
from web.views import Column, Link, with_query

FAR_PAST, FAR_FUTURE = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


def due_key(descending: bool) -> Coalesce:
    """Return when a deadline is due; those that are paused come last."""
    beyond = Value(FAR_PAST if descending else FAR_FUTURE, output_field=DateTimeField())
    return Coalesce(F("due_at"), beyond)


class DueList(RecordListView):
    """The open deadlines on three tabs, under the organisation with which each is to be settled."""

    model = Due
    template_name = "assistance/dues/dues.html"
    filterset_class = DueFilter
    title = pgettext_lazy("page", "Deadlines")
    lead = gettext_lazy("What is due, by when, and who owes it to whom. Reminders are sent by the portal.")
    empty_title = gettext_lazy("No deadlines here")
    empty_text = gettext_lazy("A deadline appears here when somebody is asked for something that has a time limit.")
    columns = (
        Column(
            pgettext_lazy("deadlines", "What is due"), template="assistance/dues/cells/what.html", row_heading=True,
            width="wide", card="title",
        ),
        Column(gettext_lazy("Who owes whom"), template="assistance/dues/cells/parties.html", card="line"),
        Column(pgettext_lazy("date", "Since"), "starts_at", cells.day, numeric=True),
        Column(
            pgettext_lazy("deadline", "Due"), template="assistance/dues/cells/due.html", sort="due", width="lines",
            card="labelled",
        ),
        Column(gettext_lazy("Last reminded"), "reminded_at", cells.day, numeric=True, card="labelled"),
        Column(gettext_lazy("Available actions"), template="assistance/dues/cells/actions.html", card="foot"),
    )  # fmt: skip
    orders = {"group": ("group_key", "due_key", "id"), "due": ("due_key", "id")}
    sort_keys = {"group_key": by_short_name("owed_by"), "due_key": due_key}
    default_filters = {"whose": Whose.MINE}
    default_order = "group"

    def get_links(self) -> list[Link]:
        """Return links to the files with what is listed."""
        query = self.get_parameters().urlencode()
        return [
            Link(reverse("due-organisations"), gettext_lazy("By organization"), icon="building"),
            Link(f"{reverse('due-calendar')}?{query}", gettext_lazy("Download calendar"), icon="calendar"),
            Link(f"{reverse('due-spreadsheet')}?{query}", gettext_lazy("Download spreadsheet"), icon="download"),
        ]

    @property
    def whose(self) -> str:
        """The tab that is shown."""
        return self.get_parameters().get("whose", "")

    def get_queryset(self) -> QuerySet[Due]:
        rows = only_names(super().get_queryset(), self.actor)
        return rows.prefetch_related(queries.with_snoozes(self.actor))

    def get_sorted_queryset(self) -> QuerySet[Due]:
        """Return the rows with their keys; on the tab of one's own they stand under the organisation that is owed."""
        rows = super().get_sorted_queryset()
        if self.whose == Whose.MINE and self.get_sort() == self.default_order:
            return rows.annotate(group_key=by_short_name("owed_to")(False))
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        available = AvailableTransitions(self.actor, Due)
        for due in context["object_list"]:
            due.matter, due.group = matter_of(due), queries.group_of(due, self.whose)
            due.parties, due.when, due.snoozed = queries.parties(due), queries.when(due), queries.snoozed_until(due)
            due.links = links_of(self.actor, due, available)
        tabs = [(label, with_query(self.request, whose=value), value == self.whose) for value, label in Whose.choices]
        return {**context, "tabs": tabs, "grouped": self.get_sort() == self.default_order}


class DueOrganisations(AppointmentRequiredMixin, TemplateView):
    """How much each organisation owes; each but UNOCT and CTED sees its own line only."""

    template_name = "assistance/dues/organisations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"rows": of_all(self.actor), **kwargs})


class DueExport(AppointmentRequiredMixin, View):
    """The list as a file, with the filters of the list; `make` and `rows` of `exports.py` say which."""

    http_method_names = ["get", "head", "options"]
    rows: ClassVar[Any] = None  # those in `as_view(rows=…, make=…)`
    make: ClassVar[Any] = None

    def get(self, request: HttpRequest) -> HttpResponse:
        parameters = request.GET.copy()
        for name, value in DueList.default_filters.items():
            parameters.setdefault(name, value)
        filters = DueFilter(parameters, queryset=self.rows(self.actor), request=request)
        if not filters.is_valid():
            raise Invalid(filters.errors)
        return self.make(filters.qs)


class DuePage(RecordDetailView):
    model = Due
    template_name = "assistance/dues/due.html"
    related = ("owed_by", "owed_to")

    def get_queryset(self) -> QuerySet[Due]:
        return super().get_queryset().prefetch_related(queries.with_snoozes(self.actor))

    def get_buttons(self) -> list[Link]:
        """Return links to what ends it, to the transitions, and to the choice of a day to be asked again."""
        actor, due = self.actor, self.object
        return [*answer_links(actor, due), *super().get_buttons(), *snooze_links(actor, due)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        due = self.object
        own = {
            "matter": matter_of(due),
            "subject": matter_of(due.subject),
            "when": queries.when(due),
            "snoozed": None if due.done_at else queries.snoozed_until(due),
        }
        return super().get_context_data(**{**own, **kwargs})


class DueTransition(TransitionView):
    model = Due
    forms = FORMS


class DueSnooze(RecordFormView):
    """The page on which a person chooses a day before which they get no reminder of a deadline."""

    model = Due
    form_class = SnoozeForm
    template_name = "assistance/dues/snooze.html"
    title = gettext_lazy("Ask me again later")
    submit = pgettext_lazy("button", "Save")

    def get_object(self) -> Due:
        row: Due = policy.get(self.actor, Due, self.kwargs["pk"])
        policy.require(self.actor, "party", row)
        return row

    def check_state(self) -> None:
        rules.is_open(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"matter": matter_of(self.object), "when": queries.when(self.object)}
        return super().get_context_data(**{**own, **kwargs})

    def form_valid(self, form: SnoozeForm) -> HttpResponse:
        values, _version = form.values_and_version()
        self.until = values["until"]
        self.object = snooze(actor=self.actor, due=self.object.pk, until=self.until)
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return reverse(registry.of(Due).collection)

    def get_success_message(self) -> str:
        return _("You will be asked again on %(day)s.") % {"day": in_words(self.until)}

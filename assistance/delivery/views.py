"""Pages of delivery: a message, an entry of the log of contacts, and a provider's running deliveries."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.access import policy
from assistance.delivery import exchange
from assistance.delivery.decisions import is_overdue, of_match, running_deliveries
from assistance.delivery.filters import DeliveryFilter
from assistance.delivery.forms import ContactForm, MessageForm
from assistance.needs import cells as need_cells
from assistance.needs.models import Match
from assistance.pages import cells as page_cells
from assistance.pages.forms import ActorForm
from assistance.pages.views import RecordFormView, RecordListView
from assistance.workflow.models import SHORT
from audit import log
from entities.local_days import day_of
from web import cells
from web.views import Column, Link

FAR_PAST, FAR_FUTURE = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


class _OfMatch(RecordFormView):
    """A form that adds a row to a match, with what stands there already above it."""

    model = Match
    form_class: type[ActorForm]
    who: str

    def get_object(self) -> Match:
        rows = policy.visible(self.actor, Match).select_related("need__state", "provider")
        row: Match = policy.get(self.actor, Match, self.kwargs["pk"], rows=rows)
        policy.require(self.actor, self.who, row)
        log.read([row])
        return row

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {
            "object": self.object,
            "keep": f"{self.template_name}-{self.object.pk}",
            **of_match(self.actor, self.object),
        }
        return super().get_context_data(**{**own, **kwargs})


class WriteMessage(_OfMatch):
    form_class = MessageForm
    who = "in_thread"
    template_name = "assistance/delivery/message.html"
    title = gettext_lazy("Write a message")
    submit = pgettext_lazy("button", "Send message")
    success_message = gettext_lazy("Your message has been sent.")

    def form_valid(self, form: ActorForm) -> HttpResponse:
        exchange.write(actor=self.actor, match=self.object.pk, text=form.cleaned_data["text"])
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return f"{self.object.get_absolute_url()}#thread"


class LogContact(_OfMatch):
    form_class = ContactForm
    who = "party"
    template_name = "assistance/delivery/contact.html"
    title = gettext_lazy("Log a contact")
    submit = pgettext_lazy("button", "Log contact")
    success_message = gettext_lazy("The contact has been logged.")

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values, _version = form.values_and_version()
        exchange.log_contact(actor=self.actor, match=self.object.pk, **values)
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return f"{self.object.get_absolute_url()}#contacts"


def report_key(descending: bool) -> Coalesce:
    """Return when the next report of a delivery is due; those without a day come last."""
    beyond = Value(FAR_PAST if descending else FAR_FUTURE, output_field=DateTimeField())
    return Coalesce(F("report_due"), beyond)


class Deliveries(RecordListView):
    """The running matches of the reader's own organizations, those whose report is due first at the top."""

    model = Match
    filterset_class = DeliveryFilter
    title = gettext_lazy("My deliveries")
    lead = gettext_lazy("The assistance that your organization has agreed to give. Reports are due every three months.")
    empty_title = gettext_lazy("No assistance in progress")
    empty_text = gettext_lazy(
        "When a State accepts your offer, the match is listed here until you report its delivery."
    )
    columns = (
        Column(
            pgettext_lazy("label", "Need"), "need", need_cells.of_need, row_heading=True, width="wide",
            card="title",
        ),
        Column(pgettext_lazy("country", "State"), "need.state.name", cells.name, card="line"),
        Column(pgettext_lazy("label", "Provider"), "provider.short", cells.name, card="line"),
        Column(pgettext_lazy("label", "Status"), "status", page_cells.badge, card="line"),
        Column(
            gettext_lazy("Report due"), template="assistance/delivery/cells/due.html", sort="due", numeric=True,
            card="labelled",
        ),
        Column(gettext_lazy("Last reported until"), "reported_to", cells.whole_day, numeric=True, card="labelled"),
        Column(gettext_lazy("Available actions"), template="assistance/delivery/cells/report.html", card="foot"),
    )  # fmt: skip
    orders = {"due": ("report_key", "id")}
    sort_keys = {"report_key": report_key}
    default_order = "due"

    def get_queryset(self) -> QuerySet[Match]:
        return running_deliveries(self.actor)

    def get_empty_link(self) -> Link | None:
        return Link(reverse("needs"), _("View the needs"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for match in context["object_list"]:
            match.due_on = day_of(match.report_due - SHORT, match.provider) if match.report_due else None
            match.is_late = is_overdue(match)
        return context

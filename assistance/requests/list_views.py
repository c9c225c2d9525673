"""Lists of requests: all that a person sees, and what the coordinators of UNOCT have to process."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.pages import cells as page_cells
from assistance.pages.views import RecordListView
from assistance.requests import cells as request_cells
from assistance.requests import queries
from assistance.requests.filters import RequestFilter
from assistance.requests.models import AssistanceRequest
from assistance.requests.states import RequestStatus
from assistance.requests.waiting import due_days, waiting
from entities.appointments import is_coordinator
from entities.collation import by_name, by_text
from web import cells
from web.exceptions import Forbidden
from web.sorting import by_day, by_rank
from web.views import Column, Link


class RequestList(RecordListView):
    model = AssistanceRequest
    filterset_class = RequestFilter
    title = pgettext_lazy("page", "Requests")
    lead = gettext_lazy("Assistance that States ask for, limited to the requests that you can see.")
    create_label: ClassVar[str | Promise] = gettext_lazy("Ask for assistance")
    create_text: ClassVar[str | Promise] = gettext_lazy(
        "Your State asks for assistance here. You fill in five short steps, and UNOCT passes the request on to those "
        "whom you allow to read it."
    )
    empty_title = gettext_lazy("No requests yet")
    empty_text = gettext_lazy("Requests appear here when a State allows you to read them.")
    columns = (
        Column(
            pgettext_lazy("label", "Request"), "title", cells.title, sort="title", row_heading=True, width="wide",
            card="title",
        ),
        Column(pgettext_lazy("country", "State"), "state.name", cells.name, sort="state", card="line"),
        Column(pgettext_lazy("label", "Theme"), "theme.name", cells.short, width="short"),
        Column(pgettext_lazy("label", "Status"), "status", page_cells.badge, sort="status", card="line"),
        Column(gettext_lazy("What comes next"), "", request_cells.comes_next, card="foot"),
        Column(gettext_lazy("Required by"), "wanted_by", request_cells.day, sort="wanted", numeric=True, card="labelled"),
        Column(pgettext_lazy("label", "Updated"), "modified_at", cells.age, sort="modified", numeric=True),
    )  # fmt: skip
    orders = {
        "modified": ("modified_at", "id"),
        "title": ("title_key", "id"),
        "state": ("state_key", "id"),
        "status": ("status_key", "id"),
        "wanted": ("wanted_key", "id"),
    }
    sort_keys = {
        "title_key": by_text("title"),
        "state_key": by_name("state__name"),
        "status_key": by_rank("status", RequestStatus),
        "wanted_key": by_day("wanted_by"),
    }

    def get_queryset(self) -> QuerySet[AssistanceRequest]:
        return queries.request_rows(self.actor)

    def get_links(self) -> list[Link]:
        """Return the links beside the heading: the template, and for coordinators of UNOCT what they have to process."""
        found = super().get_links()
        if self.may_create():
            found.append(Link(reverse("request-template"), _("Download template"), icon="download"))
        return [*found, Link(reverse("request-queue"), _("To be processed"))] if is_coordinator(self.actor) else found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        days = due_days(self.actor, context["object_list"])
        for row in context["object_list"]:
            row.waits = waiting(row, days.get(row.pk))
            row.sentence = queries.sentence(self.actor, row, row.waits)
        return context


class RequestQueue(RequestList):
    """What the coordinators of UNOCT have to process, that which has waited longest first."""

    title = gettext_lazy("Requests to be processed")
    lead = gettext_lazy("Requests that wait for UNOCT or for the State’s objection, with the days by which UNOCT acts.")
    create_label: ClassVar[str | Promise] = ""
    create_text: ClassVar[str | Promise] = ""
    empty_title = gettext_lazy("Nothing to process")
    empty_text = gettext_lazy("Requests appear here when a State submits them.")
    orders = {"oldest": ("submitted_at", "id"), **RequestList.orders}
    default_order = "oldest"

    def get_queryset(self) -> QuerySet[AssistanceRequest]:
        if not is_coordinator(self.actor):
            raise Forbidden
        return queries.queue_rows(self.actor)

    def get_links(self) -> list[Link]:
        return []

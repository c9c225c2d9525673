"""Lists of requests: all that a person sees, and what the coordinators of UNOCT have to process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.access import policy
from assistance.pages import cells as page_cells
from assistance.pages.views import RecordListView, transition_url
from assistance.requests import cells as request_cells
from assistance.requests import queries
from assistance.requests.filters import RequestFilter
from assistance.requests.models import AssistanceRequest
from assistance.requests.queries import Whose
from assistance.requests.states import REQUEST, RequestStatus
from assistance.requests.waiting import due_days, waiting
from entities.appointments import is_coordinator
from entities.collation import by_name, by_text
from web import cells, pagination
from web.exceptions import Forbidden
from web.sorting import by_day, by_rank
from web.views import Column, Heading, Link

# How the rows of each part are ordered: what UNOCT processes by age, what is open to a provider by its last day.
ORDERS: Mapping[Whose, tuple[str, ...]] = {
    Whose.MINE: ("-modified_at", "-id"),
    Whose.OPEN: ("closes_for_offers", "id"),
    Whose.PROCESSED: ("submitted_at", "id"),
}
# Columns of the list that a part does without: what its heading says, and what would leave no place for actions.
LEFT_OUT: Mapping[Whose, tuple[str, ...]] = {
    Whose.MINE: ("modified_at",),
    Whose.OPEN: ("modified_at", "theme.name", ""),
    Whose.PROCESSED: ("modified_at",),
}
SHOWN = 5  # rows of a part with which the list begins


@dataclass(frozen=True)
class ListPart:
    """A part with which the list begins: its heading, its first rows, how many there are, and where all are."""

    name: str
    title: str | Promise
    rows: list[Any]
    count: int
    more: bool
    url: str
    headings: list[Heading]


# In place of the day of the last change, where UNOCT processes requests by age.
AGE = Column(gettext_lazy("Age in days"), "submitted_at", request_cells.age, numeric=True, card="labelled")


class RequestList(RecordListView):
    model = AssistanceRequest
    template_name = "assistance/requests/list.html"
    with_parts: ClassVar[bool] = True  # whether the list begins with the parts that concern the reader
    filterset_class = RequestFilter
    title = pgettext_lazy("page", "Requests")
    lead = gettext_lazy("Assistance that States ask for, limited to the requests that you can see.")
    create_label: ClassVar[str | Promise] = gettext_lazy("Request assistance")
    create_text: ClassVar[str | Promise] = gettext_lazy(
        "Your State asks for assistance here. You fill in five short steps, and UNOCT passes the request on to those "
        "whom you allow to read it."
    )
    empty_title = gettext_lazy("No requests yet")
    empty_text = gettext_lazy("Requests appear here when a State allows you to read them.")
    columns: ClassVar[Sequence[Column]] = (
        Column(
            pgettext_lazy("label", "Request"), "title", cells.title, sort="title", row_heading=True, width="wide",
            card="title",
        ),
        Column(pgettext_lazy("country", "State"), "state.name", cells.name, sort="state", card="line"),
        Column(pgettext_lazy("label", "Theme"), "theme.name", cells.short, width="short"),
        Column(pgettext_lazy("label", "Status"), "status", page_cells.badge, sort="status", card="line"),
        Column(gettext_lazy("What comes next"), "", request_cells.comes_next, width="lines", card="foot"),
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
        return [*found, *self.of_coordinators()] if is_coordinator(self.actor) else found

    def of_coordinators(self) -> list[Link]:
        """Return the links for coordinators of UNOCT."""
        return [
            Link(reverse("request-queue"), _("To be processed")),
            Link(reverse("request-briefing"), _("Briefing list")),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        self.add_sentences(context["object_list"])
        plain = self.with_parts and not self.request.GET
        parts = [self.part_of(whose) for whose in queries.parts_for(self.actor)] if plain else []
        return {**context, "parts": [part for part in parts if part.count]}

    def add_sentences(self, rows: Sequence[Any]) -> None:
        """Set what each row waits for, in words."""
        days = due_days(self.actor, rows)
        for row in rows:
            row.waits = waiting(row, days.get(row.pk))
            row.sentence = queries.sentence(self.actor, row, row.waits)

    def part_of(self, whose: Whose) -> ListPart:
        """Return a part of the list: the same rows as the list has with this part as its filter."""
        found = queries.of_whose(self.actor, self.get_queryset(), whose)
        rows = list(found.order_by(*ORDERS[whose])[:SHOWN])
        self.add_sentences(rows)
        headings = [Heading(column) for column in self.get_columns() if column.field not in LEFT_OUT[whose]]
        if whose == Whose.PROCESSED:
            headings.append(Heading(AGE))
        if whose == Whose.OPEN:
            self.add_actions(rows)
            headings.append(Heading(Column(pgettext_lazy("label", "Actions"), "", request_cells.actions, card="foot")))
        count, more = pagination.capped_count(found)
        address = reverse("request-queue") if whose == Whose.PROCESSED else f"{reverse('requests')}?whose={whose.value}"
        return ListPart(whose.value, whose.label, rows, count, more, address, headings)

    def add_actions(self, rows: Sequence[Any]) -> None:
        """Set what a provider can do about each row: ask the State, and offer assistance for its needs."""
        ask = REQUEST["ask"]
        needs = queries.open_needs(self.actor, rows)
        for row in rows:
            may_ask = row.status in ask.sources and policy.may(self.actor, ask, row)
            row.actions = [Link(transition_url(row, ask), ask.label)] if may_ask else []
            own = needs.get(row.pk, [])
            if own:  # of several needs the provider chooses on the page of the request
                url = reverse("match-propose", args=[own[0].pk]) if len(own) == 1 else row.get_absolute_url()
                row.actions.append(Link(url, _("Offer assistance"), tone="primary"))


class RequestQueue(RequestList):
    """What the coordinators of UNOCT have to process, that which has waited longest first."""

    title = gettext_lazy("Requests to be processed")
    lead = gettext_lazy("Requests that wait for UNOCT or for the State’s objection, with the days by which UNOCT acts.")
    create_label: ClassVar[str | Promise] = ""
    create_text: ClassVar[str | Promise] = ""
    empty_title = gettext_lazy("Nothing to process")
    empty_text = gettext_lazy("Requests appear here when a State submits them.")
    with_parts = False
    columns = (*(column for column in RequestList.columns if column.field != "modified_at"), AGE)
    orders = {"oldest": ("submitted_at", "id"), **RequestList.orders}
    default_order = "oldest"

    def get_queryset(self) -> QuerySet[AssistanceRequest]:
        if not is_coordinator(self.actor):
            raise Forbidden
        return queries.queue_rows(self.actor)

    def get_links(self) -> list[Link]:
        return self.of_coordinators()[1:]

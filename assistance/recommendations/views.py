"""Pages of recommendations, of what is said of them, and the table in which a State replies."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from assistance.access import policy
from assistance.consents.queries import consents_of
from assistance.documents.transitions import attach
from assistance.letters.views import docx_file
from assistance.needs.states import Priority
from assistance.pages import cells as page_cells
from assistance.pages.forms import ActorForm
from assistance.pages.views import (
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    RecordFormView,
    RecordListView,
    ReleasedDetailView,
    TransitionView,
    additions,
)
from assistance.recommendations import answers, matrix, queries, rating
from assistance.recommendations.filters import RecommendationFilter
from assistance.recommendations.forms import FORMS, RecommendationForm, ResponseForm
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.requests.file_views import language_of
from assistance.visits.models import Visit
from assistance.workflow.engine import check_state
from audit import log
from entities.access import AppointmentRequiredMixin
from entities.collation import by_name
from web import cells
from web.exceptions import Invalid, NotVisible, StaleSave
from web.sorting import by_rank
from web.spreadsheets import download
from web.views import Column


class RecommendationList(RecordListView):
    model = Recommendation
    filterset_class = RecommendationFilter
    title = pgettext_lazy("page", "Recommendations")
    lead = gettext_lazy("Recommendations of visit reports, limited to those that you can see.")
    empty_title = gettext_lazy("No recommendations yet")
    empty_text = gettext_lazy("Recommendations of visit reports appear here when a State releases them to you.")
    columns = (
        Column(
            pgettext_lazy("label", "Recommendation"), "title", cells.title, row_heading=True, width="wide", card="title"
        ),
        Column(pgettext_lazy("country", "State"), "state.name", cells.name, sort="state", card="line"),
        Column(pgettext_lazy("label", "Theme"), "theme.name", cells.name, card="line"),
        Column(pgettext_lazy("label", "Priority"), "priority", page_cells.badge, sort="priority", card="foot"),
        Column(pgettext_lazy("label", "Updated"), "modified_at", cells.age, sort="modified", numeric=True),
    )
    orders = {
        "state": ("state_key", "id"),
        "priority": ("priority_key", "id"),
        "modified": ("modified_at", "id"),
    }
    sort_keys = {"state_key": by_name("visit__state__name"), "priority_key": by_rank("priority", Priority)}
    default_order = "-modified"

    def get_queryset(self) -> QuerySet[Recommendation]:
        return super().get_queryset().select_related("visit__state", "theme")


class RecommendationPage(ReleasedDetailView):
    model = Recommendation
    template_name = "assistance/recommendations/recommendation.html"
    related = ("visit__state", "theme", "instrument")  # not the section, which a reader may not see
    edit_label = gettext_lazy("Edit the recommendation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        own = {
            "line": queries.line_of(self.actor, row),
            **queries.about_recommendation(self.actor, row),
            "visit": policy.visible(self.actor, Visit).filter(pk=row.visit_id).select_related("state").first(),
            "own": policy.sees_consents(self.actor, row.state_id),
            "consents": consents_of(self.actor, row),
        }
        return super().get_context_data(**{**own, **kwargs})


class RecommendationFormView(RecordFormView):
    """Shared by the pages that record and edit a recommendation."""

    model = Recommendation
    form_class = RecommendationForm
    visit: Visit

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "visit": self.visit}

    def get_success_url(self) -> str:
        """Return the place of the recommendation on the page of its visit."""
        return f"{reverse('visit', args=[self.visit.pk])}#recommendations"

    def get_back_url(self) -> str:
        return self.get_success_url()


class RecommendationCreate(RecommendationFormView, RecordCreateView):
    """The page that adds a recommendation to the report of a visit."""

    title = gettext_lazy("Add a recommendation")
    lead = gettext_lazy("CTED and the State can read it. Other readers can read it once the State releases it.")

    def get_object(self) -> None:
        """Return None; the visit is in the address. Raises NotVisible."""
        self.visit = policy.get(self.actor, Visit, self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        last = policy.visible(self.actor, Recommendation).filter(visit=self.visit).aggregate(last=Max("number"))["last"]
        return {"number": min((last or 0) + 1, 999)}

    def get_values(self, form: ActorForm) -> dict[str, Any]:
        return {**super().get_values(form), "visit": self.visit}


class RecommendationEdit(RecommendationFormView, RecordEditView):
    """The page that edits a recommendation."""

    title = gettext_lazy("Edit the recommendation")

    def get_object(self) -> Recommendation:
        row: Recommendation = super().get_object()
        self.visit = row.visit
        return row


class RecommendationTransition(TransitionView):
    model = Recommendation
    forms = FORMS

    def check_state(self) -> None:
        check_state(self.actor, self.transition, self.object)

    def get_initial(self) -> dict[str, Any]:
        """Return the visit named in the address, from whose page a rating is given, as its basis."""
        asked = self.request.GET.get("basis", "")
        if self.transition.name != "rate" or not asked:
            return super().get_initial()
        try:
            basis = rating.bases(self.actor, self.object).filter(pk=policy.key_of(asked)).first()
        except NotVisible:
            basis = None
        return {**super().get_initial(), "basis": basis}


# ── What is said of a report ─────────────────────────────────────────────────
class ObservationPage(ReleasedDetailView):
    model = Observation
    template_name = "assistance/recommendations/observation.html"
    related = ("visit__state", "sent_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**_around(self), **kwargs})


class ResponsePage(ReleasedDetailView):
    model = Response
    template_name = "assistance/recommendations/response.html"
    related = ("visit__state", "recommendation", "by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**_around(self), **_of(self), **kwargs})


class RatingPage(ReleasedDetailView):
    model = Rating
    template_name = "assistance/recommendations/rating.html"
    related = ("visit__state", "recommendation", "basis__state", "by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        basis = policy.visible(self.actor, Visit).filter(pk=self.object.basis_id).select_related("state").first()
        return super().get_context_data(**{**_around(self), **_of(self), "basis": basis, **kwargs})


def _around(view: RecordDetailView) -> dict[str, Any]:
    """Return the visit of a row and the consents over it, as far as the reader sees them."""
    row = view.object
    return {
        "visit": policy.visible(view.actor, Visit).filter(pk=row.visit_id).select_related("state").first(),
        "own": policy.sees_consents(view.actor, row.state_id),
        "consents": consents_of(view.actor, row),
    }


def _of(view: RecordDetailView) -> dict[str, Any]:
    """Return the recommendation of a row, if the reader sees it."""
    rows = policy.visible(view.actor, Recommendation).filter(pk=view.object.recommendation_id)
    return {"recommendation": rows.select_related("visit__state").first()}


class MatrixDocument(AppointmentRequiredMixin, View):
    """The recommendations of a report as a document, in the language asked for."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: object) -> HttpResponse:
        visit, language = self.get_visit(pk), language_of(request)
        return docx_file(matrix.to_docx(self.actor, visit, language), f"{matrix.file_name(visit, language)}.docx")

    def get_visit(self, pk: object) -> Visit:
        """Return the visit. Raises NotVisible."""
        return policy.get(self.actor, Visit, pk, rows=policy.visible(self.actor, Visit).select_related("state"))


class MatrixSpreadsheet(MatrixDocument):
    """The recommendations of a report as a spreadsheet to read, in the language asked for."""

    def get(self, request: HttpRequest, pk: object) -> HttpResponse:
        visit, language = self.get_visit(pk), language_of(request)
        return download(matrix.to_xlsx(self.actor, visit, language), matrix.file_name(visit, language))


class Reply(RecordFormView):
    """The table in which a State replies: a form for each recommendation, saved one by one."""

    model = Visit
    form_class = ResponseForm
    template_name = "assistance/recommendations/reply.html"
    title = gettext_lazy("Reply to the recommendations")
    success_message = gettext_lazy("Saved. CTED sees it when you send the reply.")

    def get_object(self) -> Visit:
        rows = policy.visible(self.actor, Visit).select_related("state")
        visit: Visit = policy.get(self.actor, Visit, self.kwargs["pk"], rows=rows)
        answers.require_replier(self.actor, visit)
        return visit

    @cached_property
    def lines(self) -> list[queries.Line]:
        """The recommendations of the report."""
        found = queries.lines_of(self.actor, [self.object])
        log.read([line.row for line in found])
        return found

    @cached_property
    def line(self) -> queries.Line:
        """The recommendation whose row was sent; after a stale save it is named in the address. Raises NotVisible."""
        sent = self.request.POST.get("recommendation") or self.request.GET.get("recommendation", "")
        key = policy.key_of(sent)
        found = next((line for line in self.lines if line.row.pk == key), None)
        if found is None:
            raise NotVisible
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        line = self.line if self.request.method == "POST" else None
        return {**super().get_form_kwargs(), "instance": line.draft if line else None, "prefix": line and _prefix(line)}

    def form_for(self, line: queries.Line, sent: ActorForm | None) -> ActorForm:
        """Return the form of a row: the one that was sent, else one with what stands there."""
        if sent is not None and sent.is_bound and sent.prefix == _prefix(line):
            return sent
        found = ResponseForm(actor=self.actor, instance=line.draft, prefix=_prefix(line))
        if line.draft is None and line.response is not None:
            found.initial = {**found.initial_of(line.response), **found.initial, "version": None}
        return found

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values, version = form.values_and_version()
        file = values.pop("evidence")
        with transaction.atomic():  # without a version nothing stood there: who was first is not overwritten
            draft = answers.save(actor=self.actor, recommendation=self.line.row.pk, version=version or 0, **values)
            if file:
                with moved("file", "evidence"):
                    attach(actor=self.actor, parent=draft, file=file)
        return super().form_valid(form)

    def form_stale(self, form: ActorForm, error: StaleSave) -> HttpResponse:
        """Show both texts of the row. Saving again names the row, and the version of the draft that stands there now."""
        for name in ("lines", "line"):
            self.__dict__.pop(name, None)
        stored = ResponseForm(actor=self.actor, instance=self.line.draft, prefix=form.prefix)
        again = self.request.POST.copy()
        again[form.add_prefix("version")] = str(stored.initial.get("version", ""))
        form.data = again
        context = super().get_context_data(
            form=form,
            rows=form.differences(stored.initial, error.yours),
            message=error,
            back_url=self.get_success_url(),
            form_action=f"{self.request.path}?recommendation={self.line.row.pk}",
        )
        return TemplateResponse(self.request, "errors/409.html", context, status=409)

    def get_success_url(self) -> str:
        return f"{self.request.path}#recommendation-{self.line.row.number}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = [(line, self.form_for(line, context.get("form"))) for line in self.lines]
        done = sum(1 for line in self.lines if line.draft or line.response)
        own = {
            "object": self.object,
            "rows": rows,
            "done": done,
            "all": len(rows),
            "back_url": self.object.get_absolute_url(),
            **additions(self.actor, self.object),
        }
        return {**context, **own}


@contextmanager
def moved(field: str, to: str) -> Iterator[None]:
    """Show the errors at a field of a function at another field of the form."""
    try:
        yield
    except Invalid as error:
        raise Invalid({to if name == field else name: texts for name, texts in error.errors.items()}) from None


def _prefix(line: queries.Line) -> str:
    return line.row.pk.hex  # not its number, which may change while somebody writes

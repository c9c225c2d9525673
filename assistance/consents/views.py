"""Pages of consents: the share form and its confirmation, withdrawal, and the decisions."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View

from assistance import registry
from assistance.access import audience_names, policy
from assistance.access.models import Restricted
from assistance.access.viewers import viewers_of
from assistance.consents import summaries
from assistance.consents import transitions as consents
from assistance.consents.filters import ConsentFilter
from assistance.consents.forms import WithdrawForm
from assistance.consents.kinds import kinds, ordered, prefetches, rows_seen
from assistance.consents.models import Consent, ReleasePlan
from assistance.consents.names import days_of, items_of
from assistance.consents.progress import rows_of
from assistance.consents.states import Decision
from assistance.pages import cells as page_cells
from assistance.pages.forms import ActorForm
from assistance.pages.outcomes import outcome
from assistance.pages.views import RecordDetailView, RecordFormView, RecordListView
from assistance.visits.models import Visit
from assistance.workflow.engine import check_state
from audit import log
from entities.access import AppointmentRequiredMixin
from entities.collation import by_name
from files import serving
from web import cells
from web.exceptions import NotVisible
from web.sorting import by_day, by_rank
from web.views import Column, Link


# ── Decisions ────────────────────────────────────────────────────────────────
class ConsentList(RecordListView):
    model = Consent
    filterset_class = ConsentFilter
    title = pgettext_lazy("page", "Consents")
    lead = gettext_lazy("Decisions of a State to release, decline or withdraw. Only the State and CTED can read them.")
    empty_title = gettext_lazy("No consents")
    empty_text = gettext_lazy("The decisions of a State appear here for that State and for CTED.")
    columns = (
        Column(
            pgettext_lazy("label", "Items concerned"),
            "about",
            "assistance/consents/cells/about.html",
            row_heading=True,
            width="wide",
            card="title",
        ),
        Column(pgettext_lazy("country", "State"), "state.name", cells.name, sort="state", card="line"),
        Column(pgettext_lazy("label", "Decision"), "decision", page_cells.badge, sort="decision", card="line"),
        Column(
            gettext_lazy("Who can read it"),
            "audience_names",
            "assistance/consents/cells/audience.html",
            width="short",
            card="foot",
        ),
        Column(
            pgettext_lazy("date", "Until"),
            "until",
            cells.day,
            sort="until",
            numeric=True,
            card="labelled",
        ),
        Column(gettext_lazy("Recorded on"), "given_at", cells.day, sort="given", numeric=True),
    )
    orders = {
        "given": ("given_at", "id"),
        "state": ("state_key", "id"),
        "decision": ("decision_key", "id"),
        "until": ("until_key", "id"),
    }
    sort_keys = {
        "state_key": by_name("state__name"),
        "decision_key": by_rank("decision", Decision),
        "until_key": by_day("until"),
    }
    default_order = "-given"

    def get_queryset(self) -> QuerySet[Consent]:
        return super().get_queryset().select_related("state", "visit").prefetch_related(*prefetches(self.actor))

    def get_links(self) -> list[Link]:
        """Return links to the two-person rules of the States whose consents the reader sees."""
        own = [o for o in self.actor.organisations if o.is_state and policy.sees_consents(self.actor, o.pk)]
        return [Link(reverse("two-persons", args=[state.slug]), _("Two-person rule for releases")) for state in own]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = context["object_list"]
        names = audience_names.names_by_audience(consent.released_to_id for consent in rows)
        for consent in rows:
            items = rows_seen(consent)
            consent.about = (
                summaries.listed(items) if len(items) > 1 else capfirst(items_of(consent) or str(consent.state.name))
            )
            consent.days = days_of(consent.visit)
            consent.audience_names = names.get(consent.released_to_id, [])
        return context


class ConsentPage(RecordDetailView):
    model = Consent
    template_name = "assistance/consents/consent.html"
    related = ("state", "visit", "given_by", "given_as__organisation", "released_to", "note_verbale")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        consent = self.object
        visit = policy.visible(self.actor, Visit).filter(pk=consent.visit_id).first() if consent.visit_id else None
        rows = [row for kind in kinds() for row in ordered(kind, rows_of(self.actor, consent, kind.model))]
        own = {
            "rows": rows,
            "visit": visit,
            "audience": audience_names.names_in(consent.released_to),
            "versions": summaries.versions(self.actor, visit, rows),
            "is_over": consent.ends is not None and consent.ends <= timezone.now(),
        }
        return super().get_context_data(**{**own, **kwargs})


class NoteVerbale(AppointmentRequiredMixin, View):
    """The file a State attached to its consent. Served as an attachment, never shown in the browser."""

    model: ClassVar[type[Consent | ReleasePlan]] = Consent

    def get(self, request: HttpRequest, pk: object) -> HttpResponseBase:
        rows: Any = policy.visible(self.actor, self.model).select_related("note_verbale")
        row: Any = policy.get(self.actor, self.model, pk, rows=rows)
        if row.note_verbale is None:
            raise NotVisible
        answer = serving.response(row.note_verbale)
        log.read([row])
        return answer


class PlanNote(NoteVerbale):
    """The file attached to a release plan."""

    model = ReleasePlan


# ── Withdrawal ───────────────────────────────────────────────────────────────
class WithdrawView(RecordFormView):
    """The page that shows who will lose access, and withdraws a release."""

    model: ClassVar[Any] = Restricted  # the one in `as_view(model=…)`
    form_class = WithdrawForm
    template_name = "assistance/consents/withdraw.html"
    needs_recent_login = True

    def get_object(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        self.transition = registry.of(self.model).transitions["withdraw"]
        policy.require(self.actor, self.transition.who, row)
        return row

    def check_state(self) -> None:
        check_state(self.actor, self.transition, self.object)

    def form_valid(self, form: ActorForm) -> HttpResponse:
        consents.withdraw(actor=self.actor, rows=[self.object], reason=form.cleaned_data["reason"])
        self.object.refresh_from_db()
        return super().form_valid(form)

    def get_success_message(self) -> str:
        return outcome(self.actor, self.object, str(registry.of(self.object).release.after_withdrawal))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisations = viewers_of(self.actor, self.object).organisations
        own = {
            "sentence": summaries.withdrawal_sentence([self.object], summaries.losing([self.object])),
            "losers": [organisation for organisation in organisations if not organisation.is_owner],
            "back_url": self.object.get_absolute_url(),
        }
        return super().get_context_data(**{**own, **kwargs})

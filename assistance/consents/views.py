"""Pages of consents: the share form and its confirmation, withdrawal, and the decisions."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View

from assistance import registry
from assistance.access import audience_names, policy
from assistance.access.audience_words import audience_groups
from assistance.access.models import Restricted
from assistance.access.viewers import viewers_of
from assistance.consents import plans, summaries
from assistance.consents import transitions as consents
from assistance.consents.filters import ConsentFilter
from assistance.consents.forms import ConfirmForm, ShareForm, WithdrawForm
from assistance.consents.kinds import kinds, ordered, prefetches, rows_seen
from assistance.consents.models import Consent, ReleasePlan
from assistance.consents.progress import rows_of
from assistance.pages.forms import ActorForm
from assistance.pages.views import RecordDetailView, RecordFormView, RecordListView
from assistance.visits.models import Visit
from assistance.workflow.engine import check_state
from audit import log
from entities.access import AppointmentRequiredMixin
from entities.local_days import last_day
from files import serving
from web import field_errors
from web.exceptions import Conflict, Invalid, NotVisible, StaleSave
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
        Column(pgettext_lazy("label", "Consent"), "reference", "components/cells/reference.html", sort="reference"),
        Column(pgettext_lazy("country", "State"), "state.name", "components/cells/name.html"),
        Column(pgettext_lazy("label", "Decision"), "decision", "assistance/pages/cells/badge.html"),
        Column(pgettext_lazy("label", "Items concerned"), "about", "assistance/consents/cells/about.html"),
        Column(gettext_lazy("Who can read it"), "audience_names", "assistance/consents/cells/audience.html"),
        Column(pgettext_lazy("date", "Until"), "until", "components/cells/date.html"),
        Column(gettext_lazy("Recorded on"), "given_at", "components/cells/date.html", sort="given"),
    )
    orders = {"given": ("given_at", "id"), "reference": ("reference", "id")}
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
            consent.about = summaries.named(rows_seen(consent))
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


# ── Release, in two pages ────────────────────────────────────────────────────
class ShareView(RecordFormView):
    """Choose, then confirm. Both pages have one address; the choice is carried along in hidden fields."""

    model: ClassVar[Any] = Restricted  # the one in `as_view(model=…)`, or of a subclass
    form_class = ShareForm
    template_name = "assistance/consents/share.html"
    confirm_template_name = "assistance/consents/share_confirm.html"
    needs_recent_login = True
    success_message = gettext_lazy("Released. The selected recipients can read it from now on.")

    def get_object(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        policy.require(self.actor, "state", row)
        return row

    def items(self) -> list[summaries.Item]:
        """Return the rows that can be released here: the row itself. Raises Conflict when it cannot."""
        check_state(self.actor, registry.of(self.model).transitions["share"], self.object)
        return [summaries.Item(self.object)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "items": self.items()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        self.check_permissions()
        step, form = request.POST.get("step", ""), self.get_form()
        if step == "change":
            return self.form_invalid(form, status=200)
        if not form.is_valid():
            return self.form_invalid(form)
        files = request.FILES if step == "release" else None
        confirm = ConfirmForm(**{**self.get_form_kwargs(), "files": files})
        if not confirm.is_valid():
            return self.confirm(form, confirm, status=field_errors.STATUS)
        if step != "release":
            return self.confirm(form, confirm)
        return self.release(form, confirm)

    def release(self, form: Any, confirm: Any) -> HttpResponse:
        """Release what was chosen; an error is shown on the page that has its field."""
        try:
            return self.send(confirm)
        except Invalid as error:
            if "note_verbale" in error.errors:
                confirm.add_errors(error)
                return self.confirm(form, confirm, status=field_errors.STATUS)
            form.add_errors(error)
            return self.form_invalid(form)
        except Conflict as error:
            return self.form_conflict(form, error)

    def form_valid(self, form: Any) -> HttpResponse:
        values = form.cleaned_data
        made = plans.submit(
            actor=self.actor,
            rows=form.rows,
            audience=form.audience,
            until=values["until"],
            note_verbale=values["note_verbale"] or None,
            reason=values["reason"],
            versions=form.versions,
        )
        if isinstance(made, ReleasePlan):
            messages.success(
                self.request,
                _("Sent to a colleague for confirmation. The release takes effect only after a colleague confirms it."),
            )
            return redirect(made)
        return super().form_valid(form)

    def form_stale(self, form: Any, error: StaleSave) -> HttpResponse:
        form.data = form.read_anew(self.request.POST)
        form.add_error(
            "chosen", _("A text has changed since you opened the page. Read it again before you release it.")
        )
        return self.form_invalid(form, status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**{"back_url": self.object.get_absolute_url(), **kwargs})
        return {**context, "items": context["form"].items}

    def confirm(self, form: Any, confirm: Any, status: int = 200) -> HttpResponse:
        """Show the consequences in numbers and ask for the note verbale, which only the last page can submit."""
        groups = audience_groups(form.audience)
        rows, until = form.rows, form.cleaned_data["until"]
        context = {
            "object": self.object,
            "form": confirm,
            "sentence": summaries.release_sentence(rows, summaries.reach(rows, groups), until),
            "losing": summaries.replacement_sentence(summaries.losing(rows, groups)),
            "chosen": rows,
            "audience": audience_names.names_of(groups),
            "until": until and last_day(until, rows[0].state),
            "reason": form.cleaned_data["reason"],
            "back_url": self.object.get_absolute_url(),
        }
        return TemplateResponse(self.request, self.confirm_template_name, context, status=status)


class VisitShare(ShareView):
    model = Visit

    def items(self) -> list[summaries.Item]:
        return summaries.items_of(self.actor, self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"not_agreed": summaries.not_agreed(self.actor, self.object), **kwargs})


# ── Withdrawal ───────────────────────────────────────────────────────────────
class WithdrawView(RecordFormView):
    """The page that shows who will lose access, and withdraws a release."""

    model: ClassVar[Any] = Restricted  # the one in `as_view(model=…)`
    form_class = WithdrawForm
    template_name = "assistance/consents/withdraw.html"
    needs_recent_login = True
    success_message = gettext_lazy("Consent withdrawn. Only your State and CTED can now read it.")

    def get_object(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        self.transition = registry.of(self.model).transitions["withdraw"]
        policy.require(self.actor, self.transition.who, row)
        return row

    def check_state(self) -> None:
        check_state(self.actor, self.transition, self.object)

    def form_valid(self, form: ActorForm) -> HttpResponse:
        consents.withdraw(actor=self.actor, rows=[self.object], reason=form.cleaned_data["reason"])
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisations = viewers_of(self.actor, self.object).organisations
        own = {
            "sentence": summaries.withdrawal_sentence([self.object], summaries.losing([self.object])),
            "losers": [organisation for organisation in organisations if not organisation.is_owner],
            "back_url": self.object.get_absolute_url(),
        }
        return super().get_context_data(**{**own, **kwargs})

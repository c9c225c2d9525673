"""Pages of consents: the share form and its confirmation, withdrawal, and the decisions."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance import registry
from assistance.access import audience_names, policy
from assistance.access.audience_words import audience_groups
from assistance.access.models import Restricted
from assistance.access.viewers import viewers_of
from assistance.consents import plans, summaries
from assistance.consents import transitions as consents
from assistance.consents.filters import ConsentFilter
from assistance.consents.forms import ConfirmForm, ShareForm, WithdrawForm
from assistance.consents.models import Consent, Release
from assistance.consents.progress import rows_of
from assistance.needs.models import Need
from assistance.needs.states import NEED
from assistance.pages.forms import ActorForm
from assistance.pages.views import Column, FormPage, ListPage, MemberView, ObjectPage
from assistance.visits.models import Section, Visit
from assistance.workflow.engine import check_state
from audit import log
from entities.access import MemberRequest
from files import serving
from web import field_errors
from web.exceptions import Conflict, Invalid, NotVisible, StaleSave
from web.pagination import Page


# ── Decisions ────────────────────────────────────────────────────────────────
class ConsentList(ListPage):
    model = Consent
    filters = ConsentFilter
    template = "assistance/consents/consent_list.html"
    columns = (
        Column(gettext_lazy("Consent"), "reference"),
        Column(gettext_lazy("State")),
        Column(gettext_lazy("Decision")),
        Column(gettext_lazy("About")),
        Column(gettext_lazy("Who may read it")),
        Column(gettext_lazy("Until")),
        Column(gettext_lazy("Given on"), "given"),
    )
    orders = {"given": ("given_at", "id"), "reference": ("reference", "id")}
    default_order = "-given"

    def rows(self) -> QuerySet[Consent]:
        sections = policy.visible(self.actor, Section).select_related("visit").order_by("number")
        needs = policy.visible(self.actor, Need).order_by("reference")
        rows = policy.visible(self.actor, Consent).select_related("state", "visit")
        return rows.prefetch_related(
            Prefetch("sections", sections, to_attr="sections_seen"), Prefetch("needs", needs, to_attr="needs_seen")
        )

    def extra(self, page: Page) -> dict[str, Any]:
        names = audience_names.names_by_audience(consent.released_to_id for consent in page.rows)
        return {
            "own_states": [
                o for o in self.actor.organisations if o.is_state and policy.sees_consents(self.actor, o.pk)
            ],
            "lines": [
                {
                    "consent": consent,
                    "about": summaries.named([*consent.sections_seen, *consent.needs_seen]),
                    "audience": names.get(consent.released_to_id, []),
                }
                for consent in page.rows
            ],
        }


class ConsentPage(ObjectPage):
    model = Consent
    template = "assistance/consents/consent.html"
    related = ("state", "visit", "given_by", "given_as__organisation", "released_to", "note_verbale")

    def extra(self, row: Consent) -> dict[str, Any]:
        visit = policy.visible(self.actor, Visit).filter(pk=row.visit_id).first() if row.visit_id else None
        needs = rows_of(self.actor, row, Need).order_by("reference")
        return {
            "sections": rows_of(self.actor, row, Section).select_related("visit").order_by("number"),
            "needs": needs,
            "visit": visit,
            "audience": audience_names.names_in(row.released_to),
            "versions": summaries.versions(self.actor, visit, needs),
            "is_over": row.until is not None and row.until < timezone.now().date(),
            "history": self.history(row),
        }


class NoteVerbale(MemberView):
    """The file a State attached to its consent. Served as an attachment, never shown in the browser."""

    model: ClassVar[type[Consent | Release]] = Consent

    def get(self, request: MemberRequest, pk: object) -> HttpResponseBase:
        rows: Any = policy.visible(self.actor, self.model).select_related("note_verbale")
        row: Any = policy.get(self.actor, self.model, pk, rows=rows)
        if row.note_verbale is None:
            raise NotVisible
        answer = serving.response(row.note_verbale)
        log.read([row])
        return answer


class ReleaseNote(NoteVerbale):
    """The file attached to a release plan."""

    model = Release


# ── Release, in two pages ────────────────────────────────────────────────────
class SharePage(FormPage):
    """Choose, then confirm. Both pages have one address; the choice is carried along in hidden fields."""

    model: ClassVar[type[Restricted]]
    form_class = ShareForm
    template = "assistance/consents/share.html"
    needs_proof = True
    confirm_template = "assistance/consents/share_confirm.html"

    def row(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        policy.require(self.actor, "state", row)
        return row

    def items(self, row: Any) -> list[summaries.Item]:
        """Return the rows that can be released here; subclasses override it. Raises Conflict when the row cannot."""
        return [summaries.Item(row)]

    def form(self, row: Any, data: Any = None, files: Any = None) -> ShareForm:
        return self._form(ShareForm, row, data)

    def _form(self, kind: type[ShareForm], row: Any, data: Any, files: Any = None) -> Any:
        return kind(data, files, actor=self.actor, instance=row, items=self.items(row))

    def post(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        row = self.row()
        self.prove()
        step = request.POST.get("step", "")
        form = self._form(ShareForm, row, request.POST)
        if step == "change":
            return self.show(row, form)
        if not form.is_valid():
            return self.show(row, form, status=field_errors.STATUS)
        confirm = self._form(ConfirmForm, row, request.POST, request.FILES if step == "release" else None)
        if not confirm.is_valid():
            return self.confirm(row, form, confirm, status=field_errors.STATUS)
        if step != "release":
            return self.confirm(row, form, confirm)
        return self.release(row, form, confirm)

    def release(self, row: Any, form: ShareForm, confirm: ConfirmForm) -> HttpResponse:
        try:
            made = self.perform(row, confirm)
        except Invalid as error:
            if "note_verbale" in error.errors:
                confirm.take(error)
                return self.confirm(row, form, confirm, status=field_errors.STATUS)
            form.take(error)
            return self.show(row, form, status=field_errors.STATUS)
        except StaleSave:
            form.data = form.read_anew(self.request.POST)
            form.add_error(
                "chosen", _("A text was changed while you were reading. Read it again before you release it.")
            )
            return self.show(row, form, status=409)
        except Conflict as error:
            form.add_error(None, str(error))
            return self.show(row, form, status=409)
        if isinstance(made, Release):
            messages.success(
                self.request, _("Put before a colleague. Nothing is released until one of them has confirmed it.")
            )
            return redirect("release", pk=made.pk)
        messages.success(self.request, self.done(row))
        return redirect(self.next(row))

    def perform(self, row: Any, form: Any) -> Consent | Release:
        values = form.cleaned_data
        return plans.submit(
            actor=self.actor,
            needs=[chosen.pk for chosen in form.rows if isinstance(chosen, Need)],
            sections=[chosen.pk for chosen in form.rows if isinstance(chosen, Section)],
            audience=form.words,
            until=values["until"],
            note_verbale=values["note_verbale"] or None,
            reason=values["reason"],
            versions=form.versions,
        )

    def context(self, row: Any, form: Any) -> dict[str, Any]:
        return {"items": form.items, "back_url": self.next(row)}

    def confirm(self, row: Any, form: ShareForm, confirm: ConfirmForm, status: int = 200) -> HttpResponse:
        """Show the consequences in numbers and ask for the note verbale, which only the last page can submit."""
        groups = audience_groups(form.words)
        rows, until = form.rows, form.cleaned_data["until"]
        context = {
            "row": row,
            "form": confirm,
            "sentence": summaries.release_sentence(rows, summaries.reach(rows, groups), until),
            "losing": summaries.replacement_sentence(summaries.losing(rows, groups)),
            "chosen": rows,
            "audience": audience_names.names_of(groups),
            "until": until,
            "reason": form.cleaned_data["reason"],
            "back_url": self.next(row),
        }
        return self.render(self.confirm_template, context, status)

    def done(self, row: Any) -> str:
        return _("Released. Those you chose can read it from now on.")


class VisitShare(SharePage):
    model = Visit

    def items(self, row: Visit) -> list[summaries.Item]:
        return summaries.items_of(self.actor, row)

    def context(self, row: Visit, form: Any) -> dict[str, Any]:
        return {**super().context(row, form), "not_agreed": summaries.not_agreed(self.actor, row)}


class NeedShare(SharePage):
    model = Need

    def items(self, row: Need) -> list[summaries.Item]:
        check_state(self.actor, NEED["share"], row)
        return super().items(row)


class SectionShare(SharePage):
    model = Section


# ── Withdrawal ───────────────────────────────────────────────────────────────
class WithdrawPage(FormPage):
    """The page that shows who will lose access, and withdraws a release."""

    model: ClassVar[type[Restricted]]
    form_class = WithdrawForm
    template = "assistance/consents/withdraw.html"
    needs_proof = True

    def row(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        table = registry.of(self.model).transitions
        policy.require(self.actor, table["withdraw"].who, row)
        return row

    def get(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        """Show the form. Raises Conflict when nothing is released; `post` shows that error with the typed reason."""
        table = registry.of(self.model).transitions
        check_state(self.actor, table["withdraw"], self.row())
        return super().get(request, **kwargs)

    def perform(self, row: Any, form: ActorForm) -> Any:
        own: dict[str, Any] = {registry.of(self.model).collection: [row.pk]}
        consents.withdraw(actor=self.actor, reason=form.cleaned_data["reason"], versions=None, **own)
        return row

    def context(self, row: Any, form: ActorForm) -> dict[str, Any]:
        seers = viewers_of(self.actor, row).organisations
        return {
            "sentence": summaries.withdrawal_sentence([row], summaries.losing([row])),
            "losers": [seer for seer in seers if not seer.is_owner],
            "back_url": self.next(row),
        }

    def done(self, row: Any) -> str:
        return _("Withdrawn. From now on only your State and CTED can read it.")


class NeedWithdraw(WithdrawPage):
    model = Need


class SectionWithdraw(WithdrawPage):
    model = Section

"""Pages of letters: the preview of one, its file, and the texts as UNOCT keeps them."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from assistance.access import policy
from assistance.access.models import Restricted
from assistance.letters import drafting
from assistance.letters.docx import TYPE, to_docx
from assistance.letters.kinds import LetterKind
from assistance.workflow.naming import matter_of, with_names
from audit import log
from entities.access import AppointmentRequiredMixin
from entities.pages import MemberFormView
from web import spreadsheets
from web.exceptions import Conflict, Forbidden, StaleSave
from web.forms import DomainForm, PlainText, compare


class OfRow(AppointmentRequiredMixin):
    """A view of one kind of letter about one row."""

    http_method_names = ["get", "head", "options"]
    model: ClassVar[Any] = Restricted  # those in `as_view(model=…, kind=…)`
    kind: ClassVar[Any] = None

    def draw_up(self) -> drafting.Draft:
        """Return the letter in the language asked for, by default that of the row, else of the reader; the row counts as read."""
        rows = with_names(policy.visible(self.actor, self.model), self.actor)
        row: Any = policy.get(self.actor, self.model, self.kwargs["pk"], rows=rows)
        asked = self.request.GET.get("language", getattr(row, "language", get_language() or settings.LANGUAGE_CODE))
        draft = drafting.draw_up(self.actor, row, self.kind, asked)
        log.read([row])
        return draft


class LetterPage(OfRow, TemplateView):
    """The preview of a letter, with what is missing in the record."""

    template_name = "assistance/letters/letter.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self.draw_up()
        own = {
            "draft": draft,
            "object": draft.row,
            "matter": matter_of(draft.row),
            "languages": settings.LANGUAGES,
            "file": reverse(draft.row.url_name(f"letter-{self.kind.name}-file"), args=[draft.row.pk]),
            "enclosure": self.kind.enclosure
            and reverse(draft.row.url_name(f"letter-{self.kind.name}-table"), args=[draft.row.pk]),
            "keeps": drafting.may_keep(self.actor),
        }
        return super().get_context_data(**{**own, **kwargs})


class LetterFile(OfRow, View):
    """The file of a letter, as a download."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return download(self.draw_up())


class LetterEnclosure(OfRow, View):
    """The spreadsheet that is sent with a letter, as a download."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return spreadsheets.download(*self.draw_up().enclosure(self.actor))


def download(draft: drafting.Draft) -> HttpResponse:
    """Return the answer with the file of a letter."""
    return docx_file(to_docx(draft), draft.file_name)


def docx_file(content: bytes, name: str) -> HttpResponse:
    """Return the answer with a DOCX file, as a download."""
    answer = HttpResponse(content, content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# ── Texts ────────────────────────────────────────────────────────────────────
class LetterTexts(AppointmentRequiredMixin, TemplateView):
    """The kinds of letters, for those who keep their texts."""

    template_name = "assistance/letters/texts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not drafting.may_keep(self.actor):
            raise Forbidden
        return super().get_context_data(**{"kinds": drafting.kinds(), **kwargs})


class TextsForm(DomainForm):
    """The text of a letter in each language."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, kind: LetterKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            field = PlainText(label=name)
            field.widget.attrs |= {"lang": code, "dir": "rtl" if code == "ar" else "ltr", "rows": 12}
            self.fields[f"text_{code}"] = field
        self.initial["version"] = drafting.version_of(kind)
        self.initial = {**{f"text_{code}": text for code, text in drafting.texts_of(kind).items()}, **self.initial}


class LetterTextEdit(MemberFormView):
    """The form that changes the texts of one kind of letter."""

    kind: ClassVar[Any] = None  # the one in `as_view(kind=…)`
    form_class = TextsForm
    template_name = "assistance/letters/text_form.html"
    submit = pgettext_lazy("button", "Save")
    success_message = gettext_lazy("The texts apply to letters that are drawn up from now on.")

    def check_permissions(self) -> None:
        super().check_permissions()
        if not drafting.may_keep(self.actor):
            raise Forbidden

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": self.kind}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"title": self.kind.label, "kind": self.kind, "lead": _("Names in braces are filled in from the record.")}
        return super().get_context_data(**{**own, **kwargs})

    def form_valid(self, form: forms.Form) -> HttpResponse:
        texts = {name.removeprefix("text_"): text for name, text in form.cleaned_data.items() if name != "version"}
        drafting.change(actor=self.actor, kind=self.kind, texts=texts, version=form.cleaned_data["version"])
        return super().form_valid(form)

    def form_conflict(self, form: Any, error: Conflict) -> HttpResponse:
        """Show both texts side by side; saving again from that page knowingly overwrites the stored ones."""
        if not isinstance(error, StaleSave):
            return super().form_conflict(form, error)
        again = self.request.POST.copy()
        again["version"] = drafting.version_of(self.kind)
        form.data = again
        rows = compare(form, error.theirs, error.yours)
        context = self.get_context_data(form=form, rows=rows, message=error)
        return TemplateResponse(self.request, "errors/409.html", context, status=409)

    def get_back_url(self) -> str:
        return reverse("letter-texts")

    def get_success_url(self) -> str:
        return reverse("letter-texts")

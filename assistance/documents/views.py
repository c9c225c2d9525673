"""Pages of documents: details and who can see them, download, attaching, replacing, removing."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views import View

from assistance.access import policy
from assistance.access.models import Restricted
from assistance.access.viewers import viewers_of
from assistance.documents import transitions as documents
from assistance.documents.forms import AttachForm, RemoveForm, ReplaceForm
from assistance.documents.models import PARENTS, Document
from assistance.documents.queries import downloads, file_of, named_parent, versions_of
from assistance.pages.forms import ActorForm
from assistance.pages.views import RecordDetailView, RecordFormView
from assistance.workflow.naming import matter_of
from audit import log
from entities.access import AppointmentRequiredMixin
from files import serving
from web.exceptions import NotVisible
from web.views import Link


def place_of(row: Restricted) -> str:
    """Return the address of the documents on the page of a row."""
    return row.get_absolute_url() + "#documents"


class DocumentPage(RecordDetailView):
    model = Document
    template_name = "assistance/documents/document.html"
    related = (
        "file",
        "attached_by",
        "attached_as__organisation",
        "removed_by",
        *PARENTS,
        "section__visit",
        "match__need",
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document = self.object
        own = {
            "parent": named_parent(document),
            "parent_url": place_of(document.parent),
            "versions": versions_of(self.actor, document),
        }
        return super().get_context_data(**{**own, **kwargs})

    def get_buttons(self) -> list[Link]:
        """Return links to replace and to remove the document, for the organisation that attached it."""
        if not documents.may_change(self.actor, self.object):
            return []
        return [
            Link(reverse("document-replace", args=[self.object.pk]), _("Attach a new version")),
            Link(
                reverse("document-remove", args=[self.object.pk]), pgettext("button", "Remove document"), tone="danger"
            ),
        ]


class DocumentFile(AppointmentRequiredMixin, View):
    """Download the current file, or an earlier version by its number."""

    def get(self, request: HttpRequest, pk: object, number: int | None = None) -> HttpResponseBase:
        row = policy.get(self.actor, Document, pk, rows=downloads(self.actor))
        answer = serving.response(file_of(self.actor, row, number))
        log.read([row])
        return answer


class DocumentFormView(RecordFormView):
    """Shared by the forms about a document: none of its values is shown in them."""

    model = Document

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": None}


class DocumentAdd(DocumentFormView):
    """Attach a file to the row given in the address."""

    form_class = AttachForm

    def get_object(self) -> Restricted:
        """Return the row to which the file is attached."""
        if self.kwargs["kind"] not in PARENTS:
            raise NotVisible
        row: Restricted = policy.get(self.actor, PARENTS[self.kwargs["kind"]], self.kwargs["pk"])
        documents.check_attach(self.actor, row)
        self.needs_recent_login = documents.opens_at_once(row)
        return row

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values = form.cleaned_data
        self.object = documents.attach(actor=self.actor, parent=self.object, title=values["title"], file=values["file"])
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        title, people = matter_of(row).inline, viewers_of(self.actor, row).people
        own = {
            "title": _("Attach a document to “%(title)s”") % {"title": title},
            "lead": ngettext(
                "All users who can see “%(title)s” will see it: %(count)d person now, and others if it is released to "
                "them.",
                "All users who can see “%(title)s” will see it: %(count)d people now, and others if it is released to "
                "them.",
                people,
            )
            % {"title": title, "count": people},
            "submit": pgettext("button", "Attach file"),
            "back_url": place_of(row),
        }
        return super().get_context_data(**{**own, **kwargs})

    def get_success_message(self) -> str:
        return _("“%(title)s” has been attached.") % {"title": self.object.title}

    def get_success_url(self) -> str:
        """Return the place of the documents on the page of the row."""
        return place_of(self.object.parent)


class OwnDocumentFormView(DocumentFormView):
    """Shared by replacing and removing: only the organisation that attached a document may do so."""

    def get_queryset(self) -> QuerySet[Document]:
        """Return the visible documents, with what the rules read."""
        return policy.visible(self.actor, Document).select_related("attached_as", *PARENTS)

    def get_object(self) -> Document:
        row: Document = policy.get(self.actor, Document, self.kwargs["pk"], rows=self.get_queryset())
        documents.check_own(self.actor, row)
        return row


class DocumentReplace(OwnDocumentFormView):
    form_class = ReplaceForm

    def get_object(self) -> Document:
        row = super().get_object()
        self.needs_recent_login = documents.opens_at_once(row.parent)
        return row

    def form_valid(self, form: ActorForm) -> HttpResponse:
        self.object = documents.replace(actor=self.actor, document=self.object.pk, file=form.cleaned_data["file"])
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {
            "title": _("Attach a new version"),
            "lead": _(
                "“%(title)s”: readers now see the new file. Earlier files remain visible only to users who "
                "attach documents here."
            )
            % {"title": self.object.title},
            "submit": pgettext("button", "Attach file"),
            "back_url": self.object.get_absolute_url(),
        }
        return super().get_context_data(**{**own, **kwargs})


class DocumentRemove(OwnDocumentFormView):
    form_class = RemoveForm
    success_message = gettext_lazy("Document removed. It can no longer be opened.")

    def form_valid(self, form: ActorForm) -> HttpResponse:
        self.object = documents.remove(actor=self.actor, document=self.object.pk, reason=form.cleaned_data["reason"])
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {
            "title": _("Remove a document"),
            "lead": _("“%(title)s” can no longer be opened. Your organization’s records still show that it was here.")
            % {"title": self.object.title},
            "submit": pgettext("button", "Remove document"),
            "back_url": self.object.get_absolute_url(),
        }
        return super().get_context_data(**{**own, **kwargs})

"""Pages of documents: details and who can see them, download, attaching, replacing, removing."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.access.models import Restricted
from assistance.access.viewers import viewers_of
from assistance.documents import transitions as documents
from assistance.documents.forms import AttachForm, RemoveForm, ReplaceForm
from assistance.documents.models import PARENTS, Document
from assistance.documents.queries import downloads, file_of, named_parent, versions_of
from assistance.pages.forms import ActorForm
from assistance.pages.views import FormPage, MemberView, ObjectPage
from audit import log
from entities.access import MemberRequest
from files import serving
from web.exceptions import NotVisible


def place_of(row: Any) -> str:
    """Return the address of the documents on the page of a row."""
    return reverse(str(row._meta.model_name), args=[row.pk]) + "#documents"


class DocumentPage(ObjectPage):
    model = Document
    template = "assistance/documents/document.html"
    related = (
        "file",
        "attached_by",
        "attached_as__organisation",
        "removed_by",
        *PARENTS,
        "section__visit",
        "match__need",
    )

    def extra(self, row: Document) -> dict[str, Any]:
        return {
            "parent": named_parent(row),
            "parent_url": place_of(row.parent),
            "versions": versions_of(self.actor, row),
            "may_change": documents.may_change(self.actor, row),
            "history": self.history(row),
        }


class DocumentFile(MemberView):
    """Download the current file, or an earlier version by its number."""

    def get(self, request: MemberRequest, pk: object, number: int | None = None) -> HttpResponseBase:
        row = policy.get(self.actor, Document, pk, rows=downloads(self.actor))
        answer = serving.response(file_of(self.actor, row, number))
        log.read([row])
        return answer


class DocumentAdd(FormPage):
    """Attach a file to the row given in the address."""

    form_class = AttachForm

    def row(self) -> Restricted:
        if self.kwargs["kind"] not in PARENTS:
            raise NotVisible
        row = policy.get(self.actor, PARENTS[self.kwargs["kind"]], self.kwargs["pk"])
        documents.check_attach(self.actor, row)
        self.needs_proof = documents.opens_at_once(row)
        return row

    def form(self, row: Restricted, data: Any = None, files: Any = None) -> ActorForm:
        return AttachForm(data, files, actor=self.actor)

    def perform(self, row: Restricted, form: ActorForm) -> Document:
        values = form.cleaned_data
        return documents.attach(actor=self.actor, parent=row, title=values["title"], file=values["file"])

    def context(self, row: Any, form: ActorForm) -> dict[str, Any]:
        return {
            "title": _("Attach a document"),
            "lead": _("Whoever sees %(row)s will see it: %(count)d people now, and others if it is released to them.")
            % {"row": row, "count": viewers_of(self.actor, row).people},
            "submit": _("Attach"),
            "back_url": place_of(row),
        }

    def done(self, row: Document) -> str:
        return _("“%(title)s” has been attached.") % {"title": row.title}

    def next(self, row: Document) -> str:
        return place_of(row.parent)


class OwnDocument(FormPage):
    """Shared by replacing and removing: only the organisation that attached a document may do so."""

    def rows(self) -> QuerySet[Document]:
        return policy.visible(self.actor, Document).select_related("attached_as", *PARENTS)

    def row(self) -> Document:
        row = policy.get(self.actor, Document, self.kwargs["pk"], rows=self.rows())
        documents.check_own(self.actor, row)
        return row

    def form(self, row: Document, data: Any = None, files: Any = None) -> ActorForm:
        return self.form_class(data, files, actor=self.actor)


class DocumentReplace(OwnDocument):
    form_class = ReplaceForm

    def row(self) -> Document:
        row = super().row()
        self.needs_proof = documents.opens_at_once(row.parent)
        return row

    def perform(self, row: Document, form: ActorForm) -> Document:
        return documents.replace(actor=self.actor, document=row.pk, file=form.cleaned_data["file"])

    def context(self, row: Document, form: ActorForm) -> dict[str, Any]:
        return {
            "title": _("Attach a later version"),
            "lead": _(
                "“%(title)s”: readers get the new file from now on. Earlier ones stay with those who attach here."
            )
            % {"title": row.title},
            "submit": _("Attach"),
            "back_url": self.next(row),
        }


class DocumentRemove(OwnDocument):
    form_class = RemoveForm

    def perform(self, row: Document, form: ActorForm) -> Document:
        return documents.remove(actor=self.actor, document=row.pk, reason=form.cleaned_data["reason"])

    def context(self, row: Document, form: ActorForm) -> dict[str, Any]:
        return {
            "title": _("Remove a document"),
            "lead": _(
                "“%(title)s”: nobody can open it from now on. That it was there stays on your organisation's record."
            )
            % {"title": row.title},
            "submit": _("Remove"),
            "back_url": self.next(row),
        }

    def done(self, row: Document) -> str:
        return _("Removed. Nobody can open it any more.")

    def next(self, row: Document) -> str:
        return reverse("document", args=[row.pk])

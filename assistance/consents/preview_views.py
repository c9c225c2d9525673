"""Previews of rows as another organisation or audience sees them, before and after a release."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from assistance import registry
from assistance.access import policy
from assistance.access.audiences import groups_of
from assistance.access.models import Restricted
from assistance.consents.kinds import with_rows
from assistance.consents.models import ReleasePlan
from assistance.consents.preview_forms import ReaderForm
from assistance.consents.previews import Opening, preview_actor
from assistance.pages.views import RecordDetailView
from web import field_errors
from web.exceptions import NotVisible


class PreviewView(RecordDetailView):
    """The page rendered for the previewed reader: what they would not see is left out."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        policy.require(self.actor, "state", row)
        sent = request.GET if "reader" in request.GET else None
        carried = {"plan": request.GET.get("plan", "")}
        self.form = ReaderForm(sent, actor=self.actor, instance=row, initial=carried)
        if not self.form.is_valid():
            return self.choose(row, status=field_errors.status_of(self.form))
        asking = self.actor
        self.readers = self.form.readers
        self.actor = preview_actor(asking, self.readers, self.openings(row))
        try:
            return super().get(request, *args, **kwargs)
        except NotVisible:
            self.actor = asking
            return self.choose(row, unseen=True, readers=self.readers)

    def openings(self, row: Any) -> list[Opening]:
        """Return what to assume as released: this row to the chosen audience, if requested."""
        if self.form.cleaned_data["plan"]:
            plan = policy.get(self.actor, ReleasePlan, self.form.cleaned_data["plan"])
            return [(line.row, groups_of(line.released_to)) for line in with_rows(plan.lines.all(), "owners")]
        return [(row, self.readers.named)] if self.form.cleaned_data["suppose"] else []

    def choose(self, row: Restricted, status: int = 200, **more: Any) -> HttpResponse:
        """Ask as whom to preview; or say that they would see nothing here."""
        context = {"object": row, "form": self.form, "back_url": row.get_absolute_url(), **more}
        return TemplateResponse(self.request, "assistance/consents/preview.html", context, status=status)

    def get_object(self, queryset: Any = None) -> Any:
        row = super().get_object(queryset)
        registry.of(row).release.as_released(row)
        return row

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"preview": self.form, "readers": self.readers, "preview_back": self.object.get_absolute_url()}
        return super().get_context_data(**{**own, **kwargs})


def preview_of(page: type[RecordDetailView]) -> type[PreviewView]:
    """Return the view that shows this page of a row as others read it."""
    return cast(type[PreviewView], type(f"{page.__name__}Preview", (PreviewView, page), {}))

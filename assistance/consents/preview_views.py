"""Previews of needs and sections as another organisation or audience sees them, before and after a release."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse

from assistance.access import policy
from assistance.access.audiences import groups_of
from assistance.access.models import Restricted
from assistance.consents.models import Release
from assistance.consents.preview_forms import ReaderForm
from assistance.consents.previews import Opening, preview_actor
from assistance.needs.models import Need
from assistance.needs.states import NeedStatus
from assistance.needs.views import NeedPage
from assistance.pages.views import ObjectPage
from assistance.visits.views import SectionPage
from entities.access import MemberRequest
from web import field_errors
from web.exceptions import NotVisible


class AsReader(ObjectPage):
    """The page rendered for the previewed reader: what they would not see is left out."""

    def get(self, request: MemberRequest, pk: object) -> HttpResponseBase:
        row = policy.get(self.actor, self.model, pk)
        policy.require(self.actor, "state", row)
        sent = request.GET if "reader" in request.GET else None
        carried = {"plan": request.GET.get("plan", "")}
        self.form = ReaderForm(sent, actor=self.actor, instance=row, initial=carried)
        if not self.form.is_valid():
            return self.choose(row, status=field_errors.status_of(self.form))
        asking = self.actor
        self.eyes = self.form.eyes
        self.actor = preview_actor(asking, self.eyes, self.openings(row))
        try:
            return super().get(request, pk)
        except NotVisible:
            self.actor = asking
            return self.choose(row, unseen=True, eyes=self.eyes)

    def openings(self, row: Any) -> list[Opening]:
        """Return what to assume as released: this row to the chosen audience, if requested."""
        if self.form.cleaned_data["plan"]:
            plan = policy.get(self.actor, Release, self.form.cleaned_data["plan"])
            lines = plan.lines.select_related("released_to", "need__owners", "section__owners")
            return [(line.row, groups_of(line.released_to)) for line in lines]
        return [(row, self.eyes.named)] if self.form.cleaned_data["suppose"] else []

    def choose(self, row: Restricted, status: int = 200, **more: Any) -> HttpResponse:
        """Ask as whom to preview; or say that they would see nothing here."""
        back = reverse(str(row._meta.model_name), args=[row.pk])
        return self.render("assistance/consents/preview.html", {"row": row, "form": self.form, "back_url": back, **more}, status)

    def extra(self, row: Any) -> dict[str, Any]:
        if isinstance(row, Need) and row.status == NeedStatus.AGREED:
            row.status = NeedStatus.SHARED  # the status that readers of the release will see
        back = reverse(str(row._meta.model_name), args=[row.pk])
        return {**super().extra(row), "preview": self.form, "eyes": self.eyes, "preview_back": back}


class NeedAs(AsReader, NeedPage):
    """A need as others read it."""


class SectionAs(AsReader, SectionPage):
    """A report section as others read it."""

"""Pages of offers."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access import policy
from assistance.needs.models import Match
from assistance.offers.filters import OfferFilter
from assistance.offers.forms import FORMS, OfferForm
from assistance.offers.models import Offer
from assistance.offers.states import AssistanceType, OfferStatus
from assistance.pages.forms import ActorForm
from assistance.pages.views import ActPage, Column, CreatePage, EditPage, FormPage, ListPage, ObjectPage
from assistance.workflow import editing
from web.translated_text import CODES


class OfferList(ListPage):
    model = Offer
    filters = OfferFilter
    template = "assistance/offers/offer_list.html"
    columns = (
        Column(gettext_lazy("Reference"), "reference"),
        Column(gettext_lazy("Offer")),
        Column(gettext_lazy("Provider")),
        Column(gettext_lazy("Themes")),
        Column(gettext_lazy("For")),
        Column(gettext_lazy("Until")),
        Column(gettext_lazy("Status")),
        Column(gettext_lazy("Updated"), "modified"),
    )
    orders = {"modified": ("modified_at", "id"), "reference": ("reference", "id")}

    def rows(self) -> QuerySet[Offer]:
        rows = policy.visible(self.actor, Offer).select_related("provider")
        return rows.prefetch_related("themes", "for_states", "for_regions")


class OfferPage(ObjectPage):
    model = Offer
    template = "assistance/offers/offer.html"
    related = ("provider",)

    def rows(self) -> QuerySet[Offer]:
        return super().rows().prefetch_related("themes", "for_states", "for_regions")

    def extra(self, row: Offer) -> dict[str, Any]:
        matches = policy.visible(self.actor, Match).filter(offer=row).select_related("need__state", "provider")
        ended = row.status == OfferStatus.WITHDRAWN
        return {
            "types": [label for value, label in AssistanceType.choices if value in row.assistance_types],
            "languages": [code for code in CODES if code in row.working_languages],
            "matches": matches.order_by("-modified_at", "-id"),
            "history": self.history(row),
            "may_edit": policy.may_edit(self.actor, row) and not ended,
        }


class OfferWrite(FormPage):
    """Shared by the pages that record and edit an offer."""

    form_class = OfferForm

    def context(self, row: Offer | None, form: ActorForm) -> dict[str, Any]:
        return {
            "title": _("Edit the offer") if row else _("Record an offer"),
            "lead": "" if row else _("It stays a draft that only your organisation sees until you publish it."),
            "submit": _("Save"),
            "keep": f"offer-{row.pk if row else 'new'}",
            "back_url": self.next(row) if row else reverse("offers"),
        }


class OfferCreate(OfferWrite, CreatePage):
    model = Offer

    def perform(self, row: None, form: ActorForm) -> Offer:
        return editing.create(actor=self.actor, model=Offer, values=form.values)


class OfferEdit(OfferWrite, EditPage):
    model = Offer

    def perform(self, row: Offer, form: ActorForm) -> Offer:
        version = form.cleaned_data["version"]
        return editing.edit(actor=self.actor, model=Offer, pk=row.pk, values=form.values, version=version)


class OfferAct(ActPage):
    model = Offer
    forms = FORMS

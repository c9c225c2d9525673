"""Pages of offers."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.access import policy
from assistance.needs.fitting import fitting_context
from assistance.needs.merging import RUNNING
from assistance.needs.models import Match
from assistance.offers.capacity import capacities
from assistance.offers.corrections import proposing
from assistance.offers.decisions import details, proposed_merge
from assistance.offers.filters import OfferFilter
from assistance.offers.forms import FORMS, OfferForm
from assistance.offers.models import Correction, Offer
from assistance.offers.states import ENDED, OFFER, OfferStatus
from assistance.pages.outcomes import changed, outcome
from assistance.pages.views import (
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    RecordListView,
    TransitionView,
)
from assistance.workflow.history import last_act
from assistance.workflow.models import Due
from entities.collation import by_short_name, by_text
from web import cells
from web.sorting import by_day, by_rank
from web.views import Column, Link


class OfferList(RecordListView):
    model = Offer
    filterset_class = OfferFilter
    title = pgettext_lazy("page", "Offers")
    lead = gettext_lazy(
        "Assistance that entities, partners and States can provide, published to all users or to the States they name."
    )
    create_label = gettext_lazy("Record an offer")
    create_text = gettext_lazy(
        "Record what your organization can provide. CTED and the States that need assistance can find it here."
    )
    empty_title = gettext_lazy("No offers yet")
    empty_text = gettext_lazy("Offers appear here when an entity, a partner or a State publishes one.")
    columns = (
        Column(pgettext_lazy("label", "Offer"), "title", cells.title, sort="title", row_heading=True, width="wide", card="title"),
        Column(pgettext_lazy("label", "Provider"), "provider.short", cells.name, sort="provider", card="line"),
        Column(pgettext_lazy("label", "Themes"), "themes.all", "components/cells/names.html", width="short"),
        Column(pgettext_lazy("label", "Intended for"), template="assistance/offers/cells/for.html", width="short", card="line"),
        Column(pgettext_lazy("label", "Status"), template="assistance/offers/cells/status.html", sort="status", card="foot"),
        Column(
            pgettext_lazy("date", "Until"), "closes_on", cells.day, sort="until", numeric=True,
            card="labelled",
        ),
        Column(pgettext_lazy("label", "Updated"), "modified_at", cells.age, sort="modified", numeric=True),
    )  # fmt: skip
    orders = {
        "modified": ("modified_at", "id"),
        "title": ("title_key", "id"),
        "provider": ("provider_key", "id"),
        "status": ("status_key", "id"),
        "until": ("until_key", "id"),
    }
    sort_keys = {
        "title_key": by_text("title"),
        "provider_key": by_short_name("provider"),
        "status_key": by_rank("status", OfferStatus),
        "until_key": by_day("closes_on"),
    }

    def get_queryset(self) -> QuerySet[Offer]:
        return super().get_queryset().select_related("provider").prefetch_related("themes", "for_states", "for_regions")


class OfferPage(RecordDetailView):
    model = Offer
    template_name = "assistance/offers/offer.html"
    related = ("provider", "contact_appointment__user", "contact_appointment__organisation")
    edit_label = gettext_lazy("Edit the offer")

    def get_queryset(self) -> QuerySet[Offer]:
        return super().get_queryset().prefetch_related("themes", "for_states", "for_regions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offer = self.object
        matches = policy.visible(self.actor, Match).filter(offer=offer).select_related("need__state", "provider")
        own = {
            "matches": matches.order_by("-modified_at", "-id"),
            "received": [match for match in matches.order_by("created_at") if match.verified_share],
            "capacities": [] if offer.status in ENDED else capacities(self.actor, offer),
            "pauses_on": self.pauses_on(),
            "merged_into": policy.visible(self.actor, Offer).filter(pk=offer.merged_into_id).first(),
            "corrections": policy.visible(self.actor, Correction)
            .filter(offer=offer)
            .select_related("proposed_as__organisation")
            .order_by("-modified_at", "-id"),
            "merge_proposed": proposed_merge(self.actor, offer),
            **fitting_context(self.actor, offer),
            **details(self.actor, offer),
        }
        return super().get_context_data(**{**own, **kwargs})

    def get_buttons(self) -> list[Link]:
        """Return the available transitions and, for its readers, a link to propose a correction."""
        found = super().get_buttons()
        if proposing(self.actor, self.object):
            url, effect = (
                reverse("offer-correct", args=[self.object.pk]),
                _("The provider decides. Nothing changes before."),
            )
            found.append(Link(url, _("Propose a correction"), effect))
        return found

    def pauses_on(self) -> date | None:
        """Return the day on which the offer is paused, for a provider who has been asked to confirm it; else None."""
        if not policy.may(self.actor, OFFER["confirm"], self.object):
            return None
        asked = policy.visible(self.actor, Due).filter(
            offer=self.object, kind="offer_confirm", done_at=None, rung__gt=0
        )
        due = asked.select_related("owed_by").first()
        return due.due_on if due else None


class OfferCreate(RecordCreateView):
    model = Offer
    form_class = OfferForm
    title = gettext_lazy("Record an offer")
    lead = gettext_lazy("The offer remains a draft that only your organization sees until you publish it.")


class OfferEdit(RecordEditView):
    model = Offer
    form_class = OfferForm
    title = gettext_lazy("Edit the offer")


class OfferTransition(TransitionView):
    model = Offer
    forms = FORMS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        running = policy.visible(self.actor, Match).filter(offer=self.object, status__in=RUNNING)
        merging = self.transition.name in ("merge", "propose-merge")
        moving = running.select_related("need__state", "provider").order_by("created_at") if merging else ()
        return super().get_context_data(**{"merging": merging, "matches": moving, **kwargs})

    def get_success_message(self) -> str:
        """Return what changed and who is notified; of an offer that ends, the parties of its matches too."""
        done, act = changed(self.actor, self.object), last_act(self.actor, self.object)
        if act is None or self.transition.name not in ("merge", "withdraw"):
            return outcome(self.actor, self.object, done)
        offers = [self.object.pk, self.object.merged_into_id]
        told = {"events__actor": self.actor.user, "events__at__gte": act.at - timedelta(minutes=1)}
        matches = policy.visible(self.actor, Match).filter(offer__in=offers, **told).distinct()
        return outcome(self.actor, self.object, done, about=[self.object, *matches])

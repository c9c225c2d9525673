"""Pages of matches."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.access import policy
from assistance.needs import match_transitions as matches
from assistance.needs import queries
from assistance.needs.answers import sides
from assistance.needs.coverage import coverage as coverage_of
from assistance.needs.deadlines import lapse_days
from assistance.needs.filters import MatchFilter
from assistance.needs.match_forms import FORMS, ProposeForm, offers_to_propose
from assistance.needs.models import Match, Need
from assistance.needs.states import OPEN_MATCH, OPEN_TO_OFFERS, MatchStatus
from assistance.offers.models import Offer
from assistance.pages.forms import ActorForm
from assistance.pages.views import ActPage, Column, FormPage, ListPage, MemberRequest, ObjectPage
from web.exceptions import Conflict, Forbidden


class MatchList(ListPage):
    model = Match
    filters = MatchFilter
    template = "assistance/needs/match_list.html"
    columns = (
        Column(gettext_lazy("Reference"), "reference"),
        Column(gettext_lazy("Need")),
        Column(gettext_lazy("State")),
        Column(gettext_lazy("Provider")),
        Column(pgettext_lazy("portion", "Share")),
        Column(gettext_lazy("Status")),
        Column(gettext_lazy("Waiting since"), "waiting"),
        Column(gettext_lazy("Answer due")),
        Column(gettext_lazy("Updated"), "modified"),
    )
    orders = {
        "modified": ("modified_at", "id"),
        "reference": ("reference", "id"),
        "waiting": ("waiting_since", "id"),
    }

    def rows(self) -> QuerySet[Match]:
        return policy.visible(self.actor, Match).select_related("need__state", "provider")

    def extra(self, page: Any) -> dict[str, Any]:
        open_matches = [match for match in page if match.status in OPEN_MATCH]
        lapses_on = lapse_days(open_matches)
        for match in open_matches:
            match.due = lapses_on(match)
        return {}


class MatchPage(ObjectPage):
    model = Match
    template = "assistance/needs/match.html"
    related = ("need__state", "provider")

    def extra(self, row: Match) -> dict[str, Any]:
        is_open = row.status in OPEN_MATCH
        return {
            "sides": sides(row, set(row.events.values_list("verb", flat=True))),
            "ledger": coverage_of(row.need),
            # The offer may have been paused or restricted since, and so be hidden from the reader.
            "offer": row.offer_id and policy.visible(self.actor, Offer).filter(pk=row.offer_id).first(),
            "due": lapse_days([row])(row) if is_open else None,
            "history": self.history(row),
            "may_edit": False,
        }


class MatchAct(ActPage):
    model = Match
    forms = FORMS
    template = "assistance/needs/match_transition.html"

    def context(self, row: Match, form: ActorForm) -> dict[str, Any]:
        now = coverage_of(row.need)["open"]
        after = {"open_now": now, "open_after": max(0, now - row.share), "fits": row.share <= now}
        return {**super().context(row, form), **after, "suggested": row.status == MatchStatus.SUGGESTED}


class Propose(FormPage):
    """Propose help for a need: a provider to the State, CTED to a provider."""

    template = "assistance/needs/propose.html"

    def row(self) -> Need:
        rows = policy.visible(self.actor, Need).select_related("state__region__parent__parent")
        need = policy.get(self.actor, Need, self.kwargs["pk"], rows=rows)
        if not policy.may_create(self.actor, Match):
            raise Forbidden
        self.still_open = coverage_of(need)["open"]
        return need

    def get(self, request: MemberRequest, **kwargs: Any) -> Any:
        need = self.row()
        if need.status not in OPEN_TO_OFFERS:
            raise Conflict(
                _("This need takes no offers: the present state is “%(state)s”.") % {"state": need.get_status_display()}
            )
        if not self.still_open:
            raise Conflict(_("This need is covered in full; nothing of it is open."))
        return super().get(request, **kwargs)

    def form(self, row: Need, data: Any = None, files: Any = None) -> ProposeForm:
        form = ProposeForm(data, files, actor=self.actor, need=row, still_open=self.still_open)
        if not form.is_bound:
            form.choose(self.request.GET.get("offer"))
        return form

    def perform(self, row: Need, form: ActorForm) -> Match:
        chosen = form.values
        offer = chosen.pop("offer")
        return matches.propose(actor=self.actor, need=row.pk, offer=offer and offer.pk, **chosen)

    def context(self, row: Need, form: ActorForm) -> dict[str, Any]:
        title = _("Suggest a provider") if self.actor.is_cted else _("Propose an offer")
        lead = (
            _("The provider is asked first; when it is ready, the State is asked.")
            if self.actor.is_cted
            else _("The State's focal points will be asked to accept or decline.")
        )
        return {
            "title": title,
            "lead": lead,
            "submit": _("Suggest") if self.actor.is_cted else _("Propose"),
            "keep": f"propose-{row.pk}",
            "back_url": reverse("need", args=[row.pk]),
            "choices": self.choices(row, form),
        }

    def choices(self, need: Need, form: ActorForm) -> list[dict[str, Any]]:
        """Return the offers to choose from: best fitting first with the reasons, then the provider's other offers."""
        chosen = str(form["offer"].value() or "")
        ranked = queries.rank_for(need, offers_to_propose(self.actor))
        rows: list[dict[str, Any]] = [{"offer": offer, "score": score} for offer, score in ranked]
        shown = {offer.pk for offer, _score in ranked}
        rest = offers_to_propose(self.actor).exclude(pk__in=shown)
        rows += [{"offer": offer, "score": None} for offer in rest if not self.actor.is_cted or str(offer.pk) == chosen]
        return [{**row, "checked": str(row["offer"].pk) == chosen} for row in rows]

    def done(self, row: Match) -> str:
        if row.status == MatchStatus.SUGGESTED:
            return _("%(provider)s has been asked.") % {"provider": row.provider.short}
        return _("Proposed to the State.")

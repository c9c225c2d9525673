"""Pages of suggestions: what is shown of each, setting one aside and undoing it, and the reasons by theme."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.generic import TemplateView

from assistance.access import policy
from assistance.needs import dismissals
from assistance.needs.matching import TOP
from assistance.needs.models import Match, Need
from assistance.needs.rules import providers_of
from assistance.needs.states import OPEN_TO_OFFERS
from assistance.needs.suggestion_forms import DismissForm
from assistance.needs.suggestion_words import failed_in_words, free_in_words
from assistance.needs.suggestions import Candidate, Ranking, Suggestion, nobody_because, provider_of
from assistance.offers.capacity import is_told_by
from assistance.pages.forms import ActorForm, EmptyForm
from assistance.pages.views import RecordFormView
from entities.access import AppointmentRequiredMixin
from entities.actors import Actor
from web.exceptions import Conflict, Forbidden, NotVisible
from web.views import Link


# ── What is shown of each ────────────────────────────────────────────────────
def card(actor: Actor, need: Need, suggestion: Suggestion) -> dict[str, Any]:
    """Return what a page shows of a suggestion: what it is, how it fits, what is free, and what can be done with it."""
    row, provider = suggestion.row, suggestion.provider
    return {
        "row": row,
        "kind": suggestion.kind,
        "provider": provider,
        "score": suggestion.score,
        "free": free_in_words(suggestion),
        "told": is_told_by(actor, provider.pk),
        "actions": actions(actor, need, row),
    }


def actions(actor: Actor, need: Need, row: Candidate) -> list[Link]:
    """Return what this actor can do with a candidate for a need: propose it, and set it aside."""
    named, found = f"?{row.record_name()}={row.pk}", []
    propose = f"{reverse('match-propose', args=[need.pk])}{named}"
    if provider_of(row) in providers_of(actor, need):
        found.append(Link(propose, pgettext("button", "Propose assistance"), tone="primary"))
    elif actor.is_cted and provider_of(row).may_provide:
        found.append(Link(propose, pgettext("button", "Suggest this provider"), tone="primary"))
    if dismissals.may_dismiss(actor, need):
        found.append(Link(f"{reverse('need-dismiss', args=[need.pk])}{named}", pgettext("button", "Not suitable")))
    return found


def suggestion_context(actor: Actor, need: Need) -> dict[str, Any]:
    """Return the suggestions for a need: those shown, those folded away, those set aside, and why others do not fit."""
    ranking = Ranking(actor, need)
    cards = [card(actor, need, one) for one in ranking.both()]
    undo = reverse("need-undo-dismissal", args=[need.pk])
    return {
        "suggested": cards[:TOP],
        "others": cards[TOP:],
        "nobody": [failed_in_words(one) for one in nobody_because(actor, need, ranking.side)],
        "aside": [
            {"row": row, "provider": provider_of(row), "dismissal": one, "url": f"{undo}?{row.record_name()}={row.pk}"}
            for one, row in dismissals.shown_dismissals(actor, need)
        ],
    }


# ── Setting aside ────────────────────────────────────────────────────────────
class AboutSuggestion(RecordFormView):
    """A form about one suggestion for a need; the address names the offer or project."""

    model = Match
    template_name = "assistance/needs/dismiss.html"

    def get_object(self) -> Need:
        need: Need = policy.get(self.actor, Need, self.kwargs["pk"])
        self.keys = {name: key for name in ("offer", "project") if (key := self.request.GET.get(name))}
        if len(self.keys) != 1:
            raise NotVisible
        self.candidate = dismissals.get_candidate(self.actor, self.keys.get("offer"), self.keys.get("project"))
        dismissals.acting_on(self.actor, need, self.candidate)
        return need

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = f"suggestion-{self.object.pk}-{self.candidate.pk}"
        own = {"need": self.object, "row": self.candidate, "provider": provider_of(self.candidate), "keep": key}
        return super().get_context_data(**{**own, **kwargs})


class Dismiss(AboutSuggestion):
    """Set a suggestion aside for one's organization."""

    form_class = DismissForm
    title = gettext_lazy("Set this suggestion aside")
    lead = gettext_lazy(
        "It is no longer suggested to your organization for this need. Others are not told; CTED and UNOCT see only how "
        "often a type of reason is given for a theme."
    )
    submit = pgettext_lazy("button", "Set aside")

    def check_state(self) -> None:
        if self.object.status not in OPEN_TO_OFFERS:
            state = self.object.get_status_display()
            raise Conflict(_("The need does not accept offers. Current status: “%(state)s”.") % {"state": state})

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values, _version = form.values_and_version()
        dismissals.dismiss(actor=self.actor, need=self.object.pk, **self.keys, **values)
        return super().form_valid(form)

    def get_success_message(self) -> str:
        return _("This is no longer suggested to your organization for this need.")


class UndoDismissal(AboutSuggestion):
    """Let a suggestion be shown again."""

    form_class = EmptyForm
    title = gettext_lazy("Suggest this again")
    lead = gettext_lazy("It is ranked again among the suggestions for this need.")
    submit = pgettext_lazy("button", "Suggest again")

    def form_valid(self, form: ActorForm) -> HttpResponse:
        dismissals.undo(actor=self.actor, need=self.object.pk, **self.keys)
        return super().form_valid(form)

    def get_success_message(self) -> str:
        return _("This is suggested again.")


# ── Reasons by theme ─────────────────────────────────────────────────────────
class DismissalReasons(AppointmentRequiredMixin, TemplateView):
    """For which reasons suggestions are set aside, by theme: for CTED and UNOCT."""

    http_method_names = ["get", "head", "options"]
    template_name = "assistance/needs/dismissal_reasons.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not dismissals.reads_reasons(self.actor):
            raise Forbidden
        own = {"rows": dismissals.reasons_by_theme(self.actor), "fewest": dismissals.FEWEST}
        return super().get_context_data(**{**own, **kwargs})

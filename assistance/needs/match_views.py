"""Pages of matches."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, QuerySet, Value, When
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assistance.access import policy
from assistance.delivery.decisions import of_match
from assistance.needs import cells as need_cells
from assistance.needs import match_transitions as matches
from assistance.needs import queries
from assistance.needs.answers import sides
from assistance.needs.coverage import coverage as coverage_of
from assistance.needs.cycles import ledger_of
from assistance.needs.deadlines import MATCH_ANSWER
from assistance.needs.filters import MatchFilter
from assistance.needs.match_forms import FORMS, ProposeForm
from assistance.needs.match_projects import knows_end
from assistance.needs.matching import TOP
from assistance.needs.models import Match, Need
from assistance.needs.states import OPEN_MATCH, OPEN_TO_OFFERS, UNFINISHED, MatchStatus
from assistance.needs.suggestion_views import card
from assistance.needs.suggestions import Ranking, provider_of
from assistance.offers.models import Offer
from assistance.pages import cells as page_cells
from assistance.pages.forms import ActorForm
from assistance.pages.outcomes import outcome
from assistance.pages.views import RecordDetailView, RecordFormView, RecordListView, TransitionView
from assistance.projects.models import Project
from assistance.workflow.dues import days_due
from entities.collation import by_name, by_short_name
from web import cells
from web.exceptions import Conflict, Forbidden
from web.sorting import by_rank
from web.views import Column, Link

FAR_PAST, FAR_FUTURE = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


def waiting_key(descending: bool) -> Case:
    """Return since when an open match waits for an answer; the others, of which the list shows nothing, come last."""
    beyond = Value(FAR_PAST if descending else FAR_FUTURE, output_field=DateTimeField())
    return Case(When(status__in=OPEN_MATCH, then=F("waiting_since")), default=beyond, output_field=DateTimeField())


class MatchList(RecordListView):
    model = Match
    filterset_class = MatchFilter
    title = pgettext_lazy("page", "Matches")
    lead = gettext_lazy("A match links a need and a provider. Each party responds for itself.")
    empty_title = gettext_lazy("No matches yet")
    empty_text = gettext_lazy(
        "A match appears here when assistance is proposed for a need that involves you. Start from a need."
    )
    columns = (
        Column(
            pgettext_lazy("label", "Need"), "need", need_cells.of_need, row_heading=True, width="wide",
            card="title",
        ),
        Column(pgettext_lazy("country", "State"), "need.state.name", cells.name, sort="state", card="line"),
        Column(pgettext_lazy("label", "Provider"), "provider.short", cells.name, sort="provider", card="line"),
        Column(
            pgettext_lazy("portion", "Share"), "share", cells.percent, sort="share", numeric=True,
            card="foot",
        ),
        Column(pgettext_lazy("label", "Status"), "status", page_cells.badge, sort="status", card="line"),
        Column(
            gettext_lazy("Waiting since"), "waits_since", cells.day, sort="waiting", numeric=True
        ),
        Column(gettext_lazy("Response due"), "due", cells.day, numeric=True, card="labelled"),
        Column(pgettext_lazy("label", "Updated"), "modified_at", cells.age, sort="modified", numeric=True),
    )  # fmt: skip
    orders = {
        "modified": ("modified_at", "id"),
        "state": ("state_key", "id"),
        "provider": ("provider_key", "id"),
        "share": ("share", "id"),
        "status": ("status_key", "id"),
        "waiting": ("waiting_key", "id"),
    }
    sort_keys = {
        "state_key": by_name("need__state__name"),
        "provider_key": by_short_name("provider"),
        "status_key": by_rank("status", MatchStatus),
        "waiting_key": waiting_key,
    }

    def get_queryset(self) -> QuerySet[Match]:
        return super().get_queryset().select_related("need__state", "provider")

    def get_links(self) -> list[Link]:
        links = [Link(f"{reverse('matches')}?whose=asked", _("Awaiting my response"))]
        if self.actor.providers():
            links.append(Link(reverse("deliveries"), _("My deliveries")))
        return links

    def get_empty_link(self) -> Link | None:
        return Link(reverse("needs"), _("View the needs"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        open_matches = [match for match in context["object_list"] if match.status in OPEN_MATCH]
        days = days_due(self.actor, open_matches, MATCH_ANSWER)
        for match in open_matches:
            match.due, match.waits_since = days.get(match.pk), match.waiting_since
        return context


class MatchPage(RecordDetailView):
    model = Match
    template_name = "assistance/needs/match.html"
    related = ("need__state", "provider")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        match = self.object
        own = {
            "sides": sides(match, set(match.events.values_list("name", flat=True))),
            "ledger": ledger_of(self.actor, match),
            # The offer may have been paused or restricted since, and so be hidden from the reader.
            "offer": match.offer_id and policy.visible(self.actor, Offer).filter(pk=match.offer_id).first(),
            # The project may be hidden, too; who is told that it has ended may not know it.
            "project": match.project_id and policy.visible(self.actor, Project).filter(pk=match.project_id).first(),
            **of_match(self.actor, match),
            "due": days_due(self.actor, [match], MATCH_ANSWER).get(match.pk),
        }
        told = match.status in UNFINISHED and (own["project"] or knows_end(self.actor, match))
        own["ended_at"] = match.project_ended_at if told else None
        return super().get_context_data(**{**own, **kwargs})


class MatchTransition(TransitionView):
    model = Match
    forms = FORMS


class Propose(RecordFormView):
    """Propose help for a need: a provider to the State, CTED to a provider."""

    model = Match
    form_class = ProposeForm
    template_name = "assistance/needs/propose.html"

    def get_object(self) -> Need:
        rows = policy.visible(self.actor, Need).select_related("state__region__parent__parent")
        need: Need = policy.get(self.actor, Need, self.kwargs["pk"], rows=rows)
        if not queries.proposes_for(self.actor, need):
            raise Forbidden
        self.need, self.still_open = need, coverage_of(need)["open"]
        return need

    def check_state(self) -> None:
        if self.need.status not in OPEN_TO_OFFERS:
            state = self.need.get_status_display()
            raise Conflict(_("The need does not accept offers. Current status: “%(state)s”.") % {"state": state})
        if not self.still_open:
            raise Conflict(_("This need is covered in full. No share of it is open."))

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("instance")  # the form makes a match; the need is what it is for
        return {**kwargs, "need": self.need, "still_open": self.still_open}

    def get_form(self, form_class: type[ActorForm] | None = None) -> ActorForm:
        form = super().get_form(form_class)
        if not form.is_bound:
            form.choose(**{name: self.request.GET.get(name) for name in ("offer", "project")})
        return form

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values, _version = form.values_and_version()
        given = {name: row and row.pk for name in ("offer", "project") for row in (values.pop(name),)}
        self.object = matches.propose(actor=self.actor, need=self.need.pk, **given, **values)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {
            "title": _("Suggest a provider") if self.actor.is_cted else _("Propose an offer"),
            "lead": _("The provider is asked first. Once it is ready, the State is asked.")
            if self.actor.is_cted
            else _("The State’s focal points will be asked to accept or decline."),
            "submit": pgettext("button", "Suggest provider")
            if self.actor.is_cted
            else pgettext("button", "Submit proposal"),
            "keep": f"propose-{self.need.pk}",
            "back_url": self.need.get_absolute_url(),
        }
        context = super().get_context_data(**{**own, **kwargs})
        return {**context, **{f"{name}_choices": self.choices(context["form"], name) for name in ("offer", "project")}}

    def choices(self, form: ActorForm, name: str) -> dict[str, list[dict[str, Any]]]:
        """Return the offers, or projects, to choose from, best fitting first: those shown, and those folded away."""
        chosen = str(form[name].value() or "")
        possible = form.fields[name].queryset  # type: ignore[attr-defined]
        rows = [card(self.actor, self.need, one) for one in self.ranking.of(possible)]
        rest = possible.exclude(pk__in=[row["row"].pk for row in rows])
        rows += [
            {"row": row, "provider": provider_of(row), "score": None}
            for row in rest
            if not self.actor.is_cted or str(row.pk) == chosen
        ]
        rows = [{**row, "checked": str(row["row"].pk) == chosen} for row in rows]
        return {
            "shown": [row for i, row in enumerate(rows) if i < TOP or row["checked"]],
            "others": [row for i, row in enumerate(rows) if i >= TOP and not row["checked"]],
        }

    @cached_property
    def ranking(self) -> Ranking:
        """What is known of the need, read once for offers and projects."""
        return Ranking(self.actor, self.need)

    def get_success_message(self) -> str:
        if self.object.status == MatchStatus.SUGGESTED:
            done = _("%(provider)s has been asked to respond.") % {"provider": self.object.provider.short}
            return outcome(self.actor, self.object, done)
        return outcome(self.actor, self.object, _("The proposal has been sent to the State."))

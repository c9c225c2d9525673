"""Queries of requests for lists and pages. Each starts from policy."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assistance.access import policy
from assistance.needs.models import Match, Need
from assistance.needs.queries import may_propose
from assistance.needs.states import CONFIRMED_MATCH, OPEN_MATCH, AnswerReason, MatchStatus
from assistance.offers.eligibility import Eligible, eligibility_for
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.requests.models import AssistanceRequest
from assistance.requests.rules import is_of_state, is_party
from assistance.requests.states import OPEN_TO_PROVIDERS, PATH, WITH_UNOCT, RequestStatus
from assistance.requests.waiting import Waiting, due_days, waiting
from entities.actors import Actor
from entities.appointments import is_coordinator
from web.dates import in_words

COMPARED = (MatchStatus.PROPOSED, *CONFIRMED_MATCH)


def request_rows(actor: Actor) -> QuerySet[AssistanceRequest]:
    """Return the requests this actor sees, with State and theme, and in `offers_seen` how many proposals it sees."""
    proposed = policy.visible(actor, Match).filter(
        need__assistance_requests=OuterRef("pk"), status=MatchStatus.PROPOSED
    )
    counted = proposed.order_by().annotate(one=F("status")).values("one").annotate(number=Count("pk")).values("number")
    number = Coalesce(Subquery(counted), 0, output_field=IntegerField())
    return policy.visible(actor, AssistanceRequest).select_related("state", "theme").annotate(offers_seen=number)


class Whose(TextChoices):
    """Parts of the list of requests: those of one's own States, those open to one as a provider, those UNOCT processes."""

    MINE = "mine", _("My requests")
    OPEN = "open", _("Requests open to you")
    PROCESSED = "processed", _("Requests to be processed")


def of_whose(actor: Actor, rows: QuerySet[AssistanceRequest], whose: str) -> QuerySet[AssistanceRequest]:
    """Return those of these rows that belong to a part of the list for this actor."""
    own = [one.pk for one in actor.organisations if one.is_state]
    if whose == Whose.MINE:
        return rows.filter(state__in=own)
    if whose == Whose.PROCESSED:
        return rows.filter(status__in=WITH_UNOCT)
    return rows.filter(status__in=OPEN_TO_PROVIDERS).exclude(state__in=own) if actor.providers() else rows.none()


def parts_for(actor: Actor) -> list[Whose]:
    """Return the parts with which the list begins for this actor, the one that concerns them most first."""
    found = [Whose.PROCESSED] if is_coordinator(actor) else []
    if any(one.is_state for one in actor.organisations):
        found.append(Whose.MINE)
    return [*found, Whose.OPEN] if actor.providers() else found


def queue_rows(actor: Actor) -> QuerySet[AssistanceRequest]:
    """Return the requests that UNOCT processes, as far as this actor sees them."""
    return of_whose(actor, request_rows(actor), Whose.PROCESSED)


def sentence(actor: Actor, row: Any, found: Waiting | None) -> str | Promise:
    """Return what a request of `request_rows` waits for: the State is told how many offers it has to choose among."""
    if found is None:
        return row.get_outcome_display()
    if row.status == RequestStatus.OFFERS_IN and row.offers_seen and found.due and is_of_state(actor, row):
        text = ngettext("%(count)d offer: choose by %(date)s", "%(count)d offers: choose by %(date)s", row.offers_seen)
        return text % {"count": row.offers_seen, "date": in_words(found.due)}
    return found.text


def steps(actor: Actor, row: AssistanceRequest) -> list[dict[str, Any]]:
    """Return the stages of a request for the stepper, each done, current or to come, with the day it was reached.

    What came before the circulation has its days for the State, UNOCT and CTED alone.
    """
    reached: Mapping[str, datetime | None] = {
        RequestStatus.DRAFT: row.created_at,
        RequestStatus.SUBMITTED: row.submitted_at,
        RequestStatus.AUTHENTICATED: row.authenticated_at,
        RequestStatus.ACKNOWLEDGED: row.acknowledged_at,
        RequestStatus.CIRCULATED: row.circulated_at,
        RequestStatus.CLOSED: row.closed_at,
    }
    if not is_party(actor, row):
        reached = {status: reached[status] for status in (RequestStatus.CIRCULATED, RequestStatus.CLOSED)}
    now, closed_early = RequestStatus(row.status), row.status == RequestStatus.CLOSED and row.circulated_at is None
    here = {RequestStatus.PROPOSED: RequestStatus.DRAFT, RequestStatus.RETURNED: RequestStatus.DRAFT}.get(now, now)
    position, found = PATH.index(here), waiting(row, due_days(actor, [row]).get(row.pk))
    made = []
    for number, status in enumerate(PATH):
        state = "here" if number == position else "done" if number < position else "todo"
        if closed_early and state == "done" and not reached.get(status):
            continue  # it was closed before its circulation, and never reached this stage
        label = row.get_status_display() if state == "here" else status.label
        hint = found.text if state == "here" and found else ""
        at = reached.get(status) if state != "todo" and now in PATH else None
        made.append({"label": label, "state": state, "at": at, "hint": hint})
    return made


@dataclass(frozen=True)
class Compared:
    """One offer for a request, as the State compares it with others.

    `past` counts verified matches in the State; `is_chosen` says whether it is part of a choice that awaits a colleague.
    `project` is the one that carries it, if the reader sees it.
    """

    match: Match
    need: Need
    past: int
    is_chosen: bool = False
    project: Project | None = None

    @property
    def offer(self) -> Any:
        """The offer that was proposed, or None for help without one."""
        return self.match.offer

    @property
    def eligible(self) -> Eligible | None:
        """Whether the offer is open to the State; None without an offer, or for one that is open to all."""
        return eligibility_for(self.offer, self.need.state) if self.offer else None

    @property
    def starts(self) -> str:
        """When assistance can start, in words; empty where nothing is said."""
        return start_in_words(self.offer, self.project)

    @property
    def lead_time(self) -> str:
        """How many days after the acceptance it begins, in words; empty where the offer does not say."""
        return lead_time_in_words(self.offer)

    @property
    def capacity(self) -> list[str]:
        """How much the offer can give as a whole, in words."""
        offer = self.offer
        return capacity_in_words(offer.places, offer.expert_days, offer.amount, offer.currency) if offer else []

    @property
    def reserved(self) -> list[str]:
        """How much of its offer this match reserves, in words."""
        match, currency = self.match, self.offer.currency if self.offer else ""
        return capacity_in_words(match.reserved_places, match.reserved_expert_days, match.reserved_amount, currency)


def capacity_in_words(places: int | None, days: int | None, amount: Decimal | None, currency: str) -> list[str]:
    """Return places, expert days and an amount in words, without those that are not stated."""
    texts = [
        ngettext("%(count)s place", "%(count)s places", places) % {"count": localize(places)} if places else "",
        ngettext("%(count)s expert day", "%(count)s expert days", days) % {"count": localize(days)} if days else "",
        f"{localize(amount)} {currency}" if amount else "",
    ]
    return [text for text in texts if text]


def start_in_words(offer: Offer | None, project: Project | None) -> str:
    """Return when assistance can start: on a day, so many days after the acceptance, or with its project; or ""."""
    first = first_day_of(offer, project)
    return in_words(first) if first else lead_time_in_words(offer)


def lead_time_in_words(offer: Offer | None) -> str:
    """Return how many days after the acceptance an offer begins, in words; empty where it does not say."""
    days = offer.lead_time_days if offer else None
    if days is None:
        return ""
    text = ngettext("%(count)d day after the acceptance", "%(count)d days after the acceptance", days)
    return text % {"count": days}


def first_day_of(offer: Offer | None, project: Project | None) -> date | None:
    """Return the first day of an offer, else that of the project which carries the match; None where neither says it."""
    if offer is not None:
        return offer.opens_on
    return project.actual_start or project.planned_start if project else None


def projects_of(actor: Actor, matches: Iterable[Match]) -> dict[UUID | None, Project]:
    """Return the projects that carry these matches, as far as this actor sees them; at most one statement."""
    keys = {match.project_id for match in matches if match.project_id}
    return policy.visible(actor, Project).in_bulk(keys) if keys else {}


def comparison(actor: Actor, row: AssistanceRequest) -> list[Compared]:
    """Return the proposals for a request and those accepted, the largest share first; for people of its State alone."""
    if not is_of_state(actor, row):
        return []
    seen = policy.visible(actor, Match)
    rows = seen.filter(need__assistance_requests=row, status__in=COMPARED).select_related(
        "provider", "offer", "need__state"
    )
    found = list(rows.order_by("need__assistance_type", "-share", "created_at", "pk"))
    past = _past_work(seen, row, {match.provider_id for match in found})
    chosen = set(row.chosen.values_list("pk", flat=True)) if row.choice_proposed_by_id else set()
    projects = projects_of(actor, found)
    return [
        Compared(match, match.need, past[match.provider_id], match.pk in chosen, projects.get(match.project_id))
        for match in found
    ]


def _past_work(seen: QuerySet[Match], row: AssistanceRequest, providers: Iterable[Any]) -> Counter[Any]:
    done = seen.filter(need__state=row.state_id, provider__in=providers, verified_share__gt=0)
    return Counter(dict(done.order_by().values_list("provider").annotate(number=Count("pk"))))


def same_theme(actor: Actor, row: AssistanceRequest) -> list[AssistanceRequest]:
    """Return the other open requests of the State on the same theme that this actor sees; for its parties alone.

    A request that is not stored yet may have neither State nor theme: then there are none.
    """
    if row.theme_id is None or row.state_id is None or not is_party(actor, row):
        return []
    rows = policy.visible(actor, AssistanceRequest).filter(state=row.state_id, theme=row.theme_id)
    others = rows.exclude(pk=row.pk).exclude(status=RequestStatus.CLOSED).order_by("created_at")
    return list(others.only("pk", "reference"))


def needs_seen(actor: Actor, row: AssistanceRequest) -> QuerySet[Need]:
    """Return the needs that were made of a request, as far as this actor sees them."""
    return policy.visible(actor, Need).filter(assistance_requests=row).order_by("assistance_type", "pk")


def open_needs(actor: Actor, rows: Iterable[AssistanceRequest]) -> dict[UUID, list[Need]]:
    """Return request → its needs for which this actor can offer assistance now, and has not yet. One statement."""
    mine = [one.pk for one in actor.providers()]
    made = Match.objects.filter(need=OuterRef("pk"), provider__in=mine, status__in=(*OPEN_MATCH, *CONFIRMED_MATCH))
    needs = policy.visible(actor, Need).filter(~Exists(made), assistance_requests__in=list(rows))
    found: dict[UUID, list[Need]] = {}
    for need in needs.annotate(of_request=F("assistance_requests")).order_by("assistance_type", "pk"):
        if may_propose(actor, need):
            found.setdefault(need.of_request, []).append(need)
    return found


def decided_by_choice(actor: Actor, row: AssistanceRequest) -> list[Match]:
    """Return the matches of a request that its State has accepted, or declined because it chose others."""
    seen = policy.visible(actor, Match).filter(need__assistance_requests=row)
    declined = Q(status=MatchStatus.DECLINED, answer_reason_code=AnswerReason.ANOTHER_CHOSEN)
    return list(seen.filter(Q(status__in=CONFIRMED_MATCH) | declined).select_related("audience", "owners"))

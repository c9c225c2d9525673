"""Queries of needs for lists, pages and dashboards. Each starts from policy."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.needs.coverage import VERIFIED_OR_SHARE
from assistance.needs.models import Match, Need
from assistance.needs.rules import providers_of
from assistance.needs.states import CONFIRMED_MATCH, NEED_ROAD, OPEN_TO_OFFERS, MatchStatus, NeedStatus
from assistance.projects.models import Project
from assistance.workflow.models import Event
from entities.actors import Actor

OF_CYCLE = {"need": OuterRef("pk"), "cycle": OuterRef("cycle")}  # of a subquery on needs: matches of the running cycle


def _shares(statuses: Iterable[str], share: Any) -> Coalesce:
    """Return the sum of shares of a need's matches, as a subquery on needs."""
    rows = Match.objects.filter(**OF_CYCLE, status__in=list(statuses)).order_by().values("need")
    return Coalesce(Subquery(rows.annotate(total=Sum(share)).values("total")), 0, output_field=IntegerField())


def need_rows(actor: Actor) -> QuerySet[Need]:
    """Return the needs this actor sees, annotated with their coverage in per cent. One query."""
    return with_coverage(policy.visible(actor, Need).select_related("state", "theme", "pillar"))


def with_coverage(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Return the needs annotated with what providers claim, both sides confirmed, and was verified, in per cent."""
    return needs.annotate(
        claimed=_shares([MatchStatus.DELIVERED], VERIFIED_OR_SHARE),
        confirmed=_shares(CONFIRMED_MATCH, VERIFIED_OR_SHARE),
        verified=_shares([MatchStatus.DELIVERED], Coalesce(F("verified_share"), 0)),
    )


def covered() -> Subquery:
    """Return the same three numbers as an array, in one subquery on needs; NULL for a need without confirmed matches."""
    matches = Match.objects.filter(**OF_CYCLE, status__in=CONFIRMED_MATCH).order_by().values("need")
    delivered = Q(status=MatchStatus.DELIVERED)
    numbers = Func(
        Coalesce(Sum(VERIFIED_OR_SHARE, filter=delivered), 0),
        Sum(VERIFIED_OR_SHARE),
        Coalesce(Sum("verified_share", filter=delivered), 0),
        template="ARRAY[%(expressions)s]",
        output_field=ArrayField(IntegerField()),
    )
    return Subquery(matches.annotate(numbers=numbers).values("numbers"))


# The last stage is named by its outcome once that is known.
STEPS: Mapping[str, str | Promise] = {NeedStatus.MET: pgettext_lazy("need step", "Outcome")}


# What moves a need on from each status, and who can do it.
HINTS = {
    NeedStatus.DRAFT: lambda: _("CTED sends it to the Member State."),
    NeedStatus.PUT_TO_STATE: lambda: _("The State, or CTED on its behalf, agrees to the need."),
    NeedStatus.AGREED: lambda: _("The State releases it."),
    NeedStatus.SHARED: lambda: _("A provider proposes an offer."),
    NeedStatus.UNDER_CONSIDERATION: lambda: _("The State accepts or declines the proposal."),
    NeedStatus.MATCHED: lambda: _("The provider starts delivery."),
    NeedStatus.IN_DELIVERY: lambda: _("The provider reports delivery."),
    NeedStatus.DELIVERED: lambda: _("CTED or the State verifies the assistance."),
    NeedStatus.MET: lambda: "",
}


# The events by which a need reaches each status of the main path.
REACHED = {
    NeedStatus.DRAFT: ("need_recorded",),
    NeedStatus.PUT_TO_STATE: ("need_put_to_state",),
    NeedStatus.AGREED: ("need_agreed",),
    NeedStatus.SHARED: ("need_shared",),
    NeedStatus.UNDER_CONSIDERATION: ("match_suggested", "match_proposed"),
    NeedStatus.MATCHED: ("match_accepted",),
    NeedStatus.IN_DELIVERY: ("match_started",),
    NeedStatus.DELIVERED: ("match_delivered",),
    NeedStatus.MET: ("need_verified",),
}


def days_of(events: Iterable[Event]) -> dict[str, tuple[datetime, datetime]]:
    """Return name of an event → when it happened first and last."""
    found: dict[str, tuple[datetime, datetime]] = {}
    for event in events:
        first, last = found.get(event.name, (event.at, event.at))
        found[event.name] = min(first, event.at), max(last, event.at)
    return found


def need_steps(need: Need, events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return the stages of a need for the stepper, each done, current or to come; a closed need has no current one.

    A stage that is done has the day on which it was first reached, the current one that of the last time: as far as the
    reader sees these events of its history.
    """
    days = days_of(events)
    here = {NeedStatus.MATCHED_IN_PART: NeedStatus.MATCHED}.get(NeedStatus(need.status), NeedStatus(need.status))
    verified = (NeedStatus.MET, NeedStatus.PARTLY_MET, NeedStatus.NOT_MET)
    position = len(NEED_ROAD) - 1 if here in verified else NEED_ROAD.index(here) if here in NEED_ROAD else -1
    steps = []
    for i, status in enumerate(NEED_ROAD):
        state = "here" if i == position else "done" if i < position else "todo"
        label = NeedStatus(need.status).label if state == "here" else STEPS.get(status, status.label)
        spans = [days[name] for name in REACHED[status] if name in days] if state != "todo" else []
        at = max(last for _first, last in spans) if spans and state == "here" else None
        at = min(first for first, _last in spans) if spans and state == "done" else at
        steps.append({"label": label, "state": state, "at": at, "hint": HINTS[status]() if state == "here" else ""})
    return steps


def may_propose(actor: Actor, need: Need) -> bool:
    """Return whether this actor can propose or suggest help for this need now."""
    return need.status in OPEN_TO_OFFERS and proposes_for(actor, need)


def proposes_for(actor: Actor, need: Need) -> bool:
    """Return whether this actor suggests providers, or proposes help, for a need of this State."""
    return policy.may_create(actor, Match) and (actor.is_cted or bool(providers_of(actor, need)))


def projects_of(actor: Actor, need: Need) -> QuerySet[Project]:
    """Return the projects this actor sees that serve a need."""
    return policy.visible(actor, Project).filter(needs=need).order_by("-modified_at")


@dataclass(frozen=True)
class NeedCounts:
    """How many needs a reader sees, by status and pillar together."""

    numbers: Mapping[tuple[str, str], int]

    @property
    def by_status(self) -> list[dict[str, Any]]:
        """The number in each status that has any, in the order of the main path."""
        found: Counter[str] = Counter()
        for (status, _pillar), number in self.numbers.items():
            found[status] += number
        return [
            {"status": status, "label": status.label, "count": found[status]} for status in NeedStatus if found[status]
        ]

    @property
    def by_pillar(self) -> Counter[str]:
        """The number of each pillar."""
        found: Counter[str] = Counter()
        for (_status, pillar), number in self.numbers.items():
            found[pillar] += number
        return found


def count_needs(actor: Actor, **only: Any) -> NeedCounts:
    """Return how many needs this actor sees, perhaps only those with these values, counted in one statement."""
    rows = (
        policy.visible(actor, Need)
        .filter(**only)
        .order_by()
        .values_list("status", "pillar")
        .annotate(number=Count("*"))
    )
    return NeedCounts({(status, pillar): number for status, pillar, number in rows})

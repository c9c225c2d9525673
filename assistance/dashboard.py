"""What a person finds when they come in: what waits for them, how things stand, what falls due. All through policy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, F
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance.access import policy
from assistance.consents.models import Consent
from assistance.consents.states import Decision
from assistance.needs.models import Match, Need
from assistance.needs.queries import needs_by_status
from assistance.needs.states import MATCH, NEED, MatchStatus, NeedStatus
from assistance.visits.models import Visit
from assistance.workflow import deadlines as clocks
from assistance.workflow.notifications import subject_of
from entities.actors import Actor
from entities.models import Pillar

MOST = 20


@dataclass(frozen=True)
class Task:
    """One thing that waits for the reader: about what, in words, since when, due when, and the button that does it."""

    subject: str
    text: str | Promise
    reference: str
    since: datetime | None
    due: date | None
    url: str
    button: str | Promise


@dataclass(frozen=True)
class Deadline:
    """A day on which something ends or is due."""

    day: date
    text: str | Promise
    reference: str
    url: str


def tasks(actor: Actor) -> list[Task]:
    """Return what needs this actor's action, longest waiting first, at most MOST of each kind."""
    found: list[Task] = []
    for kind in (_for_state, _for_cted, _for_provider):
        found += kind(actor)
    return sorted(found, key=lambda task: task.since or timezone.now())


def _need_tasks(rows: Any, name: str, text: Any, since: str) -> list[Task]:
    step = NEED[name]
    return [
        Task(
            subject_of(n),
            text,
            n.reference,
            getattr(n, since),
            n.deadline,
            reverse("need-act", args=[n.pk, name]),
            step.label,
        )
        for n in rows.order_by(since)[:MOST]
    ]


def _match_tasks(rows: Any, text: Any, button: Any, *, due: Callable[[Match], date | None] | None = None) -> list[Task]:
    """Return the tasks of matches; due, where nothing else is said, on the day on which a match nobody answers lapses."""
    found = list(rows.select_related("need").order_by("waiting_since")[:MOST])
    due = due or lapse_days(found)
    return [
        Task(subject_of(m), text, m.reference, m.waiting_since, due(m), m.get_absolute_url(), button) for m in found
    ]


def lapse_days(matches: Iterable[Match]) -> Callable[[Match], date]:
    """Return a function from a match to the day on which it lapses when nobody answers, absences respected."""
    away = clocks.nobody_there(matches)
    return lambda m: clocks.due_at(m.waiting_since, clocks.LAPSE, away.get(clocks.side_asked(m), ())).date()


def _for_state(actor: Actor) -> list[Task]:
    mine = [state.pk for state in actor.states()]
    if not mine:
        return []
    put = policy.visible(actor, Need).filter(state__in=mine, status=NeedStatus.PUT_TO_STATE)
    told = [state for state in mine if policy.sees_consents(actor, state)]
    asked = policy.visible(actor, Visit).filter(state__in=told, consent_asked_at__isnull=False)
    proposed = policy.visible(actor, Match).filter(need__state__in=mine, status=MatchStatus.PROPOSED)
    return [
        *_need_tasks(put, "agree", _("A need waits for your agreement"), "put_to_state_at"),
        *[
            Task(
                subject_of(v),
                _("CTED asks you to release a visit report"),
                v.reference,
                v.consent_asked_at,
                None,
                v.get_absolute_url(),
                _("Decide"),
            )
            for v in asked.order_by("consent_asked_at")[:MOST]
        ],
        *_match_tasks(proposed, _("An offer waits for your answer"), MATCH["accept"].label),
    ]


def _for_cted(actor: Actor) -> list[Task]:
    if not actor.is_cted:
        return []
    needs = policy.visible(actor, Need)
    return [
        *_need_tasks(
            needs.filter(status=NeedStatus.DELIVERED), "verify", _("A delivery waits for verification"), "modified_at"
        ),
        *_need_tasks(
            needs.filter(status=NeedStatus.DRAFT), "put-to-state", _("A need is not yet put to the State"), "created_at"
        ),
    ]


def _for_provider(actor: Actor) -> list[Task]:
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []
    matches = policy.visible(actor, Match).filter(provider__in=mine)
    asked = matches.filter(status=MatchStatus.SUGGESTED)
    accepted = matches.filter(status=MatchStatus.ACCEPTED)
    running = matches.filter(status=MatchStatus.IN_DELIVERY)
    return [
        *_match_tasks(asked, _("CTED suggests you for a need"), _("Answer")),
        *_match_tasks(accepted, _("The State accepted: delivery can start"), MATCH["start"].label, due=lambda m: None),
        *_match_tasks(running, _("Delivery is running"), MATCH["deliver"].label, due=lambda m: m.need.deadline),
    ]


def funnel(actor: Actor) -> list[dict[str, Any]]:
    """Return the needs this actor sees by status, each with the list it counts."""
    return [{**row, "url": f"{reverse('needs')}?status={row['status']}"} for row in needs_by_status(actor)]


def pillar_balance(actor: Actor) -> list[dict[str, Any]]:
    """Return how the needs this actor sees are spread over the four pillars, in number and per cent."""
    found = dict(
        policy.visible(actor, Need).order_by().values("pillar").annotate(n=Count("pk")).values_list("pillar", "n")
    )
    whole = sum(found.values()) or 1
    return [
        {"label": str(pillar), "count": found.get(pillar.pk, 0), "share": round(100 * found.get(pillar.pk, 0) / whole)}
        for pillar in Pillar.objects.all()
    ]


def deadlines(actor: Actor, *, days: int = 180, most: int = 8) -> list[Deadline]:
    """Return what ends or falls due in the next days, soonest first."""
    today = timezone.now().date()
    until = today + timedelta(days=days)
    needs = (
        policy.visible(actor, Need)
        .filter(deadline__range=(today, until))
        .exclude(status__in=(NeedStatus.MET, NeedStatus.CLOSED))
    )
    consents = policy.visible(actor, Consent).filter(
        decision=Decision.GRANTED, until__range=(today, until), needs__released_until=F("until")
    )
    matches = policy.visible(actor, Match).filter(status__in=(MatchStatus.PROPOSED, MatchStatus.SUGGESTED))
    waiting = list(matches.select_related("need").order_by("waiting_since")[:most])
    lapses_on = lapse_days(waiting)
    ending = consents.distinct().order_by("until", "pk")[:most]
    found = [
        *(_deadline(need, need.deadline, _("Needed by")) for need in needs.order_by("deadline")[:most]),
        *(_deadline(consent, consent.until, _("Release ends")) for consent in ending),
        *(_deadline(match, lapses_on(match), _("Lapses without an answer")) for match in waiting),
    ]
    return list(islice(sorted(found, key=lambda row: row.day), most))


def _deadline(row: Any, day: date | None, text: str | Promise) -> Deadline:
    """Return a deadline of a row, whose day was asked for when it was looked up."""
    return Deadline(day or timezone.now().date(), text, row.reference, row.get_absolute_url())

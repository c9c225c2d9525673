"""Deadlines of offers: the half-yearly confirmation by the provider, and the end of the window.

Each event is recorded once: it is looked for under the row's lock. How long the periods are stands in `states.py`.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from assistance.offers.models import Offer
from assistance.offers.states import ASKED_BEFORE_END, CONFIRMED_FOR, UNANSWERED, OfferStatus, PauseReason
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.engine import record, save
from assistance.workflow.models import Event
from assistance.workflow.naming import named_rows
from entities.actors import Actor
from entities.appointments.absence import days_without_anybody
from entities.local_days import end_of
from web.conditions import among

DAY = timedelta(days=1)


def run_offers(now: datetime) -> int:
    """Ask providers to confirm, pause what nobody confirms, ask before an offer ends, record its end; return how much."""
    published = Offer.objects.filter(status=OfferStatus.PUBLISHED).order_by("pk")
    unconfirmed = published.filter(confirmed_at__lte=now - CONFIRMED_FOR)
    last = (now + max(ASKED_BEFORE_END.values()) + DAY).date()
    ending = published.filter(closes_on__lte=last)
    keys = [*unconfirmed.values_list("pk", flat=True), *ending.values_list("pk", flat=True)]
    return sum(_run_one(pk, now) for pk in dict.fromkeys(keys))


@transaction.atomic
def _run_one(pk: UUID, now: datetime) -> int:
    rows = Offer.objects.select_for_update(of=("self",)).select_related("provider")
    offer = rows.filter(pk=pk, status=OfferStatus.PUBLISHED).first()
    if offer is None:
        return 0
    ends_at = end_of(offer.closes_on, offer.provider) if offer.closes_on else None
    if ends_at is not None and now >= ends_at:
        return _once(offer, "offer_expired", ends_at)
    return _ask_about_end(offer, ends_at, now) + _run_confirmation(offer, now)


# ── The confirmation ─────────────────────────────────────────────────────────
def _run_confirmation(offer: Offer, now: datetime) -> int:
    """Ask the provider to confirm the offer; pause it when nobody has answered. Returns how many events were recorded."""
    due = offer.confirm_due
    if due is None or now < due:
        return 0
    asked_at = asked_to_confirm(offer)
    if asked_at is None:
        record("offer_confirm_asked", offer, actor=None)
        return 1
    if now < pauses_at(offer, asked_at):
        return 0
    before, offer.status, offer.pause_reason = offer.status, OfferStatus.PAUSED, PauseReason.UNCONFIRMED
    save(offer, ["status", "pause_reason"])
    record("offer_unconfirmed", offer, actor=None, before=before, reason=str(PauseReason.UNCONFIRMED.label))
    return 1


def asked_to_confirm(offer: Offer) -> datetime | None:
    """Return when the provider was asked, since it last confirmed; None if it was not."""
    asked = Event.objects.filter(offer=offer, name="offer_confirm_asked", at__gte=offer.confirmed_at)
    return asked.values_list("at", flat=True).first()


def pauses_at(offer: Offer, asked_at: datetime) -> datetime:
    """Return when an unanswered request pauses the offer; days on which nobody acts for the provider do not count."""
    away = days_without_anybody([offer.provider_id], asked_at.date()).get(offer.provider_id, [])
    return extended(asked_at, UNANSWERED, away)


def extended(since: datetime, period: timedelta, away: Iterable[date]) -> datetime:
    """Return when a period has passed, later by each day (in order) of `away` that lies in it."""
    due = since + period
    for day in away:
        if since.date() <= day <= due.date():
            due += DAY
    return due


# ── The end ──────────────────────────────────────────────────────────────────
def _ask_about_end(offer: Offer, ends_at: datetime | None, now: datetime) -> int:
    """Ask the provider before the window closes, unless it has published or confirmed the offer since."""
    for event, before in ASKED_BEFORE_END.items():
        if ends_at is not None and now >= ends_at - before:
            seen = offer.confirmed_at is not None and offer.confirmed_at >= ends_at - before
            return 0 if seen else _once(offer, event, ends_at - before)
    return 0


def _once(offer: Offer, event: str, since: datetime) -> int:
    """Record an event unless it is recorded for this closing date, which a later date leaves behind."""
    if Event.objects.filter(offer=offer, name=event, at__gte=since).exists():
        return 0
    record(event, offer, actor=None)
    return 1


# ── Days on which something is due ───────────────────────────────────────────
def due_offers(actor: Actor, period: Period) -> list[Deadline]:
    """Return the last days, in a period, of published offers that the actor gives in the name of a provider."""
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []

    def ending(offers: QuerySet[Offer], mine: list[UUID], first: date, last: date) -> QuerySet[Offer]:
        own = offers.filter(among("provider", mine, "uuid"), status=OfferStatus.PUBLISHED)
        return own.filter(closes_on__range=(first, last)).order_by("closes_on")

    found = named_rows(actor, Offer, "ending", ending, [mine, period.first, period.last], period.most)
    text = pgettext_lazy("deadline", "Offer ends")
    return [Deadline.of(offer, offer.closes_on, text) for offer in found]


def to_confirm(actor: Actor) -> list[Offer]:
    """Return the published offers that the actor is asked to confirm for a provider, those asked longest ago first."""
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []

    def unconfirmed(offers: QuerySet[Offer], mine: list[UUID], since: datetime) -> QuerySet[Offer]:
        own = offers.filter(among("provider", mine, "uuid"), status=OfferStatus.PUBLISHED, confirmed_at__lte=since)
        return own.order_by("confirmed_at")

    found = named_rows(actor, Offer, "unconfirmed", unconfirmed, [mine, timezone.now() - CONFIRMED_FOR])
    return [offer for offer in found if not offer.is_expired]

"""Clocks of offers: the half-yearly confirmation by the provider, and the end of the window; periods in `states.py`.

The provider and UNOCT alone know of them, as of what the provider is asked (`messages.OF_PROVIDER`).
"""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assistance.offers.models import Offer
from assistance.offers.states import ASKED_BEFORE_END, CONFIRMED_FOR, UNANSWERED, OfferStatus, PauseReason
from assistance.workflow import dues
from assistance.workflow.clocks import Clock, Rung
from assistance.workflow.engine import record, save
from assistance.workflow.models import Due, Event
from assistance.workflow.naming import named_rows
from entities.actors import UNOCT, Actor
from entities.local_days import end_of, today_at
from web.conditions import among

REMINDED = timedelta(days=14)  # before an unanswered request pauses the offer
ENDED = ("offer_withdrawn", "offer_merged", "offer_expired")


def _publisher(offer: Offer) -> UUID | None:
    """Return the provider of a published offer; of another offer nobody owes anything."""
    return offer.provider_id if offer.status == OfferStatus.PUBLISHED else None


def _confirmer(offer: Offer) -> UUID | None:
    """Return the provider of a published offer whose window has not passed."""
    return None if offer.is_expired else _publisher(offer)


def _to_be_confirmed() -> Q:
    """Return the condition on published offers whose window has not passed."""
    still = Q(closes_on=None) | Q(closes_on__gte=today_at("provider__time_zone"))
    return still & Q(status=OfferStatus.PUBLISHED, confirmed_at__isnull=False)


def pause_unconfirmed(offer: Offer) -> None:
    """Pause an offer whose provider has not answered the request to confirm it."""
    before, offer.status, offer.pause_reason = offer.status, OfferStatus.PAUSED, PauseReason.UNCONFIRMED
    save(offer, ["status", "pause_reason"])
    record("offer_unconfirmed", offer, actor=None, before=before, reason=str(PauseReason.UNCONFIRMED.label))


def expire(offer: Offer) -> None:
    """Record that the window of an offer has closed, unless that is recorded for this last day."""
    since = end_of(offer.closes_on, offer.provider) if offer.closes_on else None
    if since and not Event.objects.filter(offer=offer, name="offer_expired", at__gte=since).exists():
        record("offer_expired", offer, actor=None)


OFFER_CLOCKS = (
    Clock(
        kind="offer_confirm",
        label=_("Confirmation of an offer"),
        owed_by=_confirmer,
        owed_to=lambda offer: UNOCT,
        starts=("offer_published", "offer_confirmed"),
        answered_by=ENDED,
        paused_by=("offer_paused",),
        days=(CONFIRMED_FOR + UNANSWERED).days,
        rungs=(Rung(CONFIRMED_FOR.days, "offer_confirm_asked", from_start=True), Rung(-REMINDED.days)),
        at_end=pause_unconfirmed,
        keeps_notice=True,
        is_private=True,
        may_be_waived=False,  # it would stay published for ever
        since=lambda offer: offer.confirmed_at,
        running=_to_be_confirmed,
        reads=("provider",),
    ),
    Clock(
        kind="offer_end",
        label=_("Decision whether an offer goes on"),
        owed_by=_publisher,
        owed_to=lambda offer: UNOCT,
        starts=("offer_published", "offer_edited"),
        answered_by=(*ENDED, "offer_paused", "offer_unconfirmed"),
        own_date=lambda offer: offer.closes_on,
        rungs=tuple(Rung(-before.days, event) for event, before in reversed(ASKED_BEFORE_END.items())),
        at_end=expire,
        skips_absence=False,  # the last day is that of the offer
        is_private=True,
        may_be_waived=False,  # the offer ends on that day
        running=Q(status=OfferStatus.PUBLISHED, closes_on__isnull=False),
        reads=("provider",),
    ),
)


def confirm_again(offer: Offer) -> None:
    """Start the confirmation of a published offer whose window was closed and is open again."""
    waits = Due.objects.filter(offer=offer, kind="offer_confirm", done_at=None)
    if _confirmer(offer) and offer.confirmed_at and not waits.exists():
        dues.start([offer], OFFER_CLOCKS[0], lambda row: row.confirmed_at)


def to_confirm(actor: Actor) -> list[Offer]:
    """Return the published offers that the actor is asked to confirm for a provider, those asked longest ago first."""
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []

    def unconfirmed(offers: QuerySet[Offer], mine: list[UUID]) -> QuerySet[Offer]:
        asked = offers.filter(dues__kind="offer_confirm", dues__done_at=None, dues__rung__gt=0)
        return asked.filter(among("provider", mine, "uuid"), status=OfferStatus.PUBLISHED).order_by("confirmed_at")

    return [offer for offer in named_rows(actor, Offer, "unconfirmed", unconfirmed, [mine]) if not offer.is_expired]

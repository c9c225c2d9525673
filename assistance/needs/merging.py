"""Merging two offers of one provider: one ends, and its matches go on with the other.

Locks are taken in one order: needs, matches, offers, each by key. Of two merges of the same offers at once, exactly one
succeeds.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assistance.access import policy, row_security
from assistance.access.models import text_columns
from assistance.needs.models import Match, Need
from assistance.needs.states import CONFIRMED_MATCH, OPEN_MATCH, AnswerReason, MatchStatus
from assistance.offers.models import Offer
from assistance.offers.rules import check_merge
from assistance.offers.states import OFFER, OfferStatus
from assistance.workflow.engine import TransitionContext, finish, record, save, transition
from entities.actors import Actor
from web.exceptions import Conflict, Invalid

RUNNING = (*OPEN_MATCH, *CONFIRMED_MATCH)
# What has been delivered has happened, and is not withdrawn.
WITHDRAWABLE = (*OPEN_MATCH, MatchStatus.ACCEPTED, MatchStatus.IN_DELIVERY)


def merge(*, actor: Actor, offer: object, into: Offer | None = None, version: int | None = None) -> Offer:
    """End the offer and move its open and confirmed matches to another of its provider, by default the one proposed.

    Where both have a match of the same need, the older stays and the other is withdrawn. Returns the offer that ended;
    raises NotVisible, Forbidden, Invalid (itself; another provider), Conflict (not published; changed at this moment).
    """
    with transaction.atomic():
        row = policy.get(actor, Offer, offer)
        policy.require(actor, OFFER["merge"].who, row)
        target = into.pk if into else row.merge_proposed_id
        if target is None:
            raise Invalid({"into": [_("Select the offer into which this one is merged.")]})
        keys = {row.pk, target}
        matches = locked_matches(keys)
        stays = {one.pk: one for one in policy.get_all(actor, Offer, keys, lock=True)}[target]
        check_unchanged(keys, matches)
        with transition(actor, Offer, row.pk, "merge", version=version) as context:
            check_merge(context.row, stays)
            context.set(status=OfferStatus.MERGED, merged_into=stays, merge_proposed=None)
            _move_all(context, stays, matches)
    return context.row


def locked_matches(offers: set[UUID]) -> list[Match]:
    """Return the running matches of these offers, oldest first, locked after their needs."""
    with row_security.bypass():
        running = Match.objects.filter(offer__in=offers, status__in=RUNNING)
        wanted = set(running.values_list("need", flat=True))
        rows = Need.objects.filter(pk__in=wanted).defer(*text_columns(Need)).order_by("pk").select_for_update()
        needs = {need.pk: need for need in rows}
        matches = list(running.filter(need__in=wanted).order_by("pk").select_for_update())
        for match in matches:
            match.need = needs[match.need_id]
    return sorted(matches, key=lambda match: (match.created_at, match.pk))


def check_unchanged(offers: set[UUID], known: Iterable[Match]) -> None:
    """Raise Conflict where a match has come or ended before the offers were locked."""
    with row_security.bypass():
        now = set(Match.objects.filter(offer__in=offers, status__in=RUNNING).values_list("pk", flat=True))
    if now != {match.pk for match in known}:
        raise Conflict(_("A match of one of these offers has changed at this moment. Try again."))


def _move_all(context: TransitionContext, stays: Offer, matches: list[Match]) -> None:
    """Withdraw the newer of two matches of the same need, move the others, and record it in each and in both offers."""
    ended: Offer = context.row
    for match in superseded(matches):
        own = TransitionContext(match, context.actor, context.appointment, "match_retracted", match.status)
        words = str(AnswerReason.MERGED.label)
        own.set(status=MatchStatus.RETRACTED, answer_reason_code=AnswerReason.MERGED, answer_reason=words)
        own.reason = words
        finish(own)
    for match in matches:
        if match.offer_id == ended.pk and match.status in RUNNING:
            match.offer = stays
            save(match, ["offer"])
            record("match_moved", match, actor=context.actor, appointment=context.appointment, before=match.status)
    Offer.objects.filter(merged_into=ended).update(merged_into=stays)  # earlier addresses lead to where the matches are
    record("offer_took_in", stays, actor=context.actor, appointment=context.appointment, before=stays.status)


def superseded(matches: Iterable[Match]) -> list[Match]:
    """Return those of two offers' matches, oldest first, that end when the offers are merged.

    They are of the same need as an older match with the other offer, and not yet delivered.
    """
    oldest: dict[UUID, Match] = {}
    found = []
    for match in matches:
        first = oldest.setdefault(match.need_id, match)
        if first.offer_id != match.offer_id and match.status in WITHDRAWABLE:
            found.append(match)
    return found

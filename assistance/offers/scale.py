"""Offers of the scale data."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from assistance.offers.models import Offer
from assistance.offers.states import AssistanceType, OfferStatus
from assistance.scale.loading import Scale
from assistance.scale.tables import copy, copy_pairs
from assistance.scale.texts import LANGUAGES, translated
from entities.groups import MEMBERS

NEEDS = 50  # for one offer


def load(scale: Scale) -> None:
    """Write the offers, their themes, and the States of those that name some."""
    scale.facts["offer"] = []
    number = scale.sizes.offers or max(1, scale.sizes.needs // NEEDS)
    named: list[tuple[object, object]] = []
    scale.count("offers", copy(Offer, _offers(scale, number, named)))
    offers = [key for key, _provider in scale.facts["offer"]]
    copy_pairs(Offer.themes, ((key, theme.pk) for key in offers for theme in scale.chance.sample(scale.themes, 2)))
    copy_pairs(Offer.for_states, named)


def _offers(scale: Scale, number: int, named: list[tuple[object, object]]) -> Iterator[dict[str, Any]]:
    chance = scale.chance
    for _number in range(number):
        key, provider = scale.key(), chance.choice(scale.providers)
        status = chance.choices((OfferStatus.PUBLISHED, OfferStatus.DRAFT, OfferStatus.WITHDRAWN), (8, 1, 1))[0]
        others: set[int] = set()
        only_named = chance.random() < 0.1
        if only_named:
            states = chance.sample(scale.states, 3)
            named += [(key, state.pk) for state in states]
            others = {scale.cted, scale.unoct, *(state.group_id for state in states)}
        else:
            others = {MEMBERS}
        scale.facts["offer"].append((key, provider))
        yield {
            "id": key, "provider_id": provider.pk, "language": chance.choice(LANGUAGES), "status": status,
            "visible_to_named_only": only_named, "assistance_types": chance.sample(AssistanceType.values, 2),
            "working_languages": chance.sample(LANGUAGES, 2), "places": chance.randrange(10, 200),
            "closes_on": scale.now.date() + timedelta(days=chance.randrange(-100, 600)),
            "confirmed_at": scale.now if status == OfferStatus.PUBLISHED else None,
            "created_by_id": scale.post_at(provider).user,
            **translated(chance, "title", 5), **translated(chance, "description", 20), **scale.dates(scale.moment()),
            **scale.audiences({provider.group_id}, others if status == OfferStatus.PUBLISHED else ()),
        }  # fmt: skip

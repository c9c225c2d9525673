"""Needs and matches of the scale data, their events, and what people were notified of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import Channel, Delivery
from assistance.needs.models import Match, Need, NeedTexts
from assistance.needs.states import CONFIRMED_MATCH, MatchStatus, NeedFacts, NeedSource, Priority, need_status
from assistance.offers.states import AssistanceType
from assistance.scale.loading import Scale
from assistance.scale.releases import Releasable, columns_of, release
from assistance.scale.tables import copy, without_text_indexes
from assistance.scale.texts import LANGUAGES, translated
from assistance.workflow.notifications import SOURCE
from entities.actors import CTED
from entities.groups import MEMBERS
from entities.models import Organisation

NOTIFIED = 50  # in-portal notifications for each person
# A need of a request of a State gives UNOCT access as well; there are no requests in the scale data.
SOURCES = [source for source in NeedSource.values if source != NeedSource.REQUEST]


@dataclass(frozen=True)
class NeedFactsOfScale(Releasable):
    """A need, when it was recorded, and whether it was put to the State and agreed."""

    created: datetime
    put: bool
    agreed: bool


def load(scale: Scale) -> None:
    """Write the needs, their matches, the events of both, and the notifications."""
    scale.facts["need"] = needs = [_facts(scale) for _number in range(scale.sizes.needs)]
    matches = [match for need in needs if need.is_open(scale.now) for match in _matches(scale, need)]
    by_need: dict[UUID, list[dict[str, Any]]] = {}
    for match in matches:
        by_need.setdefault(match["need_id"], []).append(match)
    with without_text_indexes(NeedTexts):
        scale.count("needs", copy(Need, (_need(scale, need, by_need.get(need.key, [])) for need in needs)))
    scale.count("matches", copy(Match, matches))
    scale.events(_events(scale, needs))
    scale.events(
        {"at": match["created_at"], "name": "match_proposed", "match_id": match["id"], "need_id": match["need_id"],
         "post": match["post"]}
        for match in matches
    )  # fmt: skip
    scale.count("notifications", copy(Delivery, _notifications(scale, needs)))


def _facts(scale: Scale) -> NeedFactsOfScale:
    visit = scale.chance.choice(scale.facts["visit"])
    given = release(scale, visit.created)
    agreed = given is not None or scale.chance.random() < 0.5
    put = agreed or scale.chance.random() < 0.6
    return NeedFactsOfScale(scale.key(), visit.state, given, visit.created, put, agreed)


def _need(scale: Scale, need: NeedFactsOfScale, matches: list[dict[str, Any]]) -> dict[str, Any]:
    chance = scale.chance
    theme = chance.choice(scale.themes)
    shares = [match["share"] for match in matches if match["status"] in CONFIRMED_MATCH]
    status = need_status(
        NeedFacts(
            closed=False,
            put=need.put,
            agreed=need.agreed,
            released=need.is_open(scale.now),
            matches=tuple((match["status"], False) for match in matches),
            confirmed_share=sum(shares),
        )
    )
    owners = (scale.cted, need.state.group_id) if need.put else (scale.cted,)
    return {
        "id": need.key, "state_id": need.state.pk, "source": chance.choice(SOURCES), "status": status,
        "language": chance.choice(LANGUAGES), "theme_id": theme.pk, "pillar_id": theme.pillar_id,
        "assistance_type": chance.choice(AssistanceType.values), "priority": chance.choice(Priority.values),
        "beneficiary": "Ministry of the Interior", "deadline": scale.now.date() + timedelta(days=chance.randrange(-200, 700)),
        "put_to_state_at": need.created if need.put else None, "agreed_on": need.created.date() if need.agreed else None,
        "created_by_id": scale.post_at(scale.offices[CTED]).user,
        **translated(chance, "title", 6), **translated(chance, "description", 30), **scale.dates(need.created),
        **columns_of(scale, need, owners),
    }  # fmt: skip


def _matches(scale: Scale, need: NeedFactsOfScale) -> Iterator[dict[str, Any]]:
    """Yield the matches of a need: at most two, so that the shares of the accepted ones stay within it."""
    chance = scale.chance
    for provider in chance.sample(scale.providers, chance.choices((0, 1, 2), (6, 3, 1))[0]):
        yield _match(scale, need, provider, chance.choice(MatchStatus.values))


def _match(scale: Scale, need: NeedFactsOfScale, provider: Organisation, status: str) -> dict[str, Any]:
    post = scale.post_at(provider)
    created = need.created + (scale.now - need.created) * 0.8
    owners = {provider.group_id, need.state.group_id, scale.cted, scale.unoct}
    return {
        "id": scale.key(), "need_id": need.key, "provider_id": provider.pk, "status": status,
        "share": scale.chance.randrange(10, 51), "waiting_since": created, "created_by_id": post.user, "post": post,
        "created_at": created, "modified_at": created,
        **scale.audiences(owners, {MEMBERS} if status in CONFIRMED_MATCH else ()),
    }  # fmt: skip


def _events(scale: Scale, needs: list[NeedFactsOfScale]) -> Iterator[dict[str, Any]]:
    for need in needs:
        post = scale.post_at(scale.offices[CTED])
        yield {"at": need.created, "name": "need_recorded", "need_id": need.key, "post": post}
        if need.put:
            yield {"at": need.created, "name": "need_put_to_state", "need_id": need.key, "post": post}
        if need.agreed:
            yield {"at": need.created, "name": "need_agreed", "need_id": need.key, "post": scale.post_at(need.state)}


def _notifications(scale: Scale, needs: list[NeedFactsOfScale]) -> Iterator[dict[str, Any]]:
    """Yield notifications of releases, of which one of ten is unread."""
    released = [need for need in needs if need.is_open(scale.now)]
    for user in {post.user for post in scale.posts} if released else ():
        for _number in range(NOTIFIED):
            need, told = scale.chance.choice(released), scale.moment()
            yield {
                "id": scale.key(), "created_at": told, "due_at": told, "event": scale.key(), "source": SOURCE,
                "subject": f"need:{need.key}", "recipient_id": user, "channel": Channel.PORTAL, "message": "need_shared",
                "values": {"reference": "N-0000-0000"}, "path": f"/needs/{need.key}/",
                "read_at": None if scale.chance.random() < 0.1 else told,
            }  # fmt: skip

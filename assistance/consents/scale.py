"""Consents of the scale data: one for each audience and last day that a State has decided on."""

from collections import defaultdict
from typing import Any

from assistance.consents.models import RELEASED, Consent, relation_of
from assistance.consents.states import Decision
from assistance.scale.loading import Scale
from assistance.scale.people import Post
from assistance.scale.releases import Releasable, Release
from assistance.scale.tables import copy, copy_pairs
from entities.models import Organisation

MOST = 12  # rows of one consent
EVENTS = {"need": "need_shared", "section": "section_released", "assessment": "assessment_released"}


def load(scale: Scale) -> None:
    """Write a consent for every dozen rows that a State released together, and its events."""
    events: list[dict[str, Any]] = []
    consents: list[dict[str, Any]] = []
    for kind, model in RELEASED.items():
        pairs: list[tuple[object, object]] = []
        for state, given, rows in _together(scale.facts.get(kind, [])):
            post = scale.post_at(state)
            consent = _consent(scale, state, given, post)
            consents.append(consent)
            for row in rows:
                pairs.append((consent["id"], row.key))
                events.append(
                    {"at": given.given_at, "name": EVENTS[kind], f"{kind}_id": row.key, "consent_id": consent["id"], "post": post}
                )  # fmt: skip
        scale.count("consents", copy(Consent, consents))
        consents.clear()
        copy_pairs(getattr(Consent, relation_of(model)), pairs)
    scale.events(events)


def _together(rows: list[Releasable]) -> list[tuple[Organisation, Release, list[Releasable]]]:
    """Return the released rows by State, audience, last day and day of the decision, at most `MOST` together."""
    found: dict[tuple[Any, ...], list[tuple[Release, Releasable]]] = defaultdict(list)
    for row in rows:
        if row.release is not None:
            given = row.release
            found[row.state.pk, given.groups, given.until, given.given_at.date()].append((given, row))
    return [
        (own[start][1].state, own[start][0], [row for _given, row in own[start : start + MOST]])
        for own in found.values()
        for start in range(0, len(own), MOST)
    ]


def _consent(scale: Scale, state: Organisation, given: Release, post: Post) -> dict[str, Any]:
    return {
        "id": scale.key(), "state_id": state.pk, "decision": Decision.GRANTED, "released_to_id": scale.audience(given.groups),
        "until": given.until, "given_at": given.given_at, "given_by_id": post.user, "given_as_id": post.appointment,
        **scale.audiences((scale.cted, state.group_id)),
    }  # fmt: skip

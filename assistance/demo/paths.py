"""What the words of the plans mean: for each, how many days it takes and which transition is called by whom."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from assistance.demo.letters import letter
from assistance.demo.walk import Step, Walk
from assistance.models import Section
from assistance.transitions import consents, matches, needs, offers


# ── Of a need ────────────────────────────────────────────────────────────────
def _put(walk: Walk) -> None:
    needs.put_to_state(actor=walk.cast.assessor(walk.row.state.slug), need=walk.row.pk)


def _agree(walk: Walk) -> None:
    needs.agree(actor=walk.cast.state(walk.row.state.slug), need=walk.row.pk)


def _until(walk: Walk, days: str) -> date | None:
    return walk.days.day(int(days)) if days else None


def _share(walk: Walk, audience: str, until: str = "") -> None:
    """Release to words joined by “+”, until a number of days from today (which may have passed since)."""
    state = walk.cast.state(walk.row.state.slug)
    note = letter() if until else None
    consents.release(
        actor=state, needs=[walk.row.pk], audience=audience.split("+"), until=_until(walk, until), note_verbale=note
    )


def _withdraw(walk: Walk) -> None:
    state = walk.cast.state(walk.row.state.slug)
    consents.withdraw(actor=state, needs=[walk.row.pk], reason=walk.said("withdraw", state))


def _close(walk: Walk, reason: str) -> None:
    state = walk.cast.state(walk.row.state.slug)
    needs.close(actor=state, need=walk.row.pk, reason=reason, note=walk.said("close", state))


def _verify(walk: Walk, outcome: str, share: str = "") -> None:
    actor = walk.cast.assessor(walk.row.state.slug)
    needs.verify(
        actor=actor, need=walk.row.pk, outcome=outcome, share=int(share) if share else None,
        note=walk.said(outcome, actor),
    )  # fmt: skip


# ── Of a match: the words after `propose` and `suggest` are about the match made last ──
def _propose(walk: Walk, provider: str, share: str, offer: str = "") -> None:
    actor = walk.cast.of(provider)
    walk.left["match"] = matches.propose(
        actor=actor, need=walk.row.pk, provider=walk.cast.organisations[provider], share=int(share),
        offer=walk.left["offers"][offer].pk if offer else None, message=walk.said("propose", actor),
    )  # fmt: skip


def _suggest(walk: Walk, provider: str, share: str, offer: str = "") -> None:
    actor = walk.cast.assessor(walk.row.state.slug)
    walk.left["match"] = matches.propose(
        actor=actor, need=walk.row.pk, provider=walk.cast.organisations[provider], share=int(share),
        offer=walk.left["offers"][offer].pk if offer else None, message=walk.said("suggest", actor),
    )  # fmt: skip


def _match(walk: Walk) -> Any:
    return walk.left["match"]


def _yes(walk: Walk) -> None:
    match = _match(walk)
    matches.accept(actor=walk.cast.of(match.provider.slug), match=match.pk)


def _refuse(walk: Walk) -> None:
    match = _match(walk)
    actor = walk.cast.of(match.provider.slug)
    matches.decline(actor=actor, match=match.pk, reason=walk.said("refuse", actor))


def _accept(walk: Walk) -> None:
    state = walk.cast.state(walk.row.state.slug)
    matches.accept(actor=state, match=_match(walk).pk, message=walk.said("accept", state))


def _decline(walk: Walk) -> None:
    state = walk.cast.state(walk.row.state.slug)
    matches.decline(actor=state, match=_match(walk).pk, reason=walk.said("decline", state))


def _retract(walk: Walk) -> None:
    match = _match(walk)
    actor = walk.cast.of(match.provider.slug)
    matches.retract(actor=actor, match=match.pk, reason=walk.said("retract", actor))


def _start(walk: Walk) -> None:
    match = _match(walk)
    actor = walk.cast.of(match.provider.slug)
    matches.start(actor=actor, match=match.pk, note=walk.said("start", actor))


def _deliver(walk: Walk) -> None:
    match = _match(walk)
    actor = walk.cast.of(match.provider.slug)
    matches.deliver(actor=actor, match=match.pk, note=walk.said("deliver", actor))


NEED_STEPS: Mapping[str, Step] = {
    "put": (3, _put),
    "agree": (7, _agree),
    "share": (4, _share),
    "withdraw": (15, _withdraw),
    "close": (10, _close),
    "propose": (6, _propose),
    "suggest": (4, _suggest),
    "yes": (4, _yes),
    "refuse": (4, _refuse),
    "accept": (6, _accept),
    "decline": (6, _decline),
    "retract": (8, _retract),
    "start": (12, _start),
    "deliver": (25, _deliver),
    "verify": (9, _verify),
}


# ── Of a visit ───────────────────────────────────────────────────────────────
def _ask(walk: Walk) -> None:
    consents.ask(actor=walk.cast.assessor(walk.row.state.slug), visit=walk.row.pk)


def _sections(walk: Walk, numbers: str) -> list[object]:
    wanted = [int(number) for number in numbers.split("+")]
    return list(Section.objects.filter(visit=walk.row, number__in=wanted).values_list("pk", flat=True))


def _release_sections(walk: Walk, numbers: str, audience: str, until: str = "") -> None:
    consents.release(
        actor=walk.cast.state(walk.row.state.slug), sections=_sections(walk, numbers), audience=audience.split("+"),
        until=_until(walk, until), note_verbale=letter(),
    )  # fmt: skip


def _withdraw_sections(walk: Walk, numbers: str) -> None:
    state = walk.cast.state(walk.row.state.slug)
    consents.withdraw(actor=state, sections=_sections(walk, numbers), reason=walk.said("withdraw", state))


def _decline_visit(walk: Walk) -> None:
    state = walk.cast.state(walk.row.state.slug)
    consents.decline(actor=state, visit=walk.row.pk, reason=walk.said("refuse-consent", state))


VISIT_STEPS: Mapping[str, Step] = {
    "ask": (5, _ask),
    "release": (15, _release_sections),
    "withdraw": (10, _withdraw_sections),
    "decline": (6, _decline_visit),
}


# ── Of an offer ──────────────────────────────────────────────────────────────
def _publish(walk: Walk) -> None:
    offers.publish(actor=walk.cast.of(walk.row.provider.slug), offer=walk.row.pk)


def _pause(walk: Walk) -> None:
    offers.pause(actor=walk.cast.of(walk.row.provider.slug), offer=walk.row.pk)


def _withdraw_offer(walk: Walk) -> None:
    actor = walk.cast.of(walk.row.provider.slug)
    offers.withdraw(actor=actor, offer=walk.row.pk, reason=walk.said("retract", actor))


OFFER_STEPS: Mapping[str, Step] = {"publish": (2, _publish), "pause": (1, _pause), "withdraw": (1, _withdraw_offer)}

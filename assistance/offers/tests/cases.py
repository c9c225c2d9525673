"""The cases of offers."""

from collections.abc import Callable, Iterator
from typing import Any

from assistance.needs import merging, offer_withdrawal
from assistance.offers import corrections, transitions
from assistance.offers.models import Correction, Offer
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import EVERYBODY, PROVIDERS, Cast
from assistance.tests.world import World

PROVIDER = frozenset({"unodc"})


def _published(cast: Cast) -> Offer:
    return cast.offer(for_states=[cast.org("carana")], for_regions=[cast.region], amount="12.50", currency="USD")


def _for_named_states(cast: Cast) -> Offer:
    return cast.offer(for_states=[cast.org("sumora")], visible_to_named_only=True)


def _merged(cast: Cast) -> Offer:
    """Return an offer merged into one that is there already, or into a new one."""
    known = Offer.objects.filter(provider=cast.org("unodc"), status="published", visible_to_named_only=False).first()
    return merging.merge(actor=cast.unodc, offer=cast.offer().pk, into=known or cast.offer())


def _leaks(world: World) -> None:
    """Add an offer in draft, one for named States and one for all; the first two with documents."""
    cast, named = world.cast, PROVIDER | {"sumora", "cted", "unoct"}
    draft = cast.offer(published=False, **world.texts(PROVIDER, "title", "description"))
    narrow = cast.offer(
        for_states=[cast.org("sumora")], visible_to_named_only=True, **world.texts(named, "title", "description")
    )
    for offer, readers in ((draft, PROVIDER), (narrow, named)):
        world.keep("offer", offer, readers)
        world.attach("unodc", offer, readers)
    world.keep("offer", cast.offer(), EVERYBODY)


# ── Rows nobody else may notice ──
def _drafted(who: str) -> Callable[[World], Iterator[Made]]:
    def make(world: World) -> Iterator[Made]:
        yield "offer", world.cast.offer(published=False, who=who, title="Hidden canary offer")

    return make


def _named(world: World) -> Iterator[Made]:
    cast = world.cast
    named = {"for_states": [cast.org("sumora")], "visible_to_named_only": True}
    yield "offer", cast.offer(who="iom", title="Hidden canary offer", **named)


# ── Corrections ──
OF_CORRECTION = frozenset({"unodc", "carana", "observer"})


def _corrected(cast: Cast, offer: Offer | None = None, field: str = "conditions") -> Correction:
    offer = offer or cast.offer()
    return corrections.propose(
        actor=cast.carana,
        offer=offer.pk,
        field=field,
        proposed="An interpreter is provided.",
        why="Said at the last meeting.",
    )


def _on_a_paused_offer(cast: Cast) -> Correction:
    row = _corrected(cast)
    transitions.pause(actor=cast.unodc, offer=row.offer_id)
    return row


def _refused(cast: Cast) -> Correction:
    return corrections.refuse(actor=cast.unodc, correction=_corrected(cast).pk, reason="It is not.")


def _hidden_correction(world: World) -> Iterator[Made]:
    """A correction of an offer that everybody sees."""
    yield "correction", _corrected(world.cast, world.row("offer", 2), "cost_note")


def _body(cast: Cast) -> dict[str, Any]:
    return {
        "title": "Training at borders", "description": "Courses.", "themes": ["border"],
        "assistance_types": ["training"], "for_states": ["XCA"], "for_regions": ["002"], "places": 30,
        "amount": "5000.50", "currency": "USD", "working_languages": ["ar", "zh"], "closes_on": "2099-12-31",
    }  # fmt: skip


CASES = (
    Cases(
        model=Offer,
        rows=(
            Row("draft", PROVIDER, lambda cast: cast.offer(published=False)),
            Row("published", EVERYBODY, _published),
            Row("published for named States", PROVIDER | {"sumora", "cted", "unoct"}, _for_named_states),
            Row("paused", PROVIDER, lambda cast: transitions.pause(actor=cast.unodc, offer=cast.offer().pk)),
            Row("merged", EVERYBODY, _merged),
            Row("withdrawn", PROVIDER, lambda cast: offer_withdrawal.withdraw(actor=cast.unodc, offer=cast.offer().pk)),
        ),
        recorders=PROVIDERS,
        editors=("unodc",),
        attachers=("unodc",),
        leaks=_leaks,
        hidden=(
            Addition(frozenset({"iom"}), _drafted("iom")),
            Addition(frozenset({"partner"}), _drafted("partner")),
            Addition(frozenset({"iom", "sumora", "cted", "unoct"}), _named),
        ),
        runs={
            "publish": ("unodc", "draft"),
            "confirm": ("unodc", "published"),
            "pause": ("unodc", "published"),
            "merge": ("unodc", "published"),
            "propose-merge": ("unoct", "published"),
            "keep-apart": ("unodc", "published"),
            "withdraw": ("unodc", "paused"),
        },
        body=_body,
        refused=(
            ({"themes": []}, {"themes"}),
            ({"themes": ["border", "zzz"]}, {"themes"}),
            ({"assistance_types": ["training", "magic"]}, {"assistance_types.1"}),
            ({"currency": "XXX"}, {"currency"}),
            ({"currency": ""}, {"currency"}),
            ({"opens_on": "2099-12-31", "closes_on": "2099-01-01"}, {"closes_on"}),
            ({"visible_to_named_only": True, "for_states": []}, {"for_states"}),
            ({"provider": "nobody"}, {"provider"}),
        ),
        related={
            "amount": {"currency"},
            "opens_on": {"closes_on"},
            "closes_on": {"opens_on"},
            "visible_to_named_only": {"for_states"},
            "for_states": {"visible_to_named_only"},
        },
    ),
    Cases(
        model=Correction,
        rows=(
            Row("proposed", OF_CORRECTION, _corrected),
            Row(
                "accepted",
                OF_CORRECTION,
                lambda cast: corrections.accept(actor=cast.unodc, correction=_corrected(cast).pk),
            ),
            Row("refused", OF_CORRECTION, _refused),
            Row("proposed, and the offer paused since", PROVIDER, _on_a_paused_offer),
        ),
        hidden=(Addition(OF_CORRECTION, _hidden_correction),),
        runs={"accept": ("unodc", "proposed"), "refuse": ("unodc", "proposed")},
    ),
)

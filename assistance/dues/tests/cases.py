"""The cases of deadlines."""

from collections.abc import Iterator

from assistance.consents import transitions as consents
from assistance.dues import transitions
from assistance.dues.models import Due
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import OWNERS, Cast
from assistance.tests.world import World

PARTIES = OWNERS | {"unodc", "unoct"}


def _answer(cast: Cast) -> Due:
    return Due.objects.get(match=cast.match("proposed"))


def _answered(cast: Cast) -> Due:
    return Due.objects.get(match=cast.match("accepted"), kind="match_answer")


def _verification(cast: Cast) -> Due:
    """Return what CTED owes the State: the provider is no party to it."""
    return Due.objects.get(match=cast.match("delivered"), kind="verify")


def _waived(cast: Cast) -> Due:
    return transitions.waive(actor=cast.carana, due=_verification(cast).pk, reason="We met them ourselves.")


def _consent(cast: Cast) -> Due:
    visit = cast.visit()
    cast.section(visit)
    consents.ask(actor=cast.cted, visit=visit.pk)
    return Due.objects.get(visit=visit)


def _of_a_withdrawn_need(cast: Cast) -> Due:
    due = _answer(cast)
    consents.withdraw(actor=cast.carana, rows=[due.match.need])
    return due


def _leaks(world: World) -> None:
    """Add a deadline of each kind, on rows of the world where there are some."""
    match = world.row("match", 0)
    world.keep("due", Due.objects.get(match=match), PARTIES)
    world.keep("due", _consent(world.cast), OWNERS)
    world.keep("due", _verification(world.cast), OWNERS | {"unoct"})


def _asked(world: World) -> Iterator[Made]:
    visit = world.row("visit", 0)
    consents.ask(actor=world.cast.cted, visit=visit.pk)
    yield "due", Due.objects.get(visit=visit, done_at=None)


CASES = (
    Cases(
        model=Due,
        rows=(
            Row("answer to a proposal", PARTIES, _answer),
            Row("answered", PARTIES, _answered),
            Row("verification", OWNERS | {"unoct"}, _verification),
            Row("waived", OWNERS | {"unoct"}, _waived),
            Row("consent asked for", OWNERS, _consent),
            Row("release of the need withdrawn", OWNERS, _of_a_withdrawn_need),
        ),
        statements=5,  # the reader's own days to be asked again
        leaks=_leaks,
        hidden=(Addition(OWNERS, _asked),),
        runs={"nudge": ("unodc", "answer to a proposal"), "waive": ("carana", "verification")},
    ),
)

"""The cases of deadlines."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.dues import transitions
from assistance.dues.models import Due
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import OWNERS, Cast
from assistance.tests.world import World

PARTIES = OWNERS | {"unodc", "unoct"}
PROVIDER = frozenset({"unodc", "unoct"})


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


def _offer(cast: Cast) -> Due:
    return Due.objects.get(offer=cast.offer(), kind="offer_confirm")


def _offer_for_named_states(cast: Cast) -> Due:
    offer = cast.offer(
        for_states=[cast.org("sumora")],
        visible_to_named_only=True,
        closes_on=timezone.now().date() + timedelta(days=90),
    )
    return Due.objects.get(offer=offer, kind="offer_end")


def _project(cast: Cast) -> Due:
    return Due.objects.get(project=cast.project())


def _restricted_project(cast: Cast) -> Due:
    return Due.objects.get(project=cast.project(is_restricted=True, partners=[(cast.org("iom"), "implementing")]))


def _leaks(world: World) -> None:
    """Add a deadline of each kind, on rows of the world where there are some."""
    match = world.row("match", 0)
    world.keep("due", Due.objects.get(match=match), PARTIES)
    world.keep("due", _consent(world.cast), OWNERS)
    world.keep("due", _verification(world.cast), OWNERS | {"unoct"})
    world.keep("due", Due.objects.get(project=world.row("project", 0)), frozenset({"unodc"}))


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
            Row("confirmation of an offer", PROVIDER, _offer),
            Row("end of an offer for named States", PROVIDER, _offer_for_named_states),
            Row("confirmation of a project", PROVIDER | {"cted"}, _project),
            Row("confirmation of a restricted project", frozenset({"unodc"}), _restricted_project),
            Row("release of the need withdrawn", OWNERS, _of_a_withdrawn_need),
        ),
        statements=5,  # the reader's own days to be asked again
        leaks=_leaks,
        hidden=(Addition(OWNERS, _asked),),
        runs={"nudge": ("carana", "verification"), "waive": ("carana", "verification")},
    ),
)

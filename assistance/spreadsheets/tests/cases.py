"""The cases of returned spreadsheets."""

from collections.abc import Iterator

from assistance.spreadsheets import transitions
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.tests import sheets
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import Cast
from assistance.tests.world import World

STATE = frozenset({"carana", "observer"})


def _applied(cast: Cast) -> Spreadsheet:
    return transitions.apply(actor=cast.carana, spreadsheet=sheets.returned(cast).pk)


def _discarded(cast: Cast) -> Spreadsheet:
    return transitions.discard(actor=cast.carana, spreadsheet=sheets.returned(cast).pk)


def _leaks(world: World) -> None:
    row = sheets.returned(world.cast, action=world.token(STATE))
    world.keep("spreadsheet", row, STATE)


def _returned_beside(world: World) -> Iterator[Made]:
    yield "spreadsheet", sheets.returned(world.cast, world.row("response", 0).visit, "Hidden canary action.")


CASES = (
    Cases(
        model=Spreadsheet,
        rows=(
            Row("returned", STATE, sheets.returned),
            Row("applied", STATE, _applied),
            Row("discarded", STATE, _discarded),
        ),
        leaks=_leaks,
        hidden=(Addition(STATE, _returned_beside),),
        runs={"apply": ("carana", "returned"), "discard": ("carana", "returned")},
        proved=("apply",),
    ),
)

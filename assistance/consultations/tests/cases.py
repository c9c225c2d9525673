"""The cases of consultations and of their rounds."""

from collections.abc import Iterator
from datetime import timedelta

import time_machine
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.consultations import transitions
from assistance.consultations.models import Consultation, Round
from assistance.consultations.tests import rounds as made
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import COMPACT, Cast
from assistance.tests.world import World

PARTIES = frozenset({"carana", "observer", "cted", "unoct", "unodc"})
CONSULTED = PARTIES | {"iom"}


def _ended(cast: Cast) -> Round:
    with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
        row = made.closed(cast)
        until = timezone.now().date() + timedelta(days=2)
        consents.release(actor=cast.carana, rows=[row], audience="compact", until=until)
    row.refresh_from_db()
    return row


def _withdrawn(cast: Cast) -> Round:
    row = made.released(cast)
    consents.withdraw(actor=cast.carana, rows=[row])
    row.refresh_from_db()
    return row


# ── Rows with tokens ──
def _leaks(world: World) -> None:
    for readers, make in ((PARTIES, made.consultation), (CONSULTED, made.consulted)):
        row = world.keep("consultation", make(world.cast), readers)
        world.fill(row, readers)
        world.in_all_languages(row, readers, "title")


def _round_leaks(world: World) -> None:
    """Add an open round, and a closed one that is released to an entity, with all that hangs on them."""
    cast = world.cast
    for audience, readers in ((None, PARTIES), (["iom"], PARTIES | {"iom"})):
        consulted = world.keep("consultation", made.consultation(cast, **world.texts(PARTIES, "title")), PARTIES)
        texts = world.texts(readers, "current_state", "gap", "challenge", "intervention", "evidence")
        named = world.texts(readers, "name", "source", "means")
        row = made.filled(
            cast,
            made.opened(cast, consulted, participants=world.token(readers)),
            findings=[made.finding(cast, **texts)],
            parameters=[
                made.parameter(**named, unit="text", baseline=world.token(readers), target=world.token(readers))
            ],
        )
        world.keep("round", row, readers)
        world.keep("round-finding", row.findings.get(), readers)
        world.keep("priorities", row.parameters.get(), readers)
        if audience:
            row = transitions.close(actor=cast.cted, round=row.pk)
            transitions.comment(actor=cast.carana, round=row.pk, text=world.token(PARTIES))
            consents.release(actor=cast.carana, rows=[row], audience=audience)


# ── Rows nobody else may notice ──
def _of_another_state(world: World) -> Iterator[Made]:
    row = made.consultation(world.cast, state=world.cast.org("sumora"), title="Hidden canary consultation")
    yield "consultation", row


def _round_beside(world: World) -> Iterator[Made]:
    """A round of a consultation that the organizations which are only consulted see."""
    row = Consultation.objects.exclude(rounds__status="open").order_by("pk")[0]
    yield "round", made.filled(world.cast, made.opened(world.cast, row, participants="Hidden canary participants"))


CASES = (
    Cases(
        model=Consultation,
        rows=(
            Row("recorded", PARTIES, made.consultation),
            Row("with an open round", PARTIES, lambda cast: made.opened(cast).consultation),
            Row("of a programme that consults an entity", CONSULTED, made.consulted),
        ),
        recorders=("cted",),
        editors=("cted",),
        leaks=_leaks,
        hidden=(Addition((PARTIES - {"carana", "observer"}) | {"sumora"}, _of_another_state),),
        body=made.body,
        form=made.form,
        refused=(
            ({"state": "XXX"}, {"state"}),
            ({"programme": "NOTHING"}, {"programme"}),
            ({"instrument": "nothing"}, {"instrument"}),
            ({"title": ""}, {"title"}),
            ({"language": "tlh"}, {"language"}),
        ),
    ),
    Cases(
        model=Round,
        beside=frozenset({"findings", "parameters"}),
        by_the_page=frozenset({"consultation"}),
        rows=(
            Row("open", PARTIES, made.filled),
            Row("closed", PARTIES, made.closed),
            Row("released to the Compact", PARTIES | COMPACT, made.released),
            Row("released to one entity", PARTIES | {"iom"}, lambda cast: made.released(cast, ["iom"])),
            Row("released to one partner", PARTIES | {"partner"}, lambda cast: made.released(cast, ["searcct"])),
            Row("release ended", PARTIES, _ended),
            Row("withdrawn", PARTIES, _withdrawn),
        ),
        recorders=("cted",),
        editors=("cted",),
        leaks=_round_leaks,
        hidden=(Addition(PARTIES, _round_beside),),
        runs={
            "close": ("cted", "open"),
            "comment": ("carana", "closed"),
            "propose-need": ("cted", "closed"),
            "share": ("carana", "closed"),
            "withdraw": ("carana", "released to the Compact"),
        },
        proved=("share", "withdraw"),
        bodies={"comment": {"text": "The third airport was connected in May."}},
        body=made.round_body,
        form=made.round_form,
        form_path=made.round_path,
        refused=(
            ({"consultation": "00000000-0000-4000-8000-000000000000"}, {"consultation"}),
            ({"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, {"ends_on"}),
            ({"mode": "by post"}, {"mode"}),
            ({"parameters": [{"name": "Airports", "unit": "percent", "baseline": "N/A"}]}, {"parameters.0.baseline"}),
            ({"findings": [{"framework": "moral", "theme": "border", "current_state": "x"}]}, {"findings.0.framework"}),
        ),
        related={"starts_on": {"ends_on"}, "ends_on": {"starts_on"}},
    ),
)

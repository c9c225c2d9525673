"""The cases of assessments and of their lines."""

from collections.abc import Iterator
from datetime import timedelta

import time_machine
from django.utils import timezone

from assistance.assessments import comments, transitions
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.assessments.tests import assessments as made
from assistance.consents import transitions as consents
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import COMPACT, Cast
from assistance.tests.world import World

PARTIES = frozenset({"unodc", "carana", "observer"})


def _ended(cast: Cast) -> Assessment:
    """Return an assessment whose release has ended."""
    row = made.assessment(cast, "done")
    with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
        consents.release(
            actor=cast.carana, rows=[row], audience="compact", until=timezone.now().date() + timedelta(days=2)
        )
    row.refresh_from_db()
    return row


def _withdrawn(cast: Cast) -> Assessment:
    row = made.released(cast)
    consents.withdraw(actor=cast.carana, rows=[row])
    row.refresh_from_db()
    return row


def _cancelled(cast: Cast, **changes: object) -> Assessment:
    row = made.public(cast, "planned", **changes)
    return transitions.cancel(actor=cast.unodc, assessment=row.pk, reason="Postponed.")


# ── Rows with tokens ──
def _leaks(world: World) -> None:
    """Add an assessment for its parties, a public one and one released to an entity, with all that hangs on them."""
    cast = world.cast
    for readers, make, audience in (
        (PARTIES, made.assessment, ()),
        (PARTIES | COMPACT, made.public, ()),
        (PARTIES | {"iom"}, made.assessment, ["iom"]),
    ):
        found = [made.finding(cast, text=world.token(readers))]
        row = world.keep("assessment", make(cast, findings=found, **world.texts(readers, "title", "summary")), readers)
        world.in_all_languages(row, readers, "title", "summary")
        world.keep("finding", row.findings.get(), readers)
        world.attach("unodc", row, readers)
        comments.add(actor=cast.carana, assessment=row.pk, text=world.token(PARTIES))
        if audience:
            consents.release(actor=cast.carana, rows=[row], audience=audience)


def _line_leaks(world: World) -> None:
    """Add the lines of these assessments, and that of one that was cancelled."""
    for place in range(3):
        world.keep("assessment_line", made.line(world.row("assessment", place)), PARTIES | COMPACT)
    row = world.keep("assessment", _cancelled(world.cast, **world.texts(PARTIES, "title", "summary")), PARTIES)
    world.keep("assessment_line", made.line(row), PARTIES)


# ── Rows nobody else may notice ──
def _of_another_state(world: World) -> Iterator[Made]:
    row = made.assessment(world.cast, who="iom", state=world.cast.org("sumora"), title="Hidden canary assessment")
    yield "assessment", row
    yield "assessment_line", made.line(row)


def _cancelled_there(world: World) -> Iterator[Made]:
    row = made.assessment(world.cast, who="iom", state=world.cast.org("sumora"), title="Hidden canary assessment")
    transitions.cancel(actor=world.cast.iom, assessment=row.pk, reason="Postponed.")
    yield "assessment", row
    yield "assessment_line", made.line(row)


def _commented(world: World) -> Iterator[Made]:
    """A comment on an assessment that the whole Compact reads."""
    row = world.row("assessment", 1)
    comments.add(actor=world.cast.carana, assessment=row.pk, text="Hidden canary comment")
    yield from ()


CASES = (
    Cases(
        model=Assessment,
        beside=frozenset({"findings"}),
        rows=(
            Row("planned", PARTIES, made.assessment),
            Row("under way", PARTIES, lambda cast: made.assessment(cast, "under_way")),
            Row("finished", PARTIES, lambda cast: made.assessment(cast, "done")),
            Row("published by the entity", PARTIES | COMPACT, made.public),
            Row("released to the Compact", PARTIES | COMPACT, made.released),
            Row("released to one entity", PARTIES | {"iom"}, lambda cast: made.released(cast, audience=["iom"])),
            Row(
                "released to one partner", PARTIES | {"partner"}, lambda cast: made.released(cast, audience=["searcct"])
            ),
            Row("release ended", PARTIES, _ended),
            Row("withdrawn", PARTIES, _withdrawn),
            Row("cancelled", PARTIES, _cancelled),
        ),
        recorders=("unodc", "unoct", "iom"),
        editors=("unodc",),
        attachers=("unodc",),
        leaks=_leaks,
        hidden=(
            Addition(COMPACT | {"sumora"}, _of_another_state),
            Addition(frozenset({"iom", "sumora"}), _cancelled_there),
            Addition(PARTIES, _commented),
        ),
        runs={
            "start": ("unodc", "planned"),
            "finish": ("unodc", "under way"),
            "cancel": ("unodc", "planned"),
            "propose-need": ("cted", "released to the Compact"),
            "share": ("carana", "finished"),
            "withdraw": ("carana", "released to the Compact"),
        },
        proved=("share", "withdraw"),
        body=made.body,
        form=made.filled,
        refused=(
            ({"state": "XXX"}, {"state"}),
            ({"entity": "nobody"}, {"entity"}),
            ({"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, {"ends_on"}),
            ({"kind": "surprise"}, {"kind"}),
            ({"themes": []}, {"themes"}),
            ({"instruments": ["nothing"]}, {"instruments"}),
            ({"is_public": True, "public_link": ""}, {"public_link"}),
            ({"public_link": "javascript:alert(1)"}, {"public_link"}),
            (
                {"findings": [{"theme": "border", "framework": "moral", "text": ""}]},
                {"findings.0.framework", "findings.0.text"},
            ),
            ({"same_as": "00000000-0000-4000-8000-000000000000"}, {"same_as"}),
        ),
        related={
            "starts_on": {"ends_on"},
            "ends_on": {"starts_on"},
            "is_public": {"public_link"},
            "public_link": {"is_public"},
        },
    ),
    Cases(
        model=AssessmentLine,
        rows=(
            Row("of an assessment", PARTIES | COMPACT, lambda cast: made.line(made.assessment(cast))),
            Row(
                "of one released to a partner",
                PARTIES | COMPACT | {"partner"},
                lambda cast: made.line(made.released(cast, audience=["searcct"])),
            ),
            Row("of a cancelled assessment", PARTIES, lambda cast: made.line(_cancelled(cast))),
        ),
        leaks=_line_leaks,
        hidden=(),  # each is added with its assessment
    ),
)

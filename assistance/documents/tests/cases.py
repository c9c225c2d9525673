"""The cases of documents."""

from collections.abc import Iterator
from typing import Any

from assistance.documents import transitions
from assistance.documents.models import Document
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import COMPACT, EVERYBODY, OWNERS, Cast
from assistance.tests.world import World
from files.tests import samples


def _on(cast: Cast, parent: Any, who: str = "carana") -> Document:
    return transitions.attach(actor=getattr(cast, who), parent=parent, file=samples.note(), title="Letter")


def _replaced(cast: Cast) -> Document:
    row = _on(cast, cast.need("shared"))
    return transitions.replace(actor=cast.carana, document=row.pk, file=samples.note(text="Later"))


def _removed(cast: Cast) -> Document:
    row = _on(cast, cast.need("shared"))
    return transitions.remove(actor=cast.carana, document=row.pk, reason="Superseded.")


def _leaks(world: World) -> None:
    """Add a document with an earlier version, and a removed one; those on rows are added with these."""
    cast, need = world.cast, world.row("need", 3)
    writers = frozenset({"carana", "cted"})  # an earlier version: for those who may attach there
    earlier = samples.note(f"{world.token(writers)}.pdf", world.token(writers))
    row = transitions.attach(actor=cast.carana, parent=need, file=earlier, title=world.token(OWNERS | COMPACT))
    later = samples.note(text=world.token(OWNERS | COMPACT))
    transitions.replace(actor=cast.carana, document=row.pk, file=later)
    world.keep("document", row, OWNERS | COMPACT)
    own = frozenset({"carana", "observer"})  # after removal: only those who attached it
    gone = samples.note(f"{world.token(own)}.pdf", world.token(frozenset()))
    row = transitions.attach(actor=cast.carana, parent=need, file=gone, title=world.token(own))
    transitions.remove(actor=cast.carana, document=row.pk, reason=world.token(own))
    world.keep("document", row, own)


# ── Rows nobody else may notice ──
def _with_later_versions(world: World) -> Iterator[Made]:
    """A file on what was put to a State, and on a report's section nobody else reads, with a later version."""
    for parent in (world.row("need", 1), world.row("section", 0)):
        row = transitions.attach(actor=world.cast.cted, parent=parent, file=samples.note(text="Hidden canary"))
        yield "document", transitions.replace(actor=world.cast.cted, document=row.pk, file=samples.note(text="Later"))


CASES = (
    Cases(
        model=Document,
        rows=(
            Row("on a draft need", frozenset({"cted"}), lambda cast: _on(cast, cast.need("draft"), "cted")),
            Row("on a section", OWNERS, lambda cast: _on(cast, cast.section(cast.visit()))),
            Row("on a visit", OWNERS | COMPACT, lambda cast: _on(cast, cast.visit(), "cted")),
            Row("on an open match", OWNERS | {"unodc", "unoct"}, lambda cast: _on(cast, cast.match(), "unodc")),
            Row("on a published offer", EVERYBODY, lambda cast: _on(cast, cast.offer(), "unodc")),
            Row("of a second version", OWNERS | COMPACT, _replaced),
            Row("removed by the State", frozenset({"carana", "observer"}), _removed),
        ),
        leaks=_leaks,
        hidden=(Addition(OWNERS, _with_later_versions),),
        statements=8,  # the log: which State may learn of each kind of row they are on
    ),
)

"""The cases of consents, release plans and the two-person rule."""

from collections.abc import Iterator
from typing import Any

from assistance.consents import plans, two_person
from assistance.consents import transitions as consents
from assistance.consents.models import Consent, ReleasePlan, TwoPersonRule
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import OWNERS, Cast
from assistance.tests.world import World
from files.tests import samples

STATE = frozenset({"carana", "observer"})


# ── Consents ──
def _granted(cast: Cast) -> Consent:
    needs = [cast.need("agreed")]
    return consents.release(actor=cast.carana, rows=needs, note_verbale=samples.note(), reason="Agreed.")


def _withdrawn(cast: Cast) -> Consent:
    return consents.withdraw(actor=cast.carana, rows=[cast.need("shared")])


def _declined(cast: Cast) -> Consent:
    visit = cast.section(cast.visit()).visit
    consents.ask(actor=cast.cted, visit=visit.pk)
    consents.decline(actor=cast.carana, visit=visit.pk, reason="Not yet.")
    return Consent.objects.get(visit=visit)


# ── Release plans ──
def _plan(cast: Cast) -> ReleasePlan:
    return plans.plan(actor=cast.carana, rows=[cast.section(cast.visit())], audience=["iom"])


def _proposed(cast: Cast) -> ReleasePlan:
    _switched_on(cast, is_on=True)
    row = plans.submit(actor=cast.carana, rows=[cast.section(cast.visit())])
    _switched_on(cast)
    assert isinstance(row, ReleasePlan)
    return row


def _published(cast: Cast) -> ReleasePlan:
    return plans.publish(actor=cast.carana, release_plan=_plan(cast).pk)


def _given_up(cast: Cast) -> ReleasePlan:
    return plans.give_up(actor=cast.carana, release_plan=_plan(cast).pk)


# ── The two-person rule ──
def _switched_on(cast: Cast, *, is_on: bool = False) -> TwoPersonRule:
    """Return the rule, switched on by the State; unless `is_on`, off again, so that one person makes the other rows."""
    if not TwoPersonRule.objects.filter(is_on=True).exists():
        two_person.switch_on(actor=cast.carana, state=cast.org("carana"))
    TwoPersonRule.objects.update(is_on=is_on)
    return TwoPersonRule.objects.get(state__slug="carana")


# ── Rows with tokens ──
def _consent_leaks(world: World) -> None:
    """Add the consents by which two sections are released, one to the Compact and one to a partner."""
    cast, section = world.cast, world.row("section", 1)
    note = samples.note(name=f"{world.token(OWNERS)}.pdf", text=world.token(OWNERS))
    reason = world.token(OWNERS)
    given = consents.release(actor=cast.carana, rows=[section], note_verbale=note, reason=reason)
    world.keep("consent", given, OWNERS)
    outside = OWNERS | {"partner"}
    third = world.keep("section", cast.section(section.visit, 3), outside)
    world.in_all_languages(third, outside, "title", "text")
    consents.release(actor=cast.carana, rows=[third], audience=["searcct"])


def _plan_leaks(world: World) -> None:
    """Add a plan, and a proposal that awaits a second person."""
    actor, first, second = world.cast.carana, world.row("section", 0), world.row("section", 1)
    plan = plans.plan(actor=actor, rows=[second], audience=["iom"])
    plans.plan(actor=actor, release_plan=plan.pk, rows=[first])
    world.keep("release_plan", plan, STATE)
    _switched_on(world.cast, is_on=True)
    note = samples.note(name=f"{world.token(STATE)}.pdf", text=world.token(STATE))
    wider = {"rows": [second], "audience": ["compact", "sumora"], "reason": world.token(STATE)}
    world.keep("release_plan", plans.submit(actor=actor, note_verbale=note, **wider), STATE)
    _switched_on(world.cast)


# ── Rows nobody else may notice ──
def _withdrawn_again(world: World) -> Iterator[Made]:
    cast, visit = world.cast, world.row("visit", 0)
    need = cast.need("agreed", title="Hidden canary, withdrawn")
    section = cast.section(visit, 70 + visit.sections.count(), title="Hidden canary section")
    yield "need", need
    yield "section", section
    yield "consent", consents.release(actor=cast.carana, rows=[section], audience=["unoct"])
    yield "consent", consents.withdraw(actor=cast.carana, rows=[section], reason="Hidden canary reason")


def _planned(world: World) -> Iterator[Made]:
    cast = world.cast
    yield "release_plan", plans.plan(actor=cast.carana, rows=[cast.need("agreed")], audience=["states"])


# ── Bodies for the API ──
def _body(cast: Cast) -> dict[str, Any]:
    return {"needs": [str(cast.need("shared").pk)], "audience": "compact"}


REFUSED: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"audience": ["compact", "nowhere"]}, {"audience"}),
    ({"audience": []}, {"audience"}),
    ({"until": "2001-01-01"}, {"until"}),
    ({"needs": []}, {""}),
)


CASES = (
    Cases(
        model=Consent,
        rows=(
            Row("granted", OWNERS, _granted),
            Row("withdrawn", OWNERS, _withdrawn),
            Row("declined", OWNERS, _declined),
        ),
        recorders=("carana", "sumora"),
        leaks=_consent_leaks,
        hidden=(Addition(OWNERS | {"unoct"}, _withdrawn_again),),
        statements=16,  # six kinds of rows it is about; the words and the names of audiences, three each
        body=_body,
        refused=(*REFUSED, ({"note_verbale": "a text"}, {"note_verbale"})),
        related={"needs": {""}},
    ),
    Cases(
        model=ReleasePlan,
        rows=(
            Row("plan", STATE, _plan),
            Row("proposed to a colleague", STATE, _proposed),
            Row("published", STATE, _published),
            Row("given up", STATE, _given_up),
        ),
        recorders=("carana", "sumora"),
        leaks=_plan_leaks,
        hidden=(Addition(OWNERS, _planned),),  # CTED does not see the plan, but the need in it
        statements=9,  # lines and consents, and the words of audiences
        runs={
            "publish": ("carana", "plan"),
            "confirm": ("carana", "plan"),
            "send-back": ("carana", "proposed to a colleague"),
            "give-up": ("carana", "plan"),
        },
        proved=("publish", "confirm"),
        body=_body,
        refused=REFUSED,
        related={"needs": {""}},
    ),
    Cases(
        model=TwoPersonRule,
        rows=(Row("switched on or off", STATE, _switched_on),),
        hidden=(),  # portal/tests/hidden_rows.py switches it on when all else is made
    ),
)

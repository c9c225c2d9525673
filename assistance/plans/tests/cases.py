"""The cases of plans and of their steps."""

from collections.abc import Iterator
from datetime import timedelta

import time_machine
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.consultations.tests import rounds
from assistance.plans import transitions
from assistance.plans.forms import StepForm
from assistance.plans.models import ActionPlan, PlanStep
from assistance.plans.tests import made
from assistance.tests.cases import Addition, Cases, Made, Row
from assistance.tests.cast import COMPACT, Cast
from assistance.tests.world import World

TEAM = frozenset({"carana", "observer", "cted", "unoct", "unodc"})  # unodc is a partner of the programme
NATIONAL = TEAM - {"unodc"}
OF_STATE = frozenset({"carana", "observer"})


def _ended(cast: Cast) -> ActionPlan:
    with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
        row = made.agreed(cast)
        until = timezone.now().date() + timedelta(days=2)
        consents.release(actor=cast.carana, rows=[row], audience="compact", until=until)
    row.refresh_from_db()
    return row


def _withdrawn(cast: Cast) -> ActionPlan:
    row = made.released(cast)
    consents.withdraw(actor=cast.carana, rows=[row])
    row.refresh_from_db()
    return row


# ── Rows with tokens ──
def _leaks(world: World) -> None:
    """Add a roadmap for its parties and a released one, and a national plan with a step that an entity supports."""
    cast = world.cast
    for audience, readers in ((None, TEAM), (["iom"], TEAM | {"iom"})):
        named = {**world.texts(TEAM, "title"), "provision": made.free_provision()}
        consulted = world.keep("consultation", rounds.consultation(cast, **named), TEAM)
        rounds.closed(cast, rounds.opened(cast, consulted))
        plan = made.roadmap(cast, consulted, title=world.token(readers))
        world.keep("action_plan", plan, readers)
        world.in_all_languages(plan, readers, "title")
        _add_step(world, plan, readers)
        made.put(cast, plan)
        transitions.comment_on_step(actor=cast.carana, plan_step=plan.steps.get().pk, text=world.token(TEAM))
        transitions.agree(actor=cast.carana, action_plan=plan.pk)
        _report(world, plan.steps.get(), readers)
        if audience:
            consents.release(actor=cast.carana, rows=[plan], audience=audience)
    plan = world.keep("action_plan", made.national(cast, title=world.token(NATIONAL)), NATIONAL)
    step = _add_step(world, plan, NATIONAL | {"iom"}, supporters=[cast.org("iom")])
    made.agreed(cast, plan)
    _report(world, step, NATIONAL | {"iom"})
    draft = world.keep("action_plan", made.national(cast, title=world.token(NATIONAL)), NATIONAL)
    _add_step(world, draft, NATIONAL, supporters=[cast.org("iom")])


def _add_step(world: World, plan: ActionPlan, readers: frozenset[str], **changes: object) -> PlanStep:
    names = ("title", "recommendation", "responsible_body", "help_area", "indicator", "means", "baseline", "target")
    texts = world.texts(readers, *names)
    cost = {"what": world.token(readers), "amount": made.AMOUNT, "currency": "EUR"}
    duty = {"instrument": rounds.instrument(), "provision": world.token(readers)}
    step = made.step(
        world.cast,
        plan,
        **texts,
        provision=world.token(readers),
        unit="text",
        costs=[cost],
        obligations=[duty],
        **changes,
    )
    world.in_all_languages(step, readers, "title", "recommendation")
    return world.keep("plan_step", step, readers)


def _report(world: World, step: PlanStep, readers: frozenset[str]) -> None:
    transitions.report(actor=world.cast.carana, plan_step=step.pk, said="ongoing", text=world.token(readers))
    world.attach("carana", step, readers)


# ── Rows nobody else may notice ──
def _plan_beside(world: World) -> Iterator[Made]:
    row = made.national(world.cast, state=world.cast.org("sumora"), title="Hidden canary plan")
    yield "action_plan", row


def _step_beside(world: World) -> Iterator[Made]:
    """A step of a national plan that those who support another step of it do not see."""
    plan = made.national(world.cast, title="Hidden canary plan of steps")
    yield "action_plan", plan
    yield "plan_step", made.step(world.cast, plan, title="Hidden canary step", supporters=[world.cast.org("iom")])


CASES = (
    Cases(
        model=ActionPlan,
        rows=(
            Row("draft", TEAM, made.roadmap),
            Row("national", NATIONAL, made.national),
            Row("with a step", TEAM, lambda cast: made.step(cast).plan),
            Row("with the State", TEAM, made.put),
            Row("agreed", TEAM, made.agreed),
            Row("released to the Compact", TEAM | COMPACT, made.released),
            Row("released to one partner", TEAM | {"partner"}, lambda cast: made.released(cast, ["searcct"])),
            Row("release ended", TEAM, _ended),
            Row("withdrawn", TEAM, _withdrawn),
        ),
        recorders=("cted", "unoct"),
        editors=("cted",),
        statements=5,  # the consents by which it is decided whether a plan can be revised
        leaks=_leaks,
        hidden=(Addition((NATIONAL - OF_STATE) | {"sumora"}, _plan_beside),),
        runs={
            "put-to-state": ("cted", "with a step"),
            "agree": ("carana", "with the State"),
            "comment": ("carana", "with the State"),
            "revise": ("cted", "agreed"),
            "share": ("carana", "agreed"),
            "withdraw": ("carana", "released to the Compact"),
        },
        proved=("share", "withdraw"),
        bodies={"comment": {"text": "Name the unit."}, "revise": {"reason": "The second round has ended."}},
        body=made.body,
        form=made.form,
        refused=(
            ({"kind": "novel"}, {"kind"}),
            ({"consultation": None}, {"consultation"}),
            ({"starts_on": "2028-03-02", "ends_on": "2028-03-01"}, {"ends_on"}),
            ({"title": ""}, {"title"}),
        ),
        related={"starts_on": {"ends_on"}, "ends_on": {"starts_on"}, "kind": {"consultation", "state"}},
    ),
    Cases(
        model=PlanStep,
        beside=frozenset({"obligations", "costs", "parameter"}),
        by_the_page=frozenset({"plan"}),
        rows=(
            Row("in a draft", TEAM, made.in_draft),
            Row("of a plan with the State", TEAM, made.with_state),
            Row("agreed", TEAM, made.going_on),
            Row("of a national plan, supported", NATIONAL | {"iom"}, made.of_national_plan),
            Row("released to the Compact", TEAM | COMPACT, lambda cast: made.released(cast).steps.get()),
            Row("supported by a partner", TEAM | {"partner"}, lambda cast: made.going_on(cast, "searcct")),
            Row("finished", TEAM, made.finished),
            Row("verified", TEAM, made.verified),
            Row("no longer planned", TEAM, made.dropped),
            Row("to be removed", TEAM, made.leaving),
        ),
        recorders=("cted", "unoct"),
        editors=("cted",),
        attachers=("carana",),
        statements=5,  # the entities that support the steps
        leaks=lambda world: None,  # with the plans
        hidden=(Addition(NATIONAL, _step_beside),),
        runs={
            "report": ("carana", "agreed"),
            "finish": ("carana", "agreed"),
            "verify": ("cted", "finished"),
            "send-back": ("cted", "finished"),
            "comment": ("carana", "of a plan with the State"),
            "drop": ("cted", "in a draft"),
            "keep": ("cted", "to be removed"),
        },
        bodies={
            "report": {"said": "ongoing"},
            "finish": {"evidence": "The airport sends data."},
            "send-back": {"reason": "The records end in April."},
            "comment": {"text": "Name the unit."},
            "drop": {"reason": "Done otherwise."},
        },
        body=made.step_body,
        form=made.step_form,
        form_fields=lambda: {name: field for name, field in StepForm.base_fields.items() if name != "parameter"},
        form_path=made.step_path,
        refused=(
            ({"plan": "00000000-0000-4000-8000-000000000000"}, {"plan"}),
            ({"number": "1..2"}, {"number"}),
            ({"theme": "nothing"}, {"theme"}),
            ({"unit": "number", "target": "N/A"}, {"target"}),
            ({"supporters": ["carana"]}, {"supporters"}),
            ({"starts_on": "2028-03-02", "due": "2028-03-01"}, {"due"}),
            ({"costs": [{"what": "x", "amount": "1.00", "currency": "XXX"}]}, {"costs.0.currency"}),
        ),
        related={
            "": {"number"},
            "starts_on": {"due"},
            "due": {"starts_on"},
            "baseline": {"unit"},
            "target": {"unit"},
        },
    ),
)

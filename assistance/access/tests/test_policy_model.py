"""Policy compared with the reference rules: after any sequence of actions both give the same answers."""

from collections import Counter

import pytest
import time_machine
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from assistance.access.tests.model_steps import STEPS
from assistance.access.tests.state_machine import START, PolicyMachine, World
from portal.tests.figures import Figures


def drive(figures: Figures, number: int, runs: int, steps: int) -> type[PolicyMachine]:
    """Run the state machine from a fixed seed, the same each time; report and return what was done."""
    with time_machine.travel(START, tick=False):
        world = World()
    counts = {"totals": Counter(), "taken": Counter(), "refused": Counter()}
    machine = seed(number)(type("Machine", (PolicyMachine,), {"world": world, **counts}))
    chosen = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None, print_blob=True,
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=chosen)
    done = {**machine.totals, "taken": machine.taken.total(), "refused": machine.refused.total()}
    for name, count in done.items():
        figures.count(f"policy against its model: {name}", count)
    return machine


@pytest.mark.turns(days=2)
@pytest.mark.slow
@pytest.mark.django_db
def test_the_portal_shows_what_the_rules_say(figures: Figures) -> None:
    machine = drive(figures, 1, runs=5, steps=25)
    assert machine.totals["runs"] >= 5 and machine.totals["steps"] >= 80
    assert machine.taken.total() > 25 and machine.refused.total() > 15


SEEDS = range(2, 12)


@pytest.fixture(scope="module")
def attempts() -> dict[int, tuple[Counter[str], Counter[str]]]:
    """Return the numbers of successful and refused attempts of each long run, by function."""
    return {}


@pytest.mark.prove
@pytest.mark.django_db
@pytest.mark.parametrize("number", SEEDS)
def test_the_portal_shows_what_the_rules_say_in_five_hundred_long_runs(
    figures: Figures, attempts: dict[int, tuple[Counter[str], Counter[str]]], number: int
) -> None:
    machine = drive(figures, number, runs=50, steps=50)
    attempts[number] = machine.taken, machine.refused
    assert machine.totals["runs"] >= 50 and machine.totals["steps"] >= 50 * 40
    assert len(machine.taken) >= 15 and machine.taken.total() > 500


@pytest.mark.prove
def test_every_verb_was_taken_and_refused(attempts: dict[int, tuple[Counter[str], Counter[str]]]) -> None:
    if set(attempts) != set(SEEDS):
        pytest.skip("told only of all long runs together")
    taken, refused = (sum(each, Counter()) for each in zip(*attempts.values(), strict=True))
    verbs = {step.verb.__name__ for steps in STEPS.values() for step in steps}
    assert verbs <= set(taken) and set(refused) <= set(taken), "a verb that never succeeds is called the wrong way"
    assert verbs <= set(refused)

"""The API against its own schema, by schemathesis: no internal error, nothing undocumented, nothing misread."""

import logging
from collections.abc import Iterator

import pytest

from accounts.models import User
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast
from assistance.tests.world import World
from entities.models import WorkingGroup
from portal.tests.api import token_of
from portal.tests.contract import attack, description, served
from portal.tests.figures import Figures
from portal.tests.leak_world import build

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    WorkingGroup.objects.establish(slug="wg", name_en="Working group")
    logging.disable(logging.WARNING)
    found = build(Cast())
    User.objects.exclude(phone="").update(phone="+41 22 555 0100")  # a canary is no number, as the contract says of it
    yield found
    logging.disable(logging.NOTSET)


def hold(world: World, figures: Figures, name: str, *, examples: int, phase: str, only: str | None = None) -> int:
    """Send the cases as one user of the cast; return how many there were. Fails for any violation of the contract."""
    secret = token_of(world.cast.users[name])
    with served() as address:
        found = attack(description(world), address, secret, examples=examples, phase=phase, only=only)
    faults = sum(count for status, count in found.statuses.items() if status >= 500)
    figures.count("schemathesis cases", found.cases)
    figures.count("schemathesis cases answered by a server error", faults)
    figures.count("schemathesis breaks of the contract", len(found.failures))
    told = "\n\n".join(f"{what}\n{how}" for what, how in found.failures.items())
    assert not found.failures, f"{name}, {found.cases} cases, {found.statuses}:\n{told[:8000]}"
    return found.cases


@pytest.mark.turns(days=3)
@pytest.mark.slow
def test_a_few_cases_of_the_work_keep_the_contract(world: World, figures: Figures) -> None:
    assert hold(world, figures, "cted", examples=2, phase="fuzzing", only="^/api/v1/(needs|me|notifications)/") > 30


EVERYBODY, AT_BOUNDS = (*MEMBERS, *OUTSIDERS), ("cted", "carana", "unodc", "unoct", "sumora")
BY_CHANCE, OF_BOUNDS = 400, 4000  # cases of each at least
assert len(EVERYBODY) * BY_CHANCE + len(AT_BOUNDS) * OF_BOUNDS >= 20_000, "promised of all together"


@pytest.mark.prove
@pytest.mark.parametrize("name", EVERYBODY)
def test_schemathesis_finds_nothing_as(world: World, figures: Figures, name: str) -> None:
    assert hold(world, figures, name, examples=10, phase="fuzzing") >= BY_CHANCE


@pytest.mark.prove
@pytest.mark.parametrize("name", AT_BOUNDS)
def test_schemathesis_finds_nothing_at_the_bounds_of_fields_as(world: World, figures: Figures, name: str) -> None:
    assert hold(world, figures, name, examples=1, phase="coverage") >= OF_BOUNDS

"""People who link steps of one plan at the same time."""

from functools import partial

import pytest

from assistance.plans.models import PlanStep
from assistance.plans.tests import made
from assistance.tests.at_once import at_once
from assistance.tests.cast import Cast
from assistance.workflow import editing


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_close_a_ring_at_once(cast: Cast) -> None:
    plan = made.national(cast)
    for place in range(1, 6):
        first, second = (made.step(cast, plan, number=number) for number in (f"{place}.1", f"{place}.2"))
        link = partial(editing.edit, actor=cast.unoct, model=PlanStep)
        acts = [
            partial(link, pk=one.pk, values={"depends_on": [other]})
            for one, other in ((first, second), (second, first))
        ]
        assert sorted(at_once(*acts)) in (["", "Conflict"], ["", "Invalid"])
        assert sum(one.depends_on.count() for one in (first, second)) == 1

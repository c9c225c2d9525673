"""People who act on one request at once: exactly one wins, nothing is half done, and nobody waits for ever."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Delivery
from assistance.needs import match_transitions as matches
from assistance.needs.models import Match
from assistance.requests import briefing, choosing, transitions
from assistance.requests.models import AssistanceRequest
from assistance.requests.tests.requests import again, colleague_of, make, offered
from assistance.tests.at_once import at_once
from assistance.tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_choices_one_wins(cast: Cast) -> None:
    row = make(cast, "circulated")
    first, second = offered(cast, row, "unodc", 60), offered(cast, row, "iom", 60)
    choose = partial(choosing.choose, actor=cast.carana, assistance_request=row.pk)
    found = at_once(partial(choose, matches=[first]), partial(choose, matches=[second]))
    assert sorted(found) == ["", "Conflict"]
    assert sorted(again(one).status for one in (first, second)) == ["accepted", "proposed"]
    assert again(row).status == "provider_chosen"


def rush(cast: Cast) -> None:
    """Let twelve people choose, accept, withdraw offers and the request at once, and check what is left."""
    row = make(cast, "circulated")
    first, second = offered(cast, row, "unodc", 50), offered(cast, row, "iom", 50)
    state: Any = {"actor": cast.carana, "assistance_request": row.pk}
    acts: list[Callable[[], object]] = [
        *(partial(choosing.choose, **state, matches=[first, second]) for _each in range(3)),
        *(partial(choosing.choose, **state, matches=[second]) for _each in range(2)),
        partial(matches.accept, actor=cast.carana, match=first.pk),
        partial(matches.accept, actor=cast.carana, match=second.pk),
        partial(matches.retract, actor=cast.unodc, match=first.pk, reason="No staff."),
        partial(matches.retract, actor=cast.iom, match=second.pk, reason="No staff."),
        partial(matches.decline, actor=cast.carana, match=first.pk, reason="Too late."),
        *(partial(transitions.withdraw, **state, reason="Solved.") for _each in range(2)),
    ]
    found = at_once(*acts)
    assert found[-2:].count("") <= 1, "the request is withdrawn once"
    stored: AssistanceRequest = again(row)
    statuses = list(Match.objects.filter(need__assistance_requests=row).values_list("status", flat=True))
    if stored.outcome == "withdrawn":
        assert "proposed" not in statuses
        return
    assert stored.status == (
        "provider_chosen" if "accepted" in statuses else "offers_in" if "proposed" in statuses else "circulated"
    )


@pytest.mark.turns(days=2)
def test_twelve_people_at_once_leave_nothing_half_done(cast: Cast) -> None:
    for _round in range(3):
        rush(cast)


@pytest.mark.prove
def test_twelve_people_at_once_two_hundred_times(cast: Cast) -> None:
    for _round in range(200):
        rush(cast)


def test_a_request_sent_twice_is_submitted_once(cast: Cast) -> None:
    row = make(cast)
    submit = partial(transitions.submit, actor=cast.carana, assistance_request=row.pk)
    assert sorted(at_once(submit, submit, submit)) == ["", "Conflict", "Conflict"] and again(row).version == 2


def test_of_two_coordinators_who_authenticate_one_wins(cast: Cast) -> None:
    row = make(cast, "submitted")
    acts = [
        partial(transitions.authenticate, actor=actor, assistance_request=row.pk, how=how)
        for actor, how in ((cast.unoct, "By telephone."), (colleague_of(cast, "unoct"), "By letter."))
    ]
    found = at_once(*acts)
    assert sorted(found) == ["", "Conflict"]
    assert again(row).authenticated_how == ("By telephone." if found[0] == "" else "By letter.")


def test_schedulers_tell_of_the_briefing_list_once(cast: Cast) -> None:
    make(cast, "circulated")
    later = timezone.now() + timedelta(days=70)
    assert at_once(*[partial(briefing.run, later)] * 4) == [""] * 4
    told = Delivery.objects.filter(message="request_briefing_due")
    assert told.count() == 2 and told.values("event").distinct().count() == 1  # in the portal, and by mail
    assert told.values("recipient").distinct().count() == 1

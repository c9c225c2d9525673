"""Who is asked, and who is told, of each event of a request."""

import pytest

from accounts.models import Delivery
from assistance.delivery import transitions as delivery
from assistance.needs.models import Match
from assistance.requests.messages import MESSAGES
from assistance.requests.models import AssistanceRequest
from assistance.requests.tests.requests import again, make, met
from assistance.tests.cast import Cast
from assistance.workflow.notifications import recipients_of

pytestmark = pytest.mark.django_db

EVERYBODY = "carana cted iom unoct unodc"
# Event → who is asked to act, who else is told, of those who see a circulated request.
TABLE = {
    "request_proposed": ("carana", ""),
    "request_taken_back": ("", "carana"),
    "request_submitted": ("unoct", "carana cted"),
    "request_authenticated": ("", "carana cted"),
    "request_refusal_proposed": ("unoct", ""),
    "request_refused": ("", "carana unoct"),
    "request_refusal_dropped": ("", "unoct"),
    "request_acknowledged": ("carana", "cted"),
    "request_cleared": ("unoct", ""),
    "request_objected": ("", "cted unoct"),
    "request_returned": ("carana", "cted"),
    "request_circulated": ("", EVERYBODY),
    "request_question_asked": ("carana", ""),
    "request_question_answered": ("", EVERYBODY),
    "request_questions_answered": ("", EVERYBODY),
    "request_choice_overdue": ("unoct", "carana"),
    "request_choice_proposed": ("carana", ""),
    "request_choice_dropped": ("", "carana"),
    "request_referred": ("", EVERYBODY),
    "request_withdrawn": ("", "carana cted unoct"),
    "request_closed": ("", "carana cted unoct"),
    "request_lapsed": ("", "carana cted unoct"),
    "request_year_answered": ("", "cted unoct"),
}


def test_who_is_asked_and_told_of_each_event(cast: Cast) -> None:
    assert set(TABLE) == set(MESSAGES)
    row = make(cast, "circulated")
    for event, (asked, told) in TABLE.items():
        found = {one.user.name: one.needs_action for one in recipients_of(MESSAGES[event], row, None)}
        assert {name for name, acts in found.items() if acts} == set(asked.split()), event
        assert {name for name, acts in found.items() if not acts} == set(told.split()), event


def open_asks(row: AssistanceRequest) -> set[tuple[str, str]]:
    """Return what is asked about a request: message and person."""
    found = Delivery.objects.filter(subject=f"assistance_request:{row.pk}", needs_action=True, done_at=None)
    return set(found.values_list("message", "recipient__name"))


def test_the_state_is_asked_for_feedback_until_it_has_given_it(cast: Cast) -> None:
    row = met(cast)
    assert open_asks(row) == {("request_closed", "carana")}
    match = Match.objects.get(need__assistance_requests=row)
    delivery.feedback(actor=cast.carana, match=match.pk, useful=4, on_time=True, would_ask_again=True)
    assert open_asks(row) == set() and again(row).status == "closed"

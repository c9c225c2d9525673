"""What is owed about a request: each clock starts, is answered and ends by the events of the request."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery
from assistance.needs import match_transitions as matches
from assistance.requests import choosing, questions, transitions
from assistance.requests.models import AssistanceRequest
from assistance.requests.tests.requests import again, asked, chosen, make, met, offered, withdrawn
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in
from assistance.workflow import deadlines
from assistance.workflow.models import Due, Event
from entities import working_days

pytestmark = pytest.mark.django_db


def running(row: AssistanceRequest) -> set[str]:
    return set(Due.objects.filter(assistance_request=row, done_at=None).values_list("kind", flat=True))


@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("make_row", "kinds"),
    [
        (make, set()),
        (lambda cast: make(cast, "submitted"), {"request_authenticate", "request_year"}),
        (lambda cast: make(cast, "authenticated"), {"request_acknowledge", "request_year"}),
        (lambda cast: make(cast, "acknowledged"), {"request_objection", "request_year"}),
        (lambda cast: make(cast, "cleared"), {"request_year"}),
        (lambda cast: make(cast, "circulated"), {"request_year"}),
        (asked, {"request_question", "request_year"}),
        (chosen, {"request_year"}),
        (met, {"request_year"}),
        (withdrawn, set()),
    ],
)
def test_what_is_owed_in_each_status(
    cast: Cast, make_row: Callable[[Cast], AssistanceRequest], kinds: set[str]
) -> None:
    assert running(make_row(cast)) == kinds


def test_service_times_are_in_working_days(cast: Cast) -> None:
    row = make(cast, "submitted")
    due = Due.objects.get(assistance_request=row, kind="request_authenticate")
    assert (due.owed_by.slug, due.owed_to.slug) == ("unoct", "carana")
    assert due.due_on == working_days.after(row.submitted_at.date(), 5)
    transitions.authenticate(actor=cast.unoct, assistance_request=row.pk, how="By telephone.")
    row = again(row)
    due = Due.objects.get(assistance_request=row, kind="request_acknowledge")
    assert due.due_on == working_days.after(row.authenticated_at.date(), 2)


def test_the_state_sees_what_unoct_owes(cast: Cast, client: Client) -> None:
    make(cast, "submitted")
    sign_in(client, cast, "carana")
    body = client.get(reverse("dues"), {"whose": "others"}).content.decode()
    assert "Authentication of a request" in body and "Passenger data at four airports" in body


def test_silence_clears_the_request_once(cast: Cast) -> None:
    row = make(cast, "acknowledged")
    with time_machine.travel(timezone.now() + timedelta(days=12)):
        deadlines.run()
        deadlines.run()
        assert again(row).cleared_at is not None
    assert Event.objects.filter(assistance_request=row, name="request_cleared").count() == 1


def test_a_note_that_does_not_follow_returns_the_request(cast: Cast) -> None:
    row = make(cast, "submitted", note_number="", note_to_follow=True)
    assert "request_note" in running(row)
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        deadlines.run()
    row = again(row)
    assert (row.status, row.returned_parts) == ("returned", ["note_verbale"])
    assert running(row) == set()


def test_a_question_is_owed_until_the_last_is_answered(cast: Cast) -> None:
    row = asked(cast)
    questions.ask(actor=cast.unodc, assistance_request=row.pk, text="And the language?")
    first, second = row.questions.all()
    questions.answer(actor=cast.carana, assistance_request=row.pk, question=first.pk, answer="One.")
    assert "request_question" in running(row)
    questions.answer(actor=cast.carana, assistance_request=row.pk, question=second.pk, answer="Arabic.")
    assert "request_question" not in running(row)


def test_the_choice_is_owed_from_the_first_offer_on(cast: Cast) -> None:
    row = make(cast, "circulated")
    match = offered(cast, row)
    due = Due.objects.get(assistance_request=row, kind="request_choice")
    assert due.due_on == again(row).closes_for_offers + timedelta(days=45)
    matches.retract(actor=cast.unodc, match=match.pk, reason="No staff.")
    assert "request_choice" not in running(row)
    offered(cast, row, "iom")
    assert "request_choice" in running(row)


def test_the_year_question_is_owed_a_year_after_the_submission(cast: Cast) -> None:
    row = make(cast, "circulated")
    due = Due.objects.get(assistance_request=row, kind="request_year")
    assert due.due_on is not None and due.due_on.replace(year=due.due_on.year - 1) == row.submitted_at.date()


def events(row: AssistanceRequest) -> list[str]:
    """Return what moved the status of a request, in order."""
    moves = ("request_offers_received", "request_offers_gone", "request_provider_confirmed", "request_provider_chosen")
    found = Event.objects.filter(assistance_request=row, name__in=moves).order_by("at", "pk")
    return list(found.values_list("name", flat=True))


def test_an_offer_accepted_on_its_page_answers_the_choice(cast: Cast) -> None:
    row, now = make(cast, "circulated"), timezone.now()
    with time_machine.travel(now + timedelta(days=90)):
        match = offered(cast, row)
    with time_machine.travel(now + timedelta(days=107)):
        deadlines.run()
        overdue = Delivery.objects.filter(message="request_choice_overdue", needs_action=True, done_at=None)
        assert overdue.exists()
        matches.accept(actor=cast.carana, match=match.pk)
        assert again(row).status == "provider_chosen" and "request_choice" not in running(row)
        assert not overdue.exists()
    assert events(row) == ["request_offers_received", "request_provider_confirmed"]


def test_a_choice_on_the_page_of_the_request_is_one_event(cast: Cast) -> None:
    assert events(chosen(cast)) == ["request_offers_received", "request_provider_chosen"]


@pytest.mark.parametrize("starts", [False, True])
def test_the_choice_is_owed_again_when_the_chosen_provider_withdraws(cast: Cast, starts: bool) -> None:
    row = make(cast, "circulated")
    first, _second = offered(cast, row, "unodc", 60), offered(cast, row, "iom", 40)
    choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[first])
    assert "request_choice" not in running(row)
    if starts:
        matches.start(actor=cast.unodc, match=first.pk)
    matches.retract(actor=cast.unodc, match=first.pk, reason="No staff.")
    assert again(row).status == "offers_in" and "request_choice" in running(row)
    assert events(row) == ["request_offers_received", "request_provider_chosen", "request_offers_received"]


def reminders(row: AssistanceRequest, kind: str) -> int:
    """Return how many reminders of what is owed about a request were sent to somebody."""
    sent = Event.objects.filter(name="due_reminder", due__assistance_request=row, due__kind=kind)
    told = Delivery.objects.filter(event__in=sent.values("pk"), recipient__email="carana@example.org")
    return told.values("event").distinct().count()


def test_the_state_is_reminded_of_a_question_after_9_and_21_days(cast: Cast) -> None:
    row, now = asked(cast), timezone.now()
    for days, number in ((8, 0), (10, 1), (20, 1), (22, 2), (40, 2)):
        with time_machine.travel(now + timedelta(days=days)):
            deadlines.run()
        assert reminders(row, "request_question") == number, days


def test_the_state_is_reminded_of_its_choice_7_and_21_days_after_the_last_day_and_unoct_after_45(cast: Cast) -> None:
    row, now = make(cast, "circulated"), timezone.now()
    with time_machine.travel(now + timedelta(days=62)):
        offered(cast, row)
    overdue = Delivery.objects.filter(message="request_choice_overdue", needs_action=True)
    for days, number in ((6, 0), (8, 1), (20, 1), (22, 2), (44, 2), (46, 2)):
        with time_machine.travel(now + timedelta(days=60 + days)):
            deadlines.run()
        assert reminders(row, "request_choice") == number, days
        asked_now = set(overdue.values_list("recipient__email", flat=True))
        assert asked_now == ({"unoct@example.org"} if days > 45 else set()), days

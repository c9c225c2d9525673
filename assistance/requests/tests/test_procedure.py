"""The procedure of a request, from the draft to the result, by the functions that pages and API call."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from assistance.consents import transitions as consents
from assistance.consents import two_person
from assistance.consents.models import Consent
from assistance.delivery import transitions as delivery
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.requests import choosing, circulation, questions, transitions
from assistance.requests.models import AssistanceRequest
from assistance.requests.tests.requests import (
    a_year_old,
    again,
    asked,
    chosen,
    colleague_of,
    in_progress,
    make,
    met,
    need_of,
    offered,
    refusal,
    returned,
    sees,
    with_offer,
    withdrawn,
)
from assistance.tests.cast import Cast, appoint
from assistance.workflow import deadlines, editing
from assistance.workflow.history import events_of
from assistance.workflow.models import Event
from entities import working_days
from entities.actors import actor_of
from entities.models import Appointment, Role
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

pytestmark = pytest.mark.django_db


def test_a_request_goes_from_draft_to_met(cast: Cast) -> None:
    row = make(cast)
    assert row.status == "draft" and not sees(cast.unoct, row) and not sees(cast.cted, row)
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    assert (
        again(row).status == "submitted" and sees(cast.unoct, row) and sees(cast.cted, row) and not sees(cast.iom, row)
    )
    transitions.authenticate(actor=cast.unoct, assistance_request=row.pk, how="By telephone.")
    transitions.acknowledge(actor=cast.unoct, assistance_request=row.pk)
    row = again(row)
    assert row.objection_until == working_days.after(timezone.now().date(), 5)
    with pytest.raises(Conflict):
        circulation.circulate(actor=cast.unoct, assistance_request=row.pk)
    transitions.no_objection(actor=cast.carana, assistance_request=row.pk)
    circulation.circulate(actor=cast.unoct, assistance_request=row.pk)
    row = again(row)
    assert (
        row.status == "circulated"
        and sees(cast.iom, row)
        and not sees(cast.partner, row)
        and not sees(cast.sumora, row)
    )
    need = need_of(row)
    assert (need.source, need.status, need.title) == ("request", "shared", row.title)
    match = offered(cast, row)
    assert again(row).status == "offers_in"
    choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[match])
    assert again(row).status == "provider_chosen" and again(match).status == "accepted"
    matches.start(actor=cast.unodc, match=match.pk)
    assert again(row).status == "in_implementation"
    delivery.deliver(actor=cast.unodc, match=match.pk, note="Done.", documents="Attendance list.")
    needs.verify(actor=cast.cted, need=need.pk, outcome="met", note="Seen.")
    row = again(row)
    assert (row.status, row.outcome) == ("closed", "met") and row.closed_at is not None
    assert Event.objects.filter(assistance_request=row, name="request_closed").count() == 1


def test_the_consent_is_the_one_given_at_submission(cast: Cast) -> None:
    row = make(cast, "circulated", until=timezone.now().date() + timedelta(days=90))
    consent = Consent.objects.get(needs=need_of(row))
    assert consent.given_by == cast.users["carana"] and consent.given_at == row.submitted_at
    assert consent.until == row.until and row.released_until == row.until
    with time_machine.travel(timezone.now() + timedelta(days=95)):
        assert not sees(cast.iom, row) and sees(cast.carana, row) and sees(cast.unoct, row)


def test_withdrawing_the_release_of_the_need_hides_the_request(cast: Cast) -> None:
    row = make(cast, "circulated")
    consents.withdraw(actor=cast.carana, rows=[need_of(row)])
    assert not sees(cast.iom, row) and sees(cast.unoct, row)


def test_each_type_of_assistance_becomes_a_need(cast: Cast) -> None:
    row = make(cast, "circulated", assistance_types=["training", "equipment"], language="fr", title="Données passagers")
    made = {need.assistance_type: need for need in row.needs.all()}
    assert set(made) == {"training", "equipment"}
    assert made["equipment"].title_fr == "Données passagers (Matériel)"


@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("allowed", "asked_for", "is_taken"),
    [
        (["compact"], ["compact"], True),
        (["compact"], ["unodc"], True),
        (["compact"], ["sumora"], False),
        (["compact"], ["states"], False),
        (["unodc", "iom"], ["iom"], True),
        (["unodc"], ["compact"], False),
        (["states"], ["sumora"], True),
    ],
)
def test_circulation_is_never_wider_than_allowed(
    cast: Cast, allowed: list[str], asked_for: list[str], is_taken: bool
) -> None:
    row = make(cast, "cleared", audience_allowed=allowed)
    if is_taken:
        circulation.circulate(actor=cast.unoct, assistance_request=row.pk, audience=asked_for)
        return
    with pytest.raises(Invalid) as error:
        circulation.circulate(actor=cast.unoct, assistance_request=row.pk, audience=asked_for)
    assert "audience" in error.value.errors and again(row).status == "acknowledged" and not Need.objects.exists()


def test_silence_is_no_objection_after_five_working_days(cast: Cast) -> None:
    row = make(cast, "acknowledged")
    with time_machine.travel(timezone.now() + timedelta(days=12)):
        circulation.circulate(actor=cast.unoct, assistance_request=row.pk)
        with pytest.raises(Conflict):
            transitions.object_to(actor=cast.carana, assistance_request=row.pk, reason="Too late.")


def test_an_objection_returns_the_request(cast: Cast) -> None:
    row = make(cast, "acknowledged")
    transitions.object_to(actor=cast.carana, assistance_request=row.pk, reason="The title is too open.")
    row = again(row)
    assert row.status == "returned" and sees(cast.unoct, row)
    editing.edit(actor=cast.carana, model=AssistanceRequest, pk=row.pk, values={"title": "Another title"})
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    row = again(row)
    assert row.status == "submitted" and row.authenticated_at is None and row.objection_until is None


def test_a_returned_request_names_what_to_change(cast: Cast) -> None:
    row = returned(cast)
    assert (row.status, row.returned_parts, row.returned_reason) == ("returned", ["title"], "Which airports?")
    with pytest.raises(Invalid):
        transitions.send_back(actor=cast.unoct, assistance_request=make(cast, "submitted").pk, parts=["x"], reason="y")


def test_a_request_that_is_not_authenticated_is_not_circulated(cast: Cast, api_clients: ApiClients) -> None:
    row = make(cast, "submitted")
    assert api_clients.unoct.post(f"requests/{row.pk}/circulate/", {}).status_code == 409
    assert again(row).status == "submitted" and not Need.objects.exists()


def test_the_successor_of_the_only_focal_point_goes_on_with_the_drafts(cast: Cast) -> None:
    row, ended = make(cast), cast.users["carana"].appointments.get()
    Appointment.objects.filter(pk=ended.pk).update(until=timezone.now().date() - timedelta(days=1))
    assert not sees(cast.carana, row)
    user = User.objects.create(email="successor@example.org", name="successor")
    appoint(user, row.state, Role.FOCAL_POINT)
    successor = actor_of(user)
    assert sees(successor, row)
    editing.edit(actor=successor, model=AssistanceRequest, pk=row.pk, values={"title": "Another title"})
    transitions.submit(actor=successor, assistance_request=row.pk)
    assert again(row).status == "submitted"


def test_a_submitted_request_cannot_be_edited(cast: Cast) -> None:
    row = make(cast, "submitted")
    with pytest.raises(Conflict):
        editing.edit(actor=cast.carana, model=AssistanceRequest, pk=row.pk, values={"title": "Another title"})


@pytest.mark.parametrize(
    "left_out",
    [
        {"theme": None}, {"assistance_types": []}, {"beneficiary": ""}, {"deliverable": ""}, {"contact_phone": ""},
        {"note_number": ""}, {"audience_allowed": []},
    ],
)  # fmt: skip
def test_what_is_required_is_asked_for_before_submission(cast: Cast, left_out: dict[str, object]) -> None:
    row = make(cast, **left_out)
    with pytest.raises(Conflict):
        transitions.submit(actor=cast.carana, assistance_request=row.pk)
    assert again(row).status == "draft"


def test_a_note_verbale_can_follow(cast: Cast) -> None:
    row = make(cast, "submitted", note_number="", note_to_follow=True)
    with pytest.raises(Invalid):
        transitions.authenticate(actor=cast.unoct, assistance_request=row.pk)
    transitions.authenticate(
        actor=cast.unoct, assistance_request=row.pk, note_number="NV/1", note_dated=timezone.now().date()
    )
    assert again(row).note_number == "NV/1"


# ── Two persons ──
def test_two_persons_submit_where_the_state_requires_it(cast: Cast) -> None:
    two_person.switch_on(actor=cast.carana, state=cast.org("carana"))
    second, row = colleague_of(cast, "carana"), make(cast)
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    assert again(row).status == "proposed" and not sees(cast.unoct, row)
    with pytest.raises(Forbidden):
        transitions.confirm(actor=cast.carana, assistance_request=row.pk)
    transitions.confirm(actor=second, assistance_request=row.pk)
    assert again(row).status == "submitted" and again(row).submitted_by == second.user


def test_a_colleague_can_return_the_proposal(cast: Cast) -> None:
    two_person.switch_on(actor=cast.carana, state=cast.org("carana"))
    row = make(cast)
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    transitions.take_back(actor=cast.carana, assistance_request=row.pk, reason="The target is missing.")
    assert again(row).status == "draft" and again(row).proposed_by is None


def test_two_persons_choose_where_the_state_requires_it(cast: Cast) -> None:
    match = offered(cast)
    row = AssistanceRequest.objects.get()
    two_person.switch_on(actor=cast.carana, state=cast.org("carana"))
    second = colleague_of(cast, "carana")
    choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[match], decline_others=True)
    assert again(row).status == "offers_in" and again(match).status == "proposed"
    with pytest.raises(Forbidden):
        choosing.confirm_choice(actor=cast.carana, assistance_request=row.pk)
    choosing.confirm_choice(actor=second, assistance_request=row.pk)
    assert again(row).status == "provider_chosen" and again(match).status == "accepted"


def test_a_refusal_takes_two_coordinators(cast: Cast) -> None:
    row = refusal(cast)
    with pytest.raises(Conflict):
        transitions.authenticate(actor=cast.unoct, assistance_request=row.pk, how="By telephone.")
    with pytest.raises(Forbidden):
        transitions.confirm_refusal(actor=cast.unoct, assistance_request=row.pk)
    transitions.confirm_refusal(actor=colleague_of(cast, "unoct"), assistance_request=row.pk)
    assert (again(row).status, again(row).outcome) == ("closed", "not_authentic")


def test_only_a_coordinator_processes_requests(cast: Cast) -> None:
    user = User.objects.create(email="desk@example.org", name="desk")
    appoint(user, cast.org("unoct"), Role.FOCAL_POINT)
    row = make(cast, "submitted")
    for actor in (actor_of(user), cast.cted, cast.carana):
        with pytest.raises(Forbidden):
            transitions.authenticate(actor=actor, assistance_request=row.pk, how="By telephone.")


# ── Questions ──
def test_an_answer_reaches_everybody_who_was_asked(cast: Cast) -> None:
    row = asked(cast)
    question = row.questions.get()
    other = {one["asked_by"] for one in questions.thread(cast.unodc, row)}
    known = {one["asked_by"] for one in questions.thread(cast.carana, row)}
    assert other == {None} and known == {cast.org("iom")}
    questions.answer(actor=cast.carana, assistance_request=row.pk, question=question.pk, answer="One national system.")
    with pytest.raises(Conflict):
        questions.answer(actor=cast.carana, assistance_request=row.pk, question=question.pk, answer="Again.")
    assert questions.thread(cast.unodc, again(row))[0]["question"].answer == "One national system."


def test_the_history_does_not_tell_who_asked(cast: Cast) -> None:
    row = asked(cast)
    assert "request_question_asked" not in {event.name for event in events_of(cast.unodc, row)}
    assert "request_question_asked" in {event.name for event in events_of(cast.iom, row)}
    assert {event.name for event in events_of(cast.unodc, row)} == {"request_circulated"}


@pytest.mark.parametrize("who", ["carana", "observer", "cted"])
def test_only_providers_ask(cast: Cast, who: str) -> None:
    row = make(cast, "circulated")
    with pytest.raises(Forbidden):
        questions.ask(actor=getattr(cast, who), assistance_request=row.pk, text="?")


# ── The choice ──
def test_several_providers_are_chosen_at_once(cast: Cast) -> None:
    row = make(cast, "circulated")
    first, second, third = (
        offered(cast, row, who, share) for who, share in (("unodc", 60), ("iom", 40), ("unoct", 30))
    )
    with pytest.raises(Conflict):
        choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[first, second, third])
    assert {match.status for match in Match.objects.all()} == {"proposed"}
    choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[first, second], decline_others=True)
    assert [again(match).status for match in (first, second, third)] == ["accepted", "accepted", "declined"]
    assert again(third).answer_reason_code == "another_chosen"


def test_an_offer_withdrawn_before_the_choice_is_not_chosen(cast: Cast) -> None:
    row = make(cast, "circulated")
    first, second = offered(cast, row, "unodc", 50), offered(cast, row, "iom", 50)
    matches.retract(actor=cast.iom, match=second.pk, reason="No staff.")
    with pytest.raises(Conflict) as error:
        choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[first, second])
    assert second.reference in str(error.value) and first.reference not in str(error.value)
    assert again(first).status == "proposed"


def test_an_offer_for_another_need_is_not_chosen(cast: Cast) -> None:
    row, other = with_offer(cast), cast.match("proposed", who="iom")
    with pytest.raises(Invalid):
        choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[other])


def test_a_provider_does_not_choose(cast: Cast) -> None:
    row = with_offer(cast)
    with pytest.raises(Forbidden):
        choosing.choose(actor=cast.unodc, assistance_request=row.pk, matches=Match.objects.all())


# ── How it ends ──
def test_a_withdrawn_request_is_gone_for_providers(cast: Cast) -> None:
    match = offered(cast)
    row = AssistanceRequest.objects.get()
    transitions.withdraw(actor=cast.carana, assistance_request=row.pk, reason="Solved.")
    row = again(row)
    assert (row.status, row.outcome) == ("closed", "withdrawn")
    assert not sees(cast.unodc, row) and sees(cast.carana, row)
    assert again(match).status == "lapsed" and need_of(row).close_reason == "withdrawn_by_state"
    assert not Event.objects.filter(name="request_closed").exists()


def test_a_draft_can_be_withdrawn_unseen(cast: Cast) -> None:
    row = make(cast)
    transitions.withdraw(actor=cast.carana, assistance_request=row.pk, reason="Not needed.")
    assert again(row).status == "closed" and not sees(cast.unoct, row)


@pytest.mark.parametrize("stage", ["submitted", "authenticated", "returned", "circulated"])
def test_a_request_is_referred(cast: Cast, stage: str) -> None:
    row = returned(cast) if stage == "returned" else make(cast, stage, audience_allowed=["iom"])
    transitions.refer(
        actor=cast.unoct, assistance_request=row.pk, body="The 1540 Committee", agreed_how="By note verbale."
    )
    row = again(row)
    assert (row.status, row.outcome, row.referred_to) == ("closed", "referred", "The 1540 Committee")
    assert all(need.status == "closed" for need in row.needs.all())


def test_a_request_without_offers_lapses_once(cast: Cast) -> None:
    row = make(cast, "circulated")
    closes = row.closes_for_offers
    assert closes == timezone.now().date() + timedelta(days=60)
    with time_machine.travel(timezone.now() + timedelta(days=60 + 180)):
        assert deadlines.run() == 1  # UNOCT is told that the briefing list is due
        assert again(row).status == "circulated"
    with time_machine.travel(timezone.now() + timedelta(days=60 + 182)):
        assert deadlines.run() == 1
        assert deadlines.run() == 0
    assert (again(row).status, again(row).outcome) == ("closed", "lapsed")


def test_the_year_question_is_asked_once(cast: Cast) -> None:
    young, row = make(cast, "circulated"), a_year_old(cast)
    with pytest.raises(Conflict):
        transitions.report_after_year(actor=cast.carana, assistance_request=young.pk, answer="yes")
    transitions.report_after_year(actor=cast.carana, assistance_request=row.pk, answer="partly", note="Two airports.")
    with pytest.raises(Conflict):
        transitions.report_after_year(actor=cast.carana, assistance_request=row.pk, answer="no")
    assert again(row).year_answer == "partly"


def test_hidden_requests_answer_as_absent(cast: Cast) -> None:
    row = make(cast)
    for function in (transitions.submit, transitions.withdraw, questions.ask):
        values = (
            {"reason": "x"} if function is transitions.withdraw else {"text": "x"} if function is questions.ask else {}
        )
        with pytest.raises(NotVisible):
            function(actor=cast.sumora, assistance_request=row.pk, **values)  # type: ignore[operator]


@pytest.mark.parametrize("make_row", [met, withdrawn])
def test_nobody_asks_after_the_end(cast: Cast, make_row: Callable[[Cast], AssistanceRequest]) -> None:
    row = make_row(cast)
    with pytest.raises((Conflict, NotVisible)):
        questions.ask(actor=cast.iom, assistance_request=row.pk, text="Too late?")


@pytest.mark.parametrize("make_row", [chosen, in_progress])
def test_providers_ask_while_something_is_open(cast: Cast, make_row: Callable[[Cast], AssistanceRequest]) -> None:
    row = make_row(cast)
    questions.ask(actor=cast.iom, assistance_request=row.pk, text="Is training still needed?")
    assert again(row).questions.count() == 1

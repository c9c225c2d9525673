"""A match that ends without delivery: who ends it and why, the State's answer within 14 days, and the share meanwhile."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery, User
from assistance.consents import transitions as consents
from assistance.delivery import exchange, transitions
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.coverage import open_share
from assistance.needs.models import Match, Need
from assistance.tests.at_once import at_once
from assistance.tests.cast import Cast, appoint
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import deadlines
from assistance.workflow.engine import available_transitions
from assistance.workflow.models import Due, Event
from entities.actors import actor_of
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Forbidden, Invalid


def contact(cast: Cast, match: Match, days_ago: int, who: str = "iom") -> None:
    on = timezone.now().date() - timedelta(days=days_ago)
    exchange.log_contact(
        actor=getattr(cast, who), match=match.pk, on=on, how="call", purpose="Agree on dates", result="No answer."
    )


def ended(cast: Cast, stage: str = "accepted", share: int = 100) -> Match:
    match = cast.match(stage, share=share)
    return transitions.could_not_help(
        actor=cast.unodc, match=match.pk, reason="The trainers are elsewhere.", reason_code="no_capacity"
    )


def status_of(need: Need) -> str:
    return Need.objects.get(pk=need.pk).status


# ── Could not help ───────────────────────────────────────────────────────────
@pytest.mark.parametrize("stage", ["accepted", "in_delivery"])
def test_a_provider_that_cannot_help_says_why_and_the_share_opens(cast: Cast, stage: str) -> None:
    match = ended(cast, stage)
    assert (match.status, match.outcome, match.answer_reason_code) == ("ended", "could_not_help", "no_capacity")
    assert status_of(match.need) == "shared" and open_share(match.need) == 100
    sent = Delivery.objects.filter(message="match_ended", channel="portal")
    assert {(row.recipient.name, row.needs_action) for row in sent} == {("carana", True), ("cted", False)}
    due = Due.objects.get(match=match, kind="match_end", done_at=None)
    assert (due.owed_by.slug, due.owed_to.slug) == ("carana", "unodc")
    assert due.due_on == (timezone.now() + timedelta(days=14)).date()


def test_a_reason_of_providers_is_asked_for(cast: Cast, client: Client) -> None:
    match = cast.match("accepted")
    for values in ({"reason": " "}, {"reason": "No.", "reason_code": "another_chosen"}):
        with pytest.raises(Invalid):
            transitions.could_not_help(actor=cast.unodc, match=match.pk, **values)
    sign_in(client, cast, "unodc")
    url = reverse("match-transition", args=[match.pk, "could-not-help"])
    answer = client.post(url, {"reason": "No trainers."})
    assert answer.status_code == 422 and errors_at(answer, "reason_code")
    assert client.post(url, {"reason": "No trainers.", "reason_code": "no_capacity"}).status_code == 302
    sign_in(client, cast, "carana")
    text = words(client.get(reverse("match", args=[match.pk])))
    assert (
        "Could not help" in text and "No trainers." in text and "The State confirms the end or disputes it by" in text
    )


@pytest.mark.parametrize("name", ["carana", "cted", "unoct", "iom", "observer"])
def test_nobody_ends_a_match_for_its_provider(cast: Cast, name: str) -> None:
    match = cast.match("accepted")
    with pytest.raises(Forbidden):
        transitions.could_not_help(actor=getattr(cast, name), match=match.pk, reason="No.")


# ── Not reachable ────────────────────────────────────────────────────────────
def test_not_reachable_needs_two_contacts_nine_days_apart(cast: Cast) -> None:
    match = cast.match("accepted", who="iom")
    end = partial(transitions.not_reachable, actor=cast.iom, match=match.pk, reason="Nobody answers.")
    with pytest.raises(Conflict, match="at least two contacts"):
        end()
    contact(cast, match, 12)
    with pytest.raises(Conflict, match="at least two contacts"):
        end()
    contact(cast, match, 4)  # 8 days later
    contact(cast, match, 3, who="carana")  # the State's own entry proves no silence of the State
    with pytest.raises(Conflict, match="at least two contacts"):
        end()
    contact(cast, match, 3)
    assert end().outcome == "not_reachable"


# ── The State's answer ───────────────────────────────────────────────────────
def test_the_state_disputes_and_the_share_is_closed_again(cast: Cast) -> None:
    match = ended(cast)
    again = transitions.dispute(actor=cast.carana, match=match.pk, reason="We wrote on Monday.")
    assert (again.status, again.outcome, again.answer_reason, again.ended_at) == ("accepted", "", "", None)
    assert status_of(match.need) == "matched" and open_share(again.need) == 0
    sent = Delivery.objects.filter(message="match_disputed", channel="portal")
    assert {(row.recipient.name, row.needs_action) for row in sent} == {("unodc", True), ("cted", True)}
    assert not Due.objects.filter(match=match, kind="match_end", done_at=None).exists()


def test_the_state_confirms_and_can_then_no_longer_dispute(cast: Cast) -> None:
    match = ended(cast)
    transitions.confirm_end(actor=cast.carana, match=match.pk, note="That is so.")
    for step in (transitions.confirm_end, partial(transitions.dispute, reason="No.")):
        with pytest.raises(Conflict, match="final"):
            step(actor=cast.carana, match=match.pk)
    assert not Due.objects.filter(match=match, kind="match_end", done_at=None).exists()
    assert status_of(match.need) == "shared"


def test_after_fourteen_days_the_end_stands(cast: Cast) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=15), tick=False):
        match = ended(cast)
    with pytest.raises(Conflict, match="final"):  # whether or not the task of deadlines has run
        transitions.dispute(actor=cast.carana, match=match.pk, reason="We wrote.")
    deadlines.run()
    match.refresh_from_db()
    assert match.end_settled_at is not None
    assert list(Event.objects.filter(match=match).values_list("name", flat=True))[-1] == "match_end_stands"
    assert "dispute" not in {step.name for step in available_transitions(cast.carana, match)}
    deadlines.run()
    assert Event.objects.filter(match=match, name="match_end_stands").count() == 1


def test_days_on_which_nobody_could_act_for_the_state_do_not_count(cast: Cast) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=15), tick=False):
        match = ended(cast)
    due = Due.objects.get(match=match, kind="match_end")
    Due.objects.filter(pk=due.pk).update(due_at=timezone.now() + timedelta(days=2))
    assert transitions.dispute(actor=cast.carana, match=match.pk, reason="We wrote.").status == "accepted"


def test_a_share_that_others_have_taken_is_not_taken_back(cast: Cast) -> None:
    match = ended(cast, share=60)
    other = cast.match("accepted", need=match.need, who="iom", share=70)
    with pytest.raises(Conflict, match="Only 30 per cent"):
        transitions.dispute(actor=cast.carana, match=match.pk, reason="We wrote.")
    assert Match.objects.get(pk=match.pk).status == "ended" and other.status == "accepted"


def test_other_facts_forbid_a_dispute(cast: Cast) -> None:
    new, closed, hidden = (ended(cast) for _each in range(3))
    again = matches.propose(actor=cast.unodc, need=new.need_id, share=10)
    needs.close(actor=cast.carana, need=closed.need_id, reason="no_longer_needed")
    consents.withdraw(actor=cast.carana, rows=[hidden.need])
    for match, said in ((new, str(again.reference)), (closed, "closed"), (hidden, "release")):
        with pytest.raises(Conflict, match=said):
            transitions.dispute(actor=cast.carana, match=match.pk, reason="We wrote.")


def test_a_person_of_both_sides_answers_for_neither(cast: Cast) -> None:
    match = ended(cast)
    appoint(cast.users["carana"], cast.org("unodc"), "alternate")
    both = actor_of(User.objects.get(pk=cast.users["carana"].pk))
    for step in (transitions.confirm_end, partial(transitions.dispute, reason="No.")):
        with pytest.raises(Forbidden):
            step(actor=both, match=match.pk)


def test_the_answer_is_asked_for_among_what_waits(cast: Cast, client: Client) -> None:
    match = ended(cast)
    sign_in(client, cast, "carana")
    (task,) = [row for row in client.get("/").context["tasks"] if row.subject == f"match:{match.pk}"]
    assert str(task.text) == "Assistance ended by the provider: is that so?" and task.days == 14
    text = words(client.get(reverse("match-decide", args=[match.pk])))
    assert "Dispute the end" in text and "Confirm the end" in text and "The trainers are elsewhere." in text


def test_nobody_else_sees_an_end_or_the_dispute_afterwards(cast: Cast, client: Client, api_clients: ApiClients) -> None:
    match = ended(cast)
    assert api_clients.iom.get(f"matches/{match.pk}/").status_code == 404
    transitions.dispute(actor=cast.carana, match=match.pk, reason="We wrote on Monday.")
    sign_in(client, cast, "iom")
    for url in (reverse("match", args=[match.pk]), reverse("need", args=[match.need_id])):
        body = client.get(url).content.decode()
        assert "We wrote on Monday." not in body and "disputed" not in body and "elsewhere" not in body, url
    history = api_clients.iom.get(f"matches/{match.pk}/").json()["history"]
    assert "match_disputed" not in {event["event"] for event in history} and "elsewhere" not in str(history)
    seen = api_clients.carana.get(f"needs/{match.need_id}/").json()["history"]
    assert {"match_ended", "match_disputed"} <= {event["event"] for event in seen}


def test_the_same_by_the_api(cast: Cast, api_clients: ApiClients) -> None:
    match = cast.match("accepted", who="iom")
    path, today = f"matches/{match.pk}", timezone.now().date()
    body = {"how": "call", "purpose": "Dates", "result": "No answer."}
    assert api_clients.iom.post(f"{path}/contacts/", {**body, "on": str(today - timedelta(days=9))}).status_code == 201
    refused = api_clients.iom.post(f"{path}/not-reachable/", {"reason": "Nobody answers."})
    assert refused.status_code == 409 and "two contacts" in refused.json()["errors"][0]["message"]
    assert api_clients.iom.post(f"{path}/contacts/", {**body, "on": str(today)}).status_code == 201
    assert api_clients.iom.post(f"{path}/not-reachable/", {"reason": "Nobody."}).json()["outcome"] == "not_reachable"
    listed = api_clients.carana.get("matches/?status=ended").json()["results"]
    assert listed[0]["transitions"] == ["confirm-end", "dispute"]
    answer = api_clients.carana.post(f"{path}/dispute/", {"reason": "We did answer."})
    assert answer.status_code == 200 and answer.json()["status"] == "accepted" and answer.json()["outcome"] is None
    assert api_clients.carana.get(f"needs/{match.need_id}/").json()["coverage"]["open"] == 0


# ── Two at once ──────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_of_a_dispute_and_a_new_acceptance_exactly_one_wins(cast: Cast) -> None:
    for _each in range(4):
        match = ended(cast, share=60)
        other = matches.propose(actor=cast.iom, need=match.need_id, share=70)
        found = at_once(
            partial(transitions.dispute, actor=cast.carana, match=match.pk, reason="We wrote."),
            partial(matches.accept, actor=cast.carana, match=other.pk),
        )
        assert sorted(found) == ["", "Conflict"]
        statuses = set(Match.objects.filter(need=match.need_id).values_list("status", flat=True))
        assert statuses in ({"accepted", "proposed"}, {"ended", "accepted"})
        assert open_share(Need.objects.get(pk=match.need_id)) in (30, 40)

"""Corners of the procedure of requests: what happens beside the usual path, and who may not notice it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Delivery
from assistance.access import policy
from assistance.consents import transitions as consents
from assistance.consents import two_person
from assistance.delivery import transitions as delivery
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.pages.views import transition_url
from assistance.requests import choosing, circulation, pending, questions, transitions
from assistance.requests.models import AssistanceRequest
from assistance.requests.states import REQUEST
from assistance.requests.tests.requests import (
    again,
    asked,
    colleague_of,
    in_progress,
    make,
    need_of,
    offered,
    returned,
    sees,
    withdrawn,
)
from assistance.requests.transition_forms import CirculateForm
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in
from assistance.workflow import deadlines
from assistance.workflow.models import Event
from entities.models import Organisation
from files.tests import samples
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Invalid

pytestmark = pytest.mark.django_db


def test_one_person_does_not_accept_where_two_choose(cast: Cast) -> None:
    match, other = offered(cast), cast.match("proposed", who="iom")
    two_person.switch_on(actor=cast.carana, state=cast.org("carana"))
    with pytest.raises(Conflict):
        matches.accept(actor=cast.carana, match=match.pk)
    assert again(match).status == "proposed"
    matches.accept(actor=cast.carana, match=other.pk)


def two_needs(cast: Cast) -> tuple[AssistanceRequest, Need, Need]:
    row = make(cast, "circulated", assistance_types=["equipment", "training"])
    first, second = row.needs.order_by("assistance_type")
    return row, first, second


def delivered(cast: Cast, need: Need) -> None:
    match = matches.propose(actor=cast.unodc, need=need.pk)
    matches.accept(actor=cast.carana, match=match.pk)
    matches.start(actor=cast.unodc, match=match.pk)
    delivery.deliver(actor=cast.unodc, match=match.pk, note="Done.", documents="Attendance list.")
    needs.verify(actor=cast.cted, need=need.pk, outcome="met", note="Seen.")


def test_a_request_with_one_need_met_is_withdrawn_whole(cast: Cast) -> None:
    row, first, second = two_needs(cast)
    delivered(cast, first)
    needs.close(actor=cast.carana, need=second.pk, reason="no_longer_needed")
    row = again(row)
    assert (row.status, row.outcome) == ("closed", "partly_met")
    row, first, second = two_needs(cast)
    delivered(cast, first)
    transitions.withdraw(actor=cast.carana, assistance_request=row.pk, reason="Solved.")
    for need in (first, second):
        assert not policy.visible(cast.iom, Need).filter(pk=need.pk).exists()
    assert again(row).outcome == "withdrawn" and not sees(cast.iom, row)


def test_declining_the_others_leaves_other_needs_alone(cast: Cast) -> None:
    row, first, second = two_needs(cast)
    chosen_one, other, elsewhere = (
        matches.propose(actor=actor, need=need.pk)
        for actor, need in ((cast.unodc, first), (cast.iom, first), (cast.iom, second))
    )
    choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[chosen_one], decline_others=True)
    assert [again(one).status for one in (chosen_one, other, elsewhere)] == ["accepted", "declined", "proposed"]


def test_a_lapsed_request_goes_on_when_a_provider_is_found(cast: Cast) -> None:
    row = make(cast, "circulated")
    AssistanceRequest.objects.update(closes_for_offers=timezone.now().date() - timedelta(days=200))
    assert deadlines.run() == 1 and again(row).outcome == "lapsed"
    match = offered(cast, row)
    assert again(row).status == "offers_in"
    choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[match])
    assert again(row).status == "provider_chosen" and again(row).closed_at is None


def test_a_proposal_for_a_need_that_was_met_in_part_is_no_news(cast: Cast) -> None:
    row = in_progress(cast)
    match = Match.objects.get(need__assistance_requests=row)
    delivery.deliver(actor=cast.unodc, match=match.pk, note="Done.", documents="Attendance list.")
    needs.verify(actor=cast.cted, need=match.need_id, outcome="partly_met", share=60, note="Seen.")
    assert again(row).outcome == "partly_met"
    again_proposed = matches.propose(actor=cast.iom, need=match.need_id, share=40)
    assert again(row).status == "closed"
    matches.accept(actor=cast.carana, match=again_proposed.pk)
    assert again(row).status == "in_implementation" or again(row).status == "provider_chosen"
    assert Event.objects.filter(assistance_request=row, name="request_closed").count() == 1


def test_requests_to_act_are_settled(cast: Cast) -> None:
    row = asked(cast)
    open_asks = Delivery.objects.filter(subject=f"assistance_request:{row.pk}", needs_action=True, done_at=None)
    assert open_asks.filter(message="request_question_asked").exists()
    question = row.questions.get()
    questions.answer(actor=cast.carana, assistance_request=row.pk, question=question.pk, answer="One.")
    assert not open_asks.exists()


def test_other_readers_see_what_all_needs_and_the_state_allow(cast: Cast) -> None:
    row, first, second = two_needs(cast)
    consents.release(actor=cast.carana, rows=[second], audience=["unodc", "iom"])
    assert sees(cast.iom, row) and sees(cast.unodc, row)
    consents.release(actor=cast.carana, rows=[first, second], audience=["compact", "states"])
    assert policy.visible(cast.sumora, Need).filter(pk=first.pk).exists() and not sees(cast.sumora, row)


def test_unoct_reads_the_needs_whoever_may(cast: Cast) -> None:
    row = make(cast, "circulated", audience_allowed=["unodc"])
    assert policy.visible(cast.unoct, Need).filter(pk=need_of(row).pk).exists()
    assert not policy.visible(cast.iom, Need).filter(pk=need_of(row).pk).exists()


def test_an_attached_note_stays_while_unoct_has_the_request(cast: Cast) -> None:
    row = make(cast)
    transitions.attach_note(actor=cast.carana, assistance_request=row.pk, note_verbale=samples.note())
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    with pytest.raises(Conflict):
        transitions.attach_note(actor=cast.carana, assistance_request=row.pk, note_verbale=samples.note())


def test_the_last_day_for_objections_ends_in_the_state(cast: Cast) -> None:
    Organisation.objects.filter(slug="carana").update(time_zone="America/New_York")
    row = make(cast, "acknowledged")
    evening = datetime.combine(row.objection_until + timedelta(days=1), time(1), UTC)  # still the last day there
    with time_machine.travel(evening):
        with pytest.raises(Conflict):
            circulation.circulate(actor=cast.unoct, assistance_request=row.pk)
        transitions.object_to(actor=cast.carana, assistance_request=row.pk, reason="Not these recipients.")


@pytest.mark.parametrize(
    "values",
    [
        {"wanted_by": date(2001, 1, 1)}, {"until": date(2001, 1, 1)}, {"closes_for_offers": date(2001, 1, 1)},
        {"note_dated": date(2099, 1, 1)},
    ],
)  # fmt: skip
def test_days_that_make_no_sense_are_refused_at_their_field(cast: Cast, values: dict[str, date]) -> None:
    with pytest.raises(Invalid) as error:
        make(cast, **values)
    assert set(error.value.errors) == set(values)


def test_the_usual_last_day_for_offers_counts_from_the_circulation_in_the_state(cast: Cast) -> None:
    Organisation.objects.filter(slug="carana").update(time_zone="Pacific/Auckland")
    row = make(cast, "cleared")
    evening = datetime.combine(timezone.now().date() + timedelta(days=10), time(22), UTC)  # there it is the next day
    with time_machine.travel(evening):
        expected = evening.date() + timedelta(days=61)
        form = CirculateForm(actor=cast.unoct, instance=again(row))
        assert form.initial["closes_for_offers"] == expected
        circulation.circulate(actor=cast.unoct, assistance_request=row.pk)
        assert again(row).closes_for_offers == expected


def test_what_is_returned_is_not_to_be_refused_any_more(cast: Cast) -> None:
    row = make(cast, "submitted", note_number="", note_to_follow=True)
    transitions.refuse(actor=cast.unoct, assistance_request=row.pk, reason="Nobody knows it.")
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        deadlines.run()
        row = again(row)
        assert (row.status, row.refusal_proposed_by, row.refusal_reason) == ("returned", None, "")


def test_what_is_submitted_again_is_not_to_be_refused_as_before(cast: Cast) -> None:
    row = returned(cast)
    AssistanceRequest.objects.update(refusal_proposed_by=cast.users["unoct"], refusal_reason="Nobody knows it.")
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    assert (again(row).refusal_proposed_by, again(row).refusal_reason) == (None, "")
    transitions.authenticate(actor=cast.unoct, assistance_request=row.pk, how="By telephone.")


def test_what_the_state_recorded_of_its_note_authenticates_the_request(cast: Cast) -> None:
    row = make(cast, "submitted")
    transitions.authenticate(actor=cast.unoct, assistance_request=row.pk)
    assert (again(row).status, again(row).note_number) == ("authenticated", "NV/2026/17")
    other = make(cast, "submitted", note_number="", note_dated=None, note_to_follow=True)
    with pytest.raises(Invalid) as error:
        transitions.authenticate(actor=cast.unoct, assistance_request=other.pk, note_number="NV/1")
    assert set(error.value.errors) == {"how"} and again(other).status == "submitted"


def test_a_return_names_what_is_to_be_changed(cast: Cast, client: Client, api_clients: ApiClients) -> None:
    row = make(cast, "submitted")
    with pytest.raises(Invalid) as error:
        transitions.send_back(actor=cast.unoct, assistance_request=row.pk, parts=[], reason="Unclear.")
    assert set(error.value.errors) == {"parts"}
    answer = api_clients.unoct.post(f"requests/{row.pk}/send-back/", {"parts": [], "reason": "Unclear."})
    assert answer.status_code == 422 and [one["field"] for one in answer.json()["errors"]] == ["parts"]
    sign_in(client, cast, "unoct")
    page = client.post(transition_url(row, REQUEST["send-back"]), {"reason": "Unclear.", "version": row.version})
    assert page.status_code == 422 and "parts" in page.context["form"].errors
    assert again(row).status == "submitted"


def test_a_day_that_passes_before_the_submission_has_to_be_changed(cast: Cast) -> None:
    row = make(cast, until=timezone.now().date() + timedelta(days=3))
    with time_machine.travel(timezone.now() + timedelta(days=5)), pytest.raises(Conflict):
        transitions.submit(actor=cast.carana, assistance_request=row.pk)


def test_a_long_title_keeps_the_type_of_assistance(cast: Cast) -> None:
    row = make(cast, "circulated", title="x" * 300, assistance_types=["training", "equipment", "training"])
    titles = sorted(need.title_en for need in row.needs.all())
    assert [title.endswith(kind) for title, kind in zip(titles, (" (Equipment)", " (Training)"), strict=True)] == [
        True,
        True,
    ]
    assert all(len(title) == 300 for title in titles)


def test_a_withdrawn_request_asks_nothing_after_a_year(cast: Cast) -> None:
    row = withdrawn(cast)
    AssistanceRequest.objects.filter(pk=row.pk).update(submitted_at=timezone.now() - timedelta(days=400))
    assert pending.pending(cast.carana) == []


def test_a_proposal_to_a_colleague_lapses_after_two_weeks(cast: Cast) -> None:
    two_person.switch_on(actor=cast.carana, state=cast.org("carana"))
    second, row = colleague_of(cast, "carana"), make(cast)
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    with time_machine.travel(timezone.now() + timedelta(days=15)), pytest.raises(Conflict):
        transitions.confirm(actor=second, assistance_request=row.pk)


def test_needs_made_meanwhile_stop_a_withdrawal(cast: Cast) -> None:
    row = make(cast, "circulated")
    with pytest.raises(Conflict):
        transitions.check_needs(row, [])
    transitions.check_needs(row, list(row.needs.all()))

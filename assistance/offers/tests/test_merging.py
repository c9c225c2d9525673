"""Merging two offers: what happens to their matches, who may, the proposal by UNOCT, and two people at once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery
from assistance.delivery import transitions as delivery
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.merging import merge
from assistance.needs.models import Match, Need
from assistance.offers import transitions as offers
from assistance.offers.models import Offer
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow.models import Event
from portal.tests.api import ApiClients, fields
from web.exceptions import Conflict, DomainError, Forbidden, Invalid, NotVisible

pytestmark = pytest.mark.django_db


def proposed(cast: Cast, offer: Offer, need: Need | None = None, share: int = 40) -> Match:
    """Return a match of the provider with the offer, proposed to the State."""
    return matches.propose(actor=cast.unodc, need=(need or cast.need("shared")).pk, offer=offer.pk, share=share)


def partly_met(cast: Cast, offer: Offer) -> tuple[Need, Match]:
    """Return a need, and a match with the offer that was delivered and verified in part."""
    need = cast.need("shared")
    match = proposed(cast, offer, need)
    matches.accept(actor=cast.carana, match=match.pk)
    delivery.deliver(actor=cast.unodc, match=match.pk, note="Held.", documents="Attendance list.")
    needs.verify(actor=cast.cted, need=need.pk, outcome="partly_met", share=20, note="Half of it.")
    return need, match


def told(cast: Cast, who: str) -> set[str]:
    """Return the messages that somebody got."""
    return set(Delivery.objects.filter(recipient=cast.users[who]).values_list("message", flat=True))


# ── The matches ──
def test_open_and_confirmed_matches_move_and_their_parties_are_told(cast: Cast) -> None:
    ended, stays = cast.offer(), cast.offer()
    open_, accepted, declined = (proposed(cast, ended) for _each in range(3))
    matches.accept(actor=cast.carana, match=accepted.pk)
    matches.decline(actor=cast.carana, match=declined.pk, reason="Later.")
    versions = dict(Need.objects.values_list("pk", "version"))
    merge(actor=cast.unodc, offer=ended.pk, into=stays)
    ended.refresh_from_db()
    assert (ended.status, ended.merged_into) == ("merged", stays)
    assert set(stays.matches.values_list("pk", "status")) == {(open_.pk, "proposed"), (accepted.pk, "accepted")}
    assert list(ended.matches.values_list("pk", flat=True)) == [declined.pk], "what has ended stays where it ended"
    assert "match_moved" in told(cast, "carana") and "offer_merged" in told(cast, "unoct")
    assert "match_moved" not in told(cast, "iom")
    assert Event.objects.filter(offer=stays, name="offer_took_in").count() == 1
    assert dict(Need.objects.values_list("pk", "version")) == versions, "nothing of the needs has changed"


def test_of_two_matches_of_the_same_need_the_older_stays(cast: Cast) -> None:
    ended, stays = cast.offer(), cast.offer()
    need, older = partly_met(cast, ended)
    newer = proposed(cast, stays, need)
    merge(actor=cast.unodc, offer=ended.pk, into=stays)
    for match in (older, newer):
        match.refresh_from_db()
    assert (older.offer_id, older.status, older.verified_share) == (stays.pk, "delivered", 20)
    assert (newer.status, newer.answer_reason_code) == ("retracted", "merged")
    assert newer.answer_reason and "match_retracted" in told(cast, "carana")


def test_the_newer_is_withdrawn_whichever_offer_has_it(cast: Cast) -> None:
    stays, ended = cast.offer(), cast.offer()
    need, older = partly_met(cast, stays)
    newer = proposed(cast, ended, need)
    merge(actor=cast.unodc, offer=ended.pk, into=stays)
    newer.refresh_from_db()
    assert (newer.status, newer.answer_reason_code) == ("retracted", "merged")
    assert list(stays.matches.all()) == [older]


def test_what_has_been_delivered_is_not_withdrawn(cast: Cast) -> None:
    ended, stays = cast.offer(), cast.offer()
    need, older = partly_met(cast, ended)
    newer = proposed(cast, stays, need)
    matches.accept(actor=cast.carana, match=newer.pk)
    delivery.deliver(actor=cast.unodc, match=newer.pk, note="Held again.", documents="Attendance list.")
    merge(actor=cast.unodc, offer=ended.pk, into=stays)
    assert set(stays.matches.values_list("pk", "status")) == {(older.pk, "delivered"), (newer.pk, "delivered")}


def test_nobody_chooses_the_reason_that_the_portal_gives(cast: Cast) -> None:
    match = proposed(cast, cast.offer())
    with pytest.raises(Invalid):
        matches.retract(actor=cast.unodc, match=match.pk, reason="So.", reason_code="merged")


def test_earlier_addresses_lead_to_the_offer_that_has_the_matches(cast: Cast) -> None:
    first, second, third = cast.offer(), cast.offer(), cast.offer()
    merge(actor=cast.unodc, offer=first.pk, into=second)
    merge(actor=cast.unodc, offer=second.pk, into=third)
    first.refresh_from_db()
    assert first.merged_into == third


# ── Who, and which ──
@pytest.mark.parametrize("name", ["carana", "iom", "cted", "unoct"])
def test_only_the_provider_merges(cast: Cast, api_clients: ApiClients, name: str) -> None:
    ended, stays = cast.offer(), cast.offer()
    with pytest.raises(Forbidden):
        merge(actor=getattr(cast, name), offer=ended.pk, into=stays)
    answer = getattr(api_clients, name).post(f"offers/{ended.pk}/merge/", {"into": str(stays.pk)})
    assert answer.status_code == 403


def test_offers_that_do_not_fit_are_refused(cast: Cast) -> None:
    offer, other, draft = cast.offer(), cast.offer(who="iom"), cast.offer(published=False)
    expired, merged = cast.offer(), cast.offer()
    Offer.objects.filter(pk=expired.pk).update(closes_on=timezone.now().date() - timedelta(days=1))
    expired.refresh_from_db()
    merge(actor=cast.unodc, offer=merged.pk, into=offer)
    merged.refresh_from_db()
    cases: tuple[tuple[Offer, Offer | None, type[DomainError]], ...] = (
        (offer, offer, Invalid), (offer, other, Invalid), (offer, None, Invalid), (offer, draft, Conflict),
        (offer, expired, Conflict), (offer, merged, Conflict), (draft, offer, Conflict), (merged, offer, Conflict),
    )  # fmt: skip
    for row, into, refusal in cases:
        with pytest.raises(refusal):
            merge(actor=cast.unodc, offer=row.pk, into=into)
    hidden = cast.offer(who="iom", published=False)
    with pytest.raises(NotVisible):
        merge(actor=cast.unodc, offer=hidden.pk, into=offer)


def test_a_hidden_and_an_absent_offer_are_refused_alike(cast: Cast, api_clients: ApiClients) -> None:
    offer, hidden = cast.offer(), cast.offer(who="iom", published=False)
    refused = [
        api_clients.unodc.post(f"offers/{offer.pk}/merge/", {"into": key})
        for key in (str(hidden.pk), "00000000-0000-4000-8000-000000000000", "no id")
    ]
    assert {answer.status_code for answer in refused} == {422}
    assert all(fields(answer) == {"into"} for answer in refused)
    assert len({str(answer.json()) for answer in refused}) == 1


def test_a_merged_offer_is_changed_no_more(cast: Cast, client: Client) -> None:
    ended, stays = cast.offer(), cast.offer()
    merge(actor=cast.unodc, offer=ended.pk, into=stays)
    sign_in(client, cast, "unodc")
    page = client.get(ended.get_absolute_url())
    assert "Edit the offer" not in words(page) and page.context["buttons"] == []


# ── As its users do it ──
def test_a_provider_merges_two_offers_on_pages_and_the_old_address_leads_on(cast: Cast, client: Client) -> None:
    ended, stays = cast.offer(title="Courses, old"), cast.offer(title="Courses, new")
    need = cast.need("shared", title="Screening")
    match = proposed(cast, ended, need)
    sign_in(client, cast, "unodc")
    url = reverse("offer-transition", args=[ended.pk, "merge"])
    page = client.get(url)
    assert match.reference in words(page) and "What happens to the matches" in words(page)
    assert errors_at(client.post(url, {}), "into")
    assert client.post(url, {"into": str(stays.pk)}).status_code == 302
    sign_in(client, cast, "carana")
    seen = client.get(need.get_absolute_url())
    assert [line.match.pk for line in seen.context["cycles"][0].lines] == [match.pk]
    assert "Courses, new" in words(client.get(match.get_absolute_url()))
    old = client.get(ended.get_absolute_url())
    assert old.status_code == 200 and "Merged" in words(old) and "Courses, new" in words(old)
    assert f'href="{stays.get_absolute_url()}"' in old.content.decode()


def test_a_provider_merges_two_offers_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    ended, stays, need = cast.offer(), cast.offer(), cast.need("shared")
    match = proposed(cast, ended, need)
    body = {"into": str(stays.pk), "version": api_clients.unodc.get(f"offers/{ended.pk}/").json()["version"]}
    done = api_clients.unodc.post(f"offers/{ended.pk}/merge/", body).json()
    assert (done["status"], done["merged_into"], done["transitions"]) == ("merged", str(stays.pk), [])
    assert api_clients.carana.ids("matches", need=str(need.pk)) == [str(match.pk)]
    assert api_clients.carana.get(f"matches/{match.pk}/").json()["offer"] == str(stays.pk)
    old = api_clients.carana.get(f"offers/{ended.pk}/").json()
    assert (old["status"], old["merged_into"]) == ("merged", str(stays.pk))
    assert api_clients.carana.ids("offers", status="merged") == [str(ended.pk)]


def test_an_offer_that_the_reader_does_not_see_is_not_named(
    cast: Cast, client: Client, api_clients: ApiClients
) -> None:
    ended = cast.offer()
    stays = cast.offer(title="For one State", visible_to_named_only=True, for_states=[cast.org("sumora")])
    merge(actor=cast.unodc, offer=ended.pk, into=stays)
    sign_in(client, cast, "iom")
    text = words(client.get(ended.get_absolute_url()))
    assert "merged into another one" in text and stays.reference not in text and "For one State" not in text
    assert api_clients.iom.get(f"offers/{ended.pk}/").json()["merged_into"] is None


# ── Proposed by UNOCT ──
def test_a_coordinator_proposes_and_the_provider_decides(cast: Cast, client: Client, api_clients: ApiClients) -> None:
    ended, stays = cast.offer(), cast.offer(title="The wider offer")
    sign_in(client, cast, "unoct")
    url = reverse("offer-transition", args=[ended.pk, "propose-merge"])
    assert client.post(url, {"into": str(stays.pk), "note": "They say the same."}).status_code == 302
    ended.refresh_from_db()
    assert (ended.status, ended.merge_proposed) == ("published", stays)
    assert "offer_merge_proposed" in told(cast, "unodc")
    for name, shown in (("unodc", str(stays.pk)), ("unoct", str(stays.pk)), ("cted", None), ("carana", None)):
        found = getattr(api_clients, name).get(f"offers/{ended.pk}/").json()
        assert found["merge_proposed"] == shown, name
        assert any(event["event"] == "offer_merge_proposed" for event in found["history"]) == bool(shown), name
    sign_in(client, cast, "unodc")
    assert "The wider offer" in words(client.get(ended.get_absolute_url()))
    assert api_clients.unodc.post(f"offers/{ended.pk}/merge/").json()["merged_into"] == str(stays.pk)


def test_the_provider_keeps_its_offers_apart(cast: Cast) -> None:
    ended, stays = cast.offer(), cast.offer()
    with pytest.raises(Conflict):
        offers.keep_apart(actor=cast.unodc, offer=ended.pk)
    offers.propose_merge(actor=cast.unoct, offer=ended.pk, into=stays)
    offers.keep_apart(actor=cast.unodc, offer=ended.pk, note="Other courses.")
    ended.refresh_from_db()
    assert (ended.status, ended.merge_proposed) == ("published", None)
    assert "offer_merge_declined" in told(cast, "unoct")
    assert not Delivery.objects.filter(message="offer_merge_proposed", done_at=None, needs_action=True).exists()


def test_the_proposal_is_checked_again_when_it_is_accepted(cast: Cast) -> None:
    ended, stays = cast.offer(), cast.offer()
    offers.propose_merge(actor=cast.unoct, offer=ended.pk, into=stays)
    offers.pause(actor=cast.unodc, offer=stays.pk)
    with pytest.raises(Conflict):
        merge(actor=cast.unodc, offer=ended.pk)


# ── Two at once ──
def at_once(cast: Cast, calls: list[tuple[Any, dict[str, Any]]]) -> list[str]:
    """Call these functions at the same moment for the provider; return what came of each: done, told, or an error."""
    outcomes: list[str] = []
    start = threading.Barrier(len(calls))

    def run(function: Any, values: dict[str, Any]) -> None:
        actor = cast.unodc
        start.wait()
        try:
            function(actor=actor, **values)
            outcomes.append("done")
        except Conflict:
            outcomes.append("told")
        except Exception as error:  # noqa: BLE001 (shown by the assertion of the test)
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.turns(2)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crosswise", [False, True], ids=["the same way", "crosswise"])
def test_of_two_merges_of_the_same_offers_exactly_one_succeeds(cast: Cast, crosswise: bool) -> None:
    first, second = cast.offer(), cast.offer()
    pairs = [(first, second), (second, first) if crosswise else (first, second)]
    for offer in (first, second):
        proposed(cast, offer)
    calls = [(merge, {"offer": ended.pk, "into": stays}) for ended, stays in pairs * 2]
    assert at_once(cast, calls) == ["done", "told", "told", "told"]
    stays = Offer.objects.get(status="published")
    assert Offer.objects.get(status="merged").merged_into == stays
    assert stays.matches.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_proposal_at_the_same_moment_is_with_the_offer_that_stays_or_refused(cast: Cast) -> None:
    ended, stays, need = cast.offer(), cast.offer(), cast.need("shared")
    found = at_once(
        cast,
        [
            (merge, {"offer": ended.pk, "into": stays}),
            (matches.propose, {"need": need.pk, "offer": ended.pk}),
        ],
    )
    assert set(found) <= {"done", "told"} and "done" in found
    ended.refresh_from_db()
    if ended.status == "merged":
        assert not ended.matches.exists(), "no match is left with an offer that has ended"

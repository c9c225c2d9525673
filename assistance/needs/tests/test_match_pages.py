"""Pages of matches: proposing, each side's answer, and what stays hidden from others."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.needs import match_transitions as matches
from assistance.needs.answers import Answer, answers
from assistance.needs.models import Match, Need
from assistance.needs.states import MatchStatus
from assistance.offers.models import Offer
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast, appoint
from assistance.tests.pages import errors_at, sign_in, statements, words
from entities.models import Role
from portal.tests.api import ApiClients
from web.exceptions import Invalid

ABSENT = "00000000-0000-4000-8000-000000000000"
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[\w+/=-]+"|· \d+ \w+ \d{4}, \d\d:\d\d')


def propose_url(need: Need) -> str:
    return reverse("match-propose", args=[need.pk])


# ── Who sees what ──
@pytest.mark.turns(4)
@pytest.mark.parametrize("stage", ["proposed", "accepted"])
@pytest.mark.parametrize("name", MEMBERS)
def test_a_match_is_seen_by_its_sides_and_once_confirmed_by_all_who_see_the_need(
    cast: Cast, client: Client, name: str, stage: str
) -> None:
    match = cast.match(stage)
    parties = {"unodc", "carana", "observer", "cted", "unoct"}
    readers = parties | ({"iom"} if stage == "accepted" else set())
    sign_in(client, cast, name)
    assert client.get(reverse("match", args=[match.pk])).status_code == (200 if name in readers else 404)
    assert (match.reference in words(client.get(reverse("matches")))) == (name in readers)


def test_provider_b_is_not_told_of_the_open_match_of_provider_a(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    match = matches.propose(actor=cast.unodc, need=need.pk, share=60, message="We can send two teams.")
    sign_in(client, cast, "iom")
    for url in (
        reverse("need", args=[need.pk]), propose_url(need), reverse("matches"), f"{reverse('matches')}?whose=asked",
        f"{reverse('matches')}?part=count", reverse("state", args=["carana"]), reverse("match", args=[match.pk]),
    ):  # fmt: skip
        body = client.get(url).content.decode()
        assert match.reference not in body and str(match.pk) not in body, url
        assert "two teams" not in body and "60%" not in body, url


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_without_an_appointment_reaches_any_page(cast: Cast, client: Client, name: str) -> None:
    match = cast.match()
    sign_in(client, cast, name)
    for url in (
        reverse("matches"), reverse("match", args=[match.pk]), propose_url(match.need),
        reverse("match-transition", args=[match.pk, "accept"]),
    ):  # fmt: skip
        answer = client.get(url)
        assert answer.status_code == 403
        assert match.reference not in words(answer)


def test_a_hidden_match_and_the_need_behind_it_answer_like_absent_ones(cast: Cast, client: Client) -> None:
    match = cast.match()
    sign_in(client, cast, "iom")
    absent = client.get(reverse("match", args=[ABSENT]))
    for url in (
        reverse("match", args=[match.pk]), reverse("match-transition", args=[match.pk, "accept"]),
        reverse("match-transition", args=[match.pk, "explode"]),
    ):  # fmt: skip
        answer = client.get(url)
        assert (answer.status_code, TOKENS.sub("", answer.content.decode())) == (
            404, TOKENS.sub("", absent.content.decode()),
        )  # fmt: skip


# ── Proposing ──
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["unodc", "sumora", "partner"])
def test_proposing_on_a_hidden_need_answers_like_an_absent_one(
    cast: Cast, client: Client, name: str, method: str
) -> None:
    need = cast.need("agreed")
    sign_in(client, cast, name)
    send = getattr(client, method)
    hidden = send(propose_url(need), {"share": "50", "offer": ""})
    absent = send(reverse("match-propose", args=[ABSENT]), {"share": "50", "offer": ""})
    assert hidden.status_code == absent.status_code == 404
    assert TOKENS.sub("", hidden.content.decode()) == TOKENS.sub("", absent.content.decode())


def test_a_provider_proposes_its_own_offer_and_sees_why_it_fits(cast: Cast, client: Client) -> None:
    need, offer, other = cast.need("shared"), cast.offer(title="Our courses"), cast.offer(who="iom", title="Theirs")
    draft = cast.offer(published=False, title="Not ready")
    sign_in(client, cast, "unodc")
    page = client.get(f"{propose_url(need)}?offer={offer.pk}")
    text = words(page)
    assert "Our courses" in text and "Theirs" not in text and "Not ready" not in text
    assert "Covers the theme of the need" in text and "100 per cent of this need is still open" in text
    assert re.search(rf'value="{offer.pk}" checked', page.content.decode())
    for wrong in (other, draft):
        answer = client.post(propose_url(need), {"offer": str(wrong.pk), "share": "50"})
        assert errors_at(answer, "offer")
    answer = client.post(propose_url(need), {"offer": str(offer.pk), "share": "٦٠", "message": "Two teams."})
    match = Match.objects.get()
    assert answer["Location"] == reverse("match", args=[match.pk])
    assert (match.share, match.status, match.offer, match.message) == (60, "proposed", offer, "Two teams.")
    assert "Two teams." in words(client.get(answer["Location"]))


def test_without_an_offer_a_provider_with_one_organisation_is_preset(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    sign_in(client, cast, "unodc")
    form = client.get(propose_url(need)).context["form"]
    assert form.initial["provider"] == cast.org("unodc").pk
    sent = {"offer": "", "provider": str(cast.org("unodc").pk), "share": "100"}
    assert client.post(propose_url(need), sent).status_code == 302
    assert Match.objects.get().offer is None


def test_cted_chooses_a_provider_among_those_that_see_the_need(cast: Cast, client: Client) -> None:
    need = cast.need("shared", audience=["unodc"])
    sign_in(client, cast, "cted")
    choices = [o.slug for o in client.get(propose_url(need)).context["form"].fields["provider"].queryset]
    assert choices == ["unodc"]
    answer = client.post(propose_url(need), {"offer": "", "share": "50", "message": "Kept words"})
    assert errors_at(answer, "provider")
    assert "Kept words" in answer.content.decode()
    answer = client.post(propose_url(need), {"offer": "", "share": "50", "provider": str(cast.org("iom").pk)})
    assert errors_at(answer, "provider")
    hidden = cast.offer(who="iom")
    answer = client.post(propose_url(need), {"offer": str(hidden.pk), "share": "50"})
    assert errors_at(answer, "provider") == ["The State has not released this need to the provider."]
    sent = {"offer": "", "share": "50", "provider": str(cast.org("unodc").pk)}
    assert client.post(propose_url(need), sent).status_code == 302
    assert Match.objects.get().status == "suggested"


@pytest.mark.parametrize("name", ["carana", "observer"])
def test_who_helps_nobody_cannot_propose(cast: Cast, client: Client, name: str) -> None:
    need = cast.need("shared")
    sign_in(client, cast, name)
    assert client.get(propose_url(need)).status_code == 403
    assert client.post(propose_url(need), {"offer": "", "share": "50"}).status_code == 403


def test_a_share_that_does_not_fit_is_named_at_its_field(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    cast.match("accepted", need=need, who="iom", share=70)
    sign_in(client, cast, "unodc")
    page = client.get(propose_url(need))
    assert page.context["form"]["share"].value() == 30
    for share in ("101", "0", "-5", "31", "1" + "0" * 21, "half", "", "9\x00", "1" * 5000):
        answer = client.post(propose_url(need), {"offer": "", "provider": str(cast.org("unodc").pk), "share": share})
        assert answer.status_code == 422, share
        assert errors_at(answer, "share"), share
    assert errors_at(
        client.post(propose_url(need), {"offer": "", "provider": str(cast.org("unodc").pk), "share": "31"}), "share"
    ) == ["Only 30 per cent of this need is still open."]
    assert Match.objects.filter(provider__slug="unodc").count() == 0


def test_bad_choices_are_named_at_their_fields(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    sign_in(client, cast, "unodc")
    for field, sent in (
        ("offer", ABSENT), ("offer", "no uuid"), ("offer", "\x00"), ("provider", ABSENT), ("message", "a\x00b"),
    ):  # fmt: skip
        answer = client.post(propose_url(need), {"offer": "", "share": "50", field: sent})
        assert answer.status_code == 422
        assert errors_at(answer, field), (field, sent)
    assert client.get(f"{propose_url(need)}?offer=%00").status_code == 200
    assert client.get(f"{propose_url(need)}?offer={ABSENT}").status_code == 200


def test_proposing_twice_is_a_conflict_said_on_the_form(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    sign_in(client, cast, "unodc")
    sent = {"offer": "", "provider": str(cast.org("unodc").pk), "share": "40", "message": "Once more"}
    assert client.post(propose_url(need), sent).status_code == 302
    answer = client.post(propose_url(need), sent)
    assert answer.status_code == 409
    assert "already has an open match" in words(answer) and "Once more" in answer.content.decode()


def test_an_expired_offer_cannot_be_proposed(cast: Cast, client: Client) -> None:
    need, offer = cast.need("shared"), cast.offer()
    Offer.objects.filter(pk=offer.pk).update(closes_on=timezone.now().date() - timedelta(days=1))
    sign_in(client, cast, "unodc")
    assert offer.reference not in words(client.get(propose_url(need)))
    assert errors_at(client.post(propose_url(need), {"offer": str(offer.pk), "share": "50"}), "offer")


def test_a_need_that_takes_nothing_more_says_so(cast: Cast, client: Client) -> None:
    match = cast.match("in_delivery")
    sign_in(client, cast, "iom")
    answer = client.get(propose_url(match.need))
    assert answer.status_code == 409
    assert "covered in full" in words(answer)
    assert "Propose an offer" not in words(client.get(reverse("need", args=[match.need_id])))


# ── Answering ──
def test_the_state_reads_what_acceptance_means_and_accepts(cast: Cast, client: Client) -> None:
    match = cast.match(share=60)
    sign_in(client, cast, "carana")
    url = reverse("match-transition", args=[match.pk, "accept"])
    text = words(client.get(url))
    assert "If you accept, this match confirms 60 per cent of the need. 40 per cent" in text
    assert client.post(url, {"version": str(match.version), "message": "Welcome."}).status_code == 302
    text = words(client.get(reverse("match", args=[match.pk])))
    assert "Accepted" in text and "Welcome." in text and "60% confirmed" in text


def test_of_two_acceptances_that_do_not_both_fit_the_second_is_told(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    first, second = cast.match(need=need, share=60), cast.match(need=need, who="iom", share=60)
    sign_in(client, cast, "carana")
    assert client.post(reverse("match-transition", args=[first.pk, "accept"]), {}).status_code == 302
    url = reverse("match-transition", args=[second.pk, "accept"])
    assert "only 40 per cent of it is still open" in words(client.get(url))
    answer = client.post(url, {"message": "Kept words"})
    assert answer.status_code == 409
    assert "Only 40 per cent of this need is still open" in words(answer) and "Kept words" in answer.content.decode()
    second.refresh_from_db()
    assert second.status == "proposed"


def test_an_answer_given_to_an_older_version_is_refused(cast: Cast, client: Client) -> None:
    match = cast.match()
    Match.objects.filter(pk=match.pk).update(version=match.version + 1)
    sign_in(client, cast, "carana")
    url = reverse("match-transition", args=[match.pk, "accept"])
    answer = client.post(url, {"version": str(match.version), "message": "Kept words"})
    assert answer.status_code == 409
    assert "Kept words" in answer.content.decode()
    assert client.post(url, {"version": str(match.version + 1)}).status_code == 302


@pytest.mark.turns(3)
@pytest.mark.parametrize("step", ["decline", "retract", "deliver"])
def test_a_reason_or_note_is_asked_for(cast: Cast, client: Client, step: str) -> None:
    match = cast.match("accepted" if step == "deliver" else "proposed")
    sign_in(client, cast, "carana" if step == "decline" else "unodc")
    url = reverse("match-transition", args=[match.pk, step])
    field = "note" if step == "deliver" else "reason"
    given = {"documents": "Attendance list."} if step == "deliver" else {"reason_code": "timing"}
    for sent in ("", "   ", "a\x00b"):
        answer = client.post(url, {field: sent, **given})
        assert answer.status_code == 422
        assert errors_at(answer, field)
    assert client.post(url, {field: "Because of the season.", **given}).status_code == 302
    assert "Because of the season." in words(client.get(reverse("match", args=[match.pk])))


@pytest.mark.parametrize(("step", "who"), [("decline", "carana"), ("retract", "unodc")])
def test_a_reason_has_a_type_which_the_other_side_reads(cast: Cast, client: Client, step: str, who: str) -> None:
    match = cast.match("proposed")
    sign_in(client, cast, who)
    url, sent = reverse("match-transition", args=[match.pk, step]), {"reason": "In the autumn we could."}
    of_the_other = "no_money" if who == "carana" else "another_chosen"
    for wrong in ({}, {"reason_code": ""}, {"reason_code": "weather"}, {"reason_code": of_the_other}):
        answer = client.post(url, {**sent, **wrong})
        assert answer.status_code == 422 and errors_at(answer, "reason_code")
        assert "In the autumn we could." in answer.content.decode()
    assert client.post(url, {**sent, "reason_code": "timing"}).status_code == 302
    sign_in(client, cast, "carana" if who == "unodc" else "unodc")
    text = words(client.get(reverse("match", args=[match.pk])))
    assert "Reason: Timing does not suit" in text and "In the autumn we could." in text
    assert ApiClients(cast).unodc.get(f"matches/{match.pk}/").json()["answer_reason_code"] == "timing"


def test_over_the_api_a_reason_is_of_a_known_type_or_of_another(cast: Cast) -> None:
    match, carana = cast.match("proposed"), ApiClients(cast).carana
    answer = carana.post(f"matches/{match.pk}/decline/", {"reason": "No.", "reason_code": "weather"})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "reason_code"
    for code in ("weather", "no_money"):  # which is none, and one of providers
        with pytest.raises(Invalid):
            matches.decline(actor=cast.carana, match=match.pk, reason="No.", reason_code=code)
    with pytest.raises(Invalid):
        matches.retract(actor=cast.unodc, match=match.pk, reason="No.", reason_code="another_chosen")
    assert carana.post(f"matches/{match.pk}/decline/", {"reason": "No."}).json()["answer_reason_code"] == "other"


def test_a_step_form_starts_empty_whatever_was_said_at_the_proposal(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    match = matches.propose(actor=cast.unodc, need=need.pk, message="Proposer's own words")
    sign_in(client, cast, "carana")
    form = client.get(reverse("match-transition", args=[match.pk, "accept"])).context["form"]
    assert not form["message"].value()


def test_a_provider_starts_and_reports_delivery(cast: Cast, client: Client) -> None:
    match = cast.match("accepted")
    sign_in(client, cast, "unodc")
    for step, sent in (
        ("start", {"note": "In March."}),
        ("deliver", {"note": "Two courses held.", "documents": "Lists."}),
    ):
        assert client.post(reverse("match-transition", args=[match.pk, step]), sent).status_code == 302
    text = words(client.get(reverse("match", args=[match.pk])))
    assert "In March." in text and "Two courses held." in text and "100% reported as delivered" in text


@pytest.mark.parametrize("name", ["unodc", "observer", "cted", "unoct"])
def test_nobody_answers_for_the_state(cast: Cast, client: Client, name: str) -> None:
    match = cast.match()
    sign_in(client, cast, name)
    for step in ("accept", "decline"):
        url = reverse("match-transition", args=[match.pk, step])
        assert client.get(url).status_code == client.post(url, {"reason": "x"}).status_code == 403
    match.refresh_from_db()
    assert match.status == "proposed"


def test_after_a_withdrawal_the_provider_no_longer_finds_its_match(cast: Cast, client: Client) -> None:
    match = cast.match("accepted")
    consents.withdraw(actor=cast.carana, rows=[match.need])
    sign_in(client, cast, "unodc")
    assert client.get(reverse("match", args=[match.pk])).status_code == 404
    assert client.post(reverse("match-transition", args=[match.pk, "start"]), {}).status_code == 404
    assert match.reference not in words(client.get(reverse("matches")))


def test_the_offer_behind_a_match_is_named_only_while_the_reader_sees_it(cast: Cast, client: Client) -> None:
    need, offer = cast.need("shared"), cast.offer(title="Our courses")
    match = matches.propose(actor=cast.unodc, need=need.pk, offer=offer.pk)
    sign_in(client, cast, "carana")
    url = reverse("match", args=[match.pk])
    assert "Our courses" in words(client.get(url))
    sign_in(client, cast, "unodc")
    client.post(reverse("offer-transition", args=[offer.pk, "pause"]), {})
    assert "Our courses" in words(client.get(url))
    sign_in(client, cast, "carana")
    assert "Our courses" not in words(client.get(url))


# ── What each side says ──
@pytest.mark.parametrize("status", MatchStatus)
@pytest.mark.parametrize(("asked", "accepted"), [(False, False), (True, False), (True, True)])
def test_each_side_has_one_answer_in_every_state(status: MatchStatus, asked: bool, accepted: bool) -> None:
    provider, state = answers(status, state_asked=asked, accepted=accepted)
    assert (state == Answer.NOT_ASKED) == (not asked)
    assert (state == Answer.ACCEPTED) == accepted
    assert Answer.WAITING not in (provider, state) or status in ("suggested", "proposed")


def test_a_declined_suggestion_shows_who_declined_and_why(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    match = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("unodc"), share=50)
    sign_in(client, cast, "unodc")
    assert "Until it accepts, 100 per cent of the need remains open" in words(
        client.get(reverse("match-transition", args=[match.pk, "accept"]))
    )
    sent = {"reason": "No staff this year.", "reason_code": "other"}
    client.post(reverse("match-transition", args=[match.pk, "decline"]), sent)
    text = words(client.get(reverse("match", args=[match.pk])))
    assert "Declined No staff this year." in text and "Not yet asked" in text


# ── The list ──
def test_the_list_is_narrowed_to_what_waits_for_me(cast: Cast, client: Client) -> None:
    mine, other = cast.match(), cast.match("accepted", who="iom")
    for name, whose, seen in (
        ("carana", "asked", {mine}), ("carana", "mine", {mine, other}), ("unodc", "asked", set()),
        ("unodc", "mine", {mine}), ("iom", "mine", {other}), ("cted", "", {mine, other}), ("observer", "asked", set()),
    ):  # fmt: skip
        sign_in(client, cast, name)
        text = words(client.get(f"{reverse('matches')}?whose={whose}"))
        assert {m for m in (mine, other) if m.reference in text} == seen, (name, whose)


def test_a_list_of_three_costs_what_a_list_of_one_costs(cast: Cast, client: Client) -> None:
    cast.match()
    sign_in(client, cast, "cted")
    one = statements(client, reverse("matches"))
    cast.match("delivered")
    cast.match("accepted", who="iom")
    assert statements(client, reverse("matches")) == one


def test_proposing_costs_the_same_for_one_offer_and_for_three(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    cast.offer(for_states=[cast.org("carana")])
    sign_in(client, cast, "cted")
    one = statements(client, propose_url(need))
    cast.offer(who="iom")
    cast.offer(who="partner", assistance_types=["ict"])
    assert statements(client, propose_url(need)) == one


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("whose=%00", 422), ("status=x", 422), ("state=%D9%A1", 422), ("sort=-waiting", 200), ("sort=x", 200),
        ("cursor=%00", 200),
    ],
)  # fmt: skip
def test_a_strange_address_is_no_server_error(cast: Cast, client: Client, query: str, status: int) -> None:
    cast.match()
    sign_in(client, cast, "carana")
    assert client.get(f"{reverse('matches')}?{query}").status_code == status


def test_a_person_with_two_organisations_says_for_which_one(cast: Cast, client: Client) -> None:
    appoint(cast.users["unodc"], cast.org("iom"), Role.FOCAL_POINT)
    need = cast.need("shared")
    sign_in(client, cast, "unodc")
    sent: dict[str, Any] = {"offer": "", "share": "50"}
    assert errors_at(client.post(propose_url(need), sent), "provider")
    assert client.post(propose_url(need), {**sent, "provider": str(cast.org("iom").pk)}).status_code == 302
    assert Match.objects.get().provider.slug == "iom"


def test_the_pages_stand_in_arabic(cast: Cast, client: Client) -> None:
    match = cast.match()
    sign_in(client, cast, "carana", language="ar")
    for url in (
        reverse("matches"), reverse("match", args=[match.pk]), reverse("match-transition", args=[match.pk, "accept"]),
    ):  # fmt: skip
        answer = client.get(url)
        assert answer.status_code == 200
        assert 'dir="rtl"' in answer.content.decode()

"""Pages of offers: who sees what, which messages refusals show, and that submitted values are kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery
from assistance.needs import match_transitions as matches
from assistance.needs import offer_withdrawal
from assistance.needs.models import Match
from assistance.offers import transitions as offers
from assistance.offers.models import Offer
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast
from assistance.tests.pages import errors_at, sign_in, statements, words
from assistance.workflow.models import Event
from entities.models import Region


def filled(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return form data for a new offer of unodc."""
    return {
        "provider": str(cast.org("unodc").pk), "language": "en", "title": "Radar for small boats",
        "description": "Courses and mentors.", "themes": [cast.theme.pk], "assistance_types": ["training"],
        "working_languages": ["en", "ar"], **changes,
    }  # fmt: skip


# ── Who sees what ──
@pytest.mark.turns(3)
@pytest.mark.parametrize("name", MEMBERS)
def test_every_member_sees_a_published_offer(cast: Cast, client: Client, name: str) -> None:
    offer = cast.offer(title="Radar for small boats")
    sign_in(client, cast, name)
    for url in (reverse("offers"), reverse("offer", args=[offer.pk])):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "Radar for small boats" in words(answer)


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_without_an_appointment_reaches_any_page(cast: Cast, client: Client, name: str) -> None:
    offer = cast.offer()
    sign_in(client, cast, name)
    for url in (reverse("offers"), reverse("offer", args=[offer.pk]), reverse("offer-add")):
        answer = client.get(url)
        assert answer.status_code == 403
        assert offer.reference not in words(answer)


@pytest.mark.turns(4)
@pytest.mark.parametrize(("state", "readers"), [("draft", {"unodc"}), ("named", {"unodc", "sumora", "cted", "unoct"})])
@pytest.mark.parametrize("name", MEMBERS)
def test_drafts_and_named_offers_stay_with_theirs(
    cast: Cast, client: Client, name: str, state: str, readers: set[str]
) -> None:
    named = {"visible_to_named_only": True, "for_states": [cast.org("sumora")]} if state == "named" else {}
    offer = cast.offer(published=state != "draft", title="Radar for small boats", **named)
    sign_in(client, cast, name)
    page = client.get(reverse("offer", args=[offer.pk]))
    assert page.status_code == (200 if name in readers else 404)
    listed = client.get(reverse("offers"))
    assert ("Radar" in words(listed)) == (name in readers)
    provider_is_a_choice = f'value="{offer.provider.slug}"' in listed.content.decode()
    assert provider_is_a_choice == (name in readers), "the filter would give the provider away"


def test_a_hidden_offer_answers_like_an_absent_one(cast: Cast, client: Client) -> None:
    offer = cast.offer(published=False)
    url = reverse("offer", args=[offer.pk])
    sign_in(client, cast, "iom")
    hidden = words(client.get(url))
    absent = words(client.get(reverse("offer", args=["00000000-0000-4000-8000-000000000000"])))
    assert hidden == absent


def test_the_page_shows_what_is_offered_for_whom_and_until_when(cast: Cast, client: Client) -> None:
    offer = cast.offer(
        for_states=[cast.org("carana")], for_regions=[cast.region], places=1200, expert_days=30, amount="15000.50",
        currency="EUR", working_languages=["ar", "fr"], closes_on=timezone.now().date() + timedelta(days=9),
    )  # fmt: skip
    sign_in(client, cast, "iom")
    text = words(client.get(reverse("offer", args=[offer.pk])))
    for part in ("Border security", "Training", "Carana", "Africa", "1,200 places", "30 expert days", "15,000.50 EUR"):
        assert part in text, part
    assert "Arabic" in text and "French" in text and "until" in text
    assert "Who can see this" in text


def test_an_expired_offer_is_marked(cast: Cast, client: Client) -> None:
    offer = cast.offer()
    Offer.objects.filter(pk=offer.pk).update(closes_on=timezone.now().date() - timedelta(days=1))
    sign_in(client, cast, "iom")
    assert "Expired" in words(client.get(reverse("offer", args=[offer.pk])))
    assert "Expired" in words(client.get(reverse("offers")))


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", [name for name in MEMBERS if name != "unodc"])
def test_only_the_provider_has_buttons_and_may_use_them(cast: Cast, client: Client, name: str) -> None:
    offer = cast.offer()
    sign_in(client, cast, name)
    assert "Pause" not in words(client.get(reverse("offer", args=[offer.pk])))
    for url in (reverse("offer-transition", args=[offer.pk, "pause"]), reverse("offer-edit", args=[offer.pk])):
        assert client.get(url).status_code == client.post(url, {}).status_code == 403
    offer.refresh_from_db()
    assert offer.status == "published"


# ── Recording and editing ──
def test_a_provider_records_publishes_pauses_and_withdraws_an_offer(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "unodc")
    answer = client.post(reverse("offer-add"), filled(cast, places="١٢", for_states=[str(cast.org("carana").pk)]))
    offer = Offer.objects.get()
    assert answer.status_code == 302
    assert (offer.title, offer.places, offer.status) == ("Radar for small boats", 12, "draft")
    for step, status in (("publish", "published"), ("pause", "paused"), ("publish", "published")):
        url = reverse("offer-transition", args=[offer.pk, step])
        assert client.get(url).status_code == 200
        assert client.post(url, {}).status_code == 302
        offer.refresh_from_db()
        assert offer.status == status
    client.post(reverse("offer-transition", args=[offer.pk, "withdraw"]), {"reason": "The team has moved on."})
    text = words(client.get(reverse("offer", args=[offer.pk])))
    assert "Withdrawn" in text and "The team has moved on." in text and "Edit the offer" not in text


@pytest.mark.parametrize("name", ["cted", "observer"])
def test_who_offers_nothing_cannot_record(cast: Cast, client: Client, name: str) -> None:
    sign_in(client, cast, name)
    assert "Record an offer" not in words(client.get(reverse("offers")))
    assert client.get(reverse("offer-add")).status_code == 403
    assert client.post(reverse("offer-add"), filled(cast)).status_code == 403


BAD: tuple[tuple[str, str | list[str]], ...] = (
    ("title", ""),
    ("title", "Radar\x00"),
    ("title", "x" * 301),
    ("description", "with \x00"),
    ("themes", ["no-such-theme"]),
    ("themes", ["border\x00"]),
    ("for_regions", ["\x00"]),
    ("for_states", ["carana"]),
    ("for_states", ["00000000-0000-4000-8000-000000000000"]),
    ("assistance_types", ["magic"]),
    ("assistance_types", []),
    ("working_languages", ["tlh"]),
    ("language", "xx"),
    ("places", "0"),
    ("places", "1" + "0" * 21),
    ("places", "1" * 5000),
    ("places", "a few"),
    ("expert_days", "-1"),
    ("amount", "1" + "0" * 21),
    ("amount", "NaN"),
    ("amount", "Infinity"),
    ("amount", "1.005"),
    ("currency", "XXX"),
    ("opens_on", "2026-02-30"),
    ("opens_on", "0000-00-00"),
    ("closes_on", "tomorrow"),
    ("provider", "00000000-0000-4000-8000-000000000000"),
    ("provider", "no uuid"),
)


@pytest.mark.turns(days=3)
def test_bad_input_is_named_at_its_field_and_nothing_is_lost(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "unodc")
    for field, sent in BAD:
        answer = client.post(reverse("offer-add"), filled(cast, **{field: sent}))
        assert answer.status_code == 422, (field, sent)
        assert errors_at(answer, field), (field, sent)
        assert "Courses and mentors." in words(answer) or field == "description"
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opens_on": "2026-03-02", "closes_on": "2026-03-01"}, "closes_on"),
        ({"amount": "100"}, "currency"),
        ({"visible_to_named_only": "on"}, "for_states"),
    ],
)
def test_what_the_rules_refuse_is_said_at_its_field(
    cast: Cast, client: Client, changes: dict[str, str], field: str
) -> None:
    sign_in(client, cast, "unodc")
    answer = client.post(reverse("offer-add"), filled(cast, **changes))
    assert answer.status_code == 422
    assert errors_at(answer, field)


def test_nobody_offers_in_the_name_of_another_organisation(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "iom")
    answer = client.post(reverse("offer-add"), filled(cast))
    assert errors_at(answer, "provider")
    assert not Offer.objects.exists()


def test_a_stale_save_shows_both_texts_and_can_be_sent_again(cast: Cast, client: Client) -> None:
    offer = cast.offer(places=5)
    sign_in(client, cast, "unodc")
    url = reverse("offer-edit", args=[offer.pk])
    sent = filled(cast, title="Mine", places="7", version=str(offer.version))
    client.post(url, {**sent, "title": "Theirs", "places": "5"})
    answer = client.post(url, sent)
    assert answer.status_code == 409
    text = words(answer)
    assert "Mine" in text and "Theirs" in text and "Stored entry" in text
    assert "Arabic, English" not in text, "a field that does not differ is not shown"
    offer.refresh_from_db()
    assert offer.title == "Theirs"
    again = {**sent, "version": str(offer.version)}
    assert client.post(url, again).status_code == 302
    offer.refresh_from_db()
    assert (offer.title, offer.places) == ("Mine", 7)


def test_the_parties_of_matches_are_told_that_their_offer_is_withdrawn(cast: Cast, client: Client) -> None:
    offer, needs = cast.offer(), [cast.need("shared") for _each in range(3)]
    open_, accepted, declined = (
        matches.propose(actor=cast.unodc, need=need.pk, offer=offer.pk, share=40) for need in needs
    )
    matches.accept(actor=cast.carana, match=accepted.pk)
    matches.decline(actor=cast.carana, match=declined.pk, reason="Later.")
    sign_in(client, cast, "unodc")
    assert (
        client.post(reverse("offer-transition", args=[offer.pk, "withdraw"]), {"reason": "Ended."}).status_code == 302
    )
    told = Event.objects.filter(name="match_offer_withdrawn")
    assert set(told.values_list("match", flat=True)) == {open_.pk, accepted.pk}
    people = Delivery.objects.filter(message="match_offer_withdrawn").values_list("recipient__name", flat=True)
    assert set(people) == {"carana", "cted"}, "the provider did it; nobody else is a party"
    assert {match.status for match in (Match.objects.get(pk=one.pk) for one in (open_, accepted))} == {
        "proposed", "accepted",
    }  # fmt: skip
    offer.refresh_from_db()
    assert offer.status == "withdrawn"


def test_a_withdrawn_offer_is_not_edited(cast: Cast, client: Client) -> None:
    offer = cast.offer()
    offer_withdrawal.withdraw(actor=cast.unodc, offer=offer.pk)
    sign_in(client, cast, "unodc")
    answer = client.post(reverse("offer-edit", args=[offer.pk]), filled(cast, title="Again"))
    assert answer.status_code == 409
    assert "withdrawn offer" in words(answer)


def test_a_step_that_does_not_fit_names_the_present_state(cast: Cast, client: Client) -> None:
    offer = cast.offer(published=False)
    sign_in(client, cast, "unodc")
    url = reverse("offer-transition", args=[offer.pk, "pause"])
    assert "Draft" in words(client.get(url))
    answer = client.post(url, {})
    assert answer.status_code == 409
    assert "Draft" in words(answer) and "Publish" in words(answer)
    assert client.get(reverse("offer-transition", args=[offer.pk, "explode"])).status_code == 404


# ── Lists ──
def test_the_list_is_narrowed_by_its_filters(cast: Cast, client: Client) -> None:
    cast.offer(title="Radar")
    cast.offer(who="iom", title="Ledgers", assistance_types=["ict"])
    sign_in(client, cast, "carana")
    for query, seen, unseen in (
        ("q=radar", "Radar", "Ledgers"),
        ("provider=iom", "Ledgers", "Radar"),
        ("assistance_type=ict", "Ledgers", "Radar"),
        ("theme=border", "Radar", "Nothing fits"),
        ("status=paused", "No results match these filters", "Ledgers"),
    ):
        text = words(client.get(f"{reverse('offers')}?{query}"))
        assert seen in text and unseen not in text, query


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=%00", 422), ("theme=%00", 422), ("provider=%D9%A1", 422), ("sort=password", 200), ("cursor=x", 200),
        ("page_size=1e21", 200),
    ],
)  # fmt: skip
def test_a_strange_address_is_no_server_error(cast: Cast, client: Client, query: str, status: int) -> None:
    cast.offer()
    sign_in(client, cast, "carana")
    assert client.get(f"{reverse('offers')}?{query}").status_code == status
    assert client.get(f"{reverse('offers')}?{query}&part=count").status_code == status


def test_a_list_of_three_costs_what_a_list_of_one_costs(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    url = reverse("offers")
    cast.offer(for_states=[cast.org("carana")], for_regions=[cast.region])
    one = statements(client, url)
    for _each in range(2):
        cast.offer(for_states=[cast.org("sumora")], for_regions=[Region.objects.get()])
    assert statements(client, url) == one


def test_the_pages_stand_in_arabic(cast: Cast, client: Client) -> None:
    offer = cast.offer(language="ar", title="رادار للقوارب", description="دورات.")
    sign_in(client, cast, "unodc", language="ar")
    for url in (reverse("offers"), reverse("offer", args=[offer.pk]), reverse("offer-edit", args=[offer.pk])):
        answer = client.get(url)
        assert 'dir="rtl"' in answer.content.decode()
        assert "رادار للقوارب" in answer.content.decode()


def test_an_offer_shows_one_status_and_the_list_is_filtered_by_it(cast: Cast, client: Client) -> None:
    today = timezone.now().date()
    over, never, soon, paused = cast.offer(), cast.offer(), cast.offer(closes_on=today), cast.offer()
    offers.pause(actor=cast.unodc, offer=paused.pk)
    Offer.objects.filter(pk__in=[over.pk, paused.pk]).update(closes_on=today - timedelta(days=1))
    sign_in(client, cast, "unodc")

    def listed(status: str) -> set[str]:
        return {row.reference for row in client.get(reverse("offers"), {"status": status}).context["object_list"]}

    assert listed("expired") == {over.reference} and listed("paused") == {paused.reference}
    assert listed("published") == {never.reference, soon.reference}
    for row, status in ((over, "Expired"), (never, "Published"), (paused, "Paused")):
        page = client.get(row.get_absolute_url()).content.decode()
        badges = page[page.index('<p class="badges">') : page.index("</p>", page.index('<p class="badges">'))]
        assert badges.count('<span class="tag') == 1 and status in badges, badges

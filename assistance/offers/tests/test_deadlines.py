"""The half-yearly confirmation of offers, and their end: each event once, and answered requests are done."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery
from assistance.offers import deadlines as offer_deadlines
from assistance.offers import transitions as offers
from assistance.offers.deadlines import extended, run_offers
from assistance.offers.models import Offer
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from assistance.workflow import deadlines, editing
from assistance.workflow.models import Event
from assistance.workflow.pending_work import tasks
from entities.appointments import absence
from entities.models import Appointment
from portal.tests.api import ApiClients

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def confirmed(offer: Offer, days_ago: int) -> Offer:
    """Set when the offer was last confirmed. Returns the offer."""
    Offer.objects.filter(pk=offer.pk).update(confirmed_at=timezone.now() - days_ago * DAY)
    offer.refresh_from_db()
    return offer


def names(offer: Offer) -> list[str]:
    """Return the names of what deadlines recorded about the offer, oldest first."""
    events = Event.objects.filter(offer=offer, actor=None).order_by("at")
    return list(events.values_list("name", flat=True))


def open_requests(cast: Cast, who: str = "unodc") -> set[str]:
    """Return the messages that still ask somebody to act."""
    rows = Delivery.objects.filter(recipient=cast.users[who], needs_action=True, done_at=None, channel="portal")
    return set(rows.values_list("message", flat=True))


# ── The confirmation ──
def test_publishing_confirms_and_half_a_year_later_the_provider_is_asked_once(cast: Cast) -> None:
    offer = cast.offer()
    assert offer.confirmed_at is not None and offer.confirm_due == offer.confirmed_at + 180 * DAY
    confirmed(offer, 179)
    assert run_offers(timezone.now()) == 0
    confirmed(offer, 180)
    assert run_offers(timezone.now()) == 1 and run_offers(timezone.now()) == 0
    assert names(offer) == ["offer_confirm_asked"]
    assert open_requests(cast) == {"offer_confirm_asked"}
    assert [task.reference for task in tasks(cast.unodc)] == [offer.reference]
    assert not tasks(cast.iom)


def test_an_answer_settles_the_request_and_begins_the_period_anew(cast: Cast, client: Client) -> None:
    offer = confirmed(cast.offer(), 190)
    run_offers(timezone.now())
    sign_in(client, cast, "unodc")
    assert "Confirm that it is still right" in words(client.get(offer.get_absolute_url()))
    url = reverse("offer-transition", args=[offer.pk, "confirm"])
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 302
    offer.refresh_from_db()
    assert offer.status == "published" and offer.confirmed_at is not None
    assert timezone.now() - offer.confirmed_at < timedelta(minutes=1)
    assert open_requests(cast) == set() and not tasks(cast.unodc)
    assert run_offers(timezone.now()) == 0
    assert "Confirm that it is still right" not in words(client.get(offer.get_absolute_url()))


def test_without_an_answer_for_thirty_days_the_offer_is_paused(cast: Cast, client: Client) -> None:
    offer = confirmed(cast.offer(), 200)
    run_offers(timezone.now())
    assert run_offers(timezone.now() + 29 * DAY) == 0
    assert run_offers(timezone.now() + 31 * DAY) == 1 and run_offers(timezone.now() + 32 * DAY) == 0
    offer.refresh_from_db()
    assert (offer.status, offer.pause_reason) == ("paused", "unconfirmed")
    assert names(offer) == ["offer_confirm_asked", "offer_unconfirmed"]
    assert open_requests(cast) == set()
    sign_in(client, cast, "unodc")
    assert "paused because it was not confirmed" in words(client.get(offer.get_absolute_url()))
    sign_in(client, cast, "iom")
    assert client.get(offer.get_absolute_url()).status_code == 404, "others see a paused offer no longer"
    offers.publish(actor=cast.unodc, offer=offer.pk)
    offer.refresh_from_db()
    assert (offer.status, offer.pause_reason) == ("published", "") and run_offers(timezone.now()) == 0


def test_days_on_which_nobody_acts_for_the_provider_do_not_count(cast: Cast) -> None:
    offer = confirmed(cast.offer(), 181)
    run_offers(timezone.now())
    today, post = timezone.now().date(), Appointment.objects.get(user=cast.users["unodc"])
    absence.be_absent(actor=cast.unodc, appointment=post, since=today, until=today + 9 * DAY)
    assert run_offers(timezone.now() + 35 * DAY) == 0
    assert run_offers(timezone.now() + 41 * DAY) == 1
    assert names(offer)[-1] == "offer_unconfirmed"


def test_absences_extend_a_period_by_their_days_in_it() -> None:
    since = datetime(2026, 1, 1, 12, tzinfo=UTC)
    days = [date(2026, 1, 3), date(2026, 1, 12), date(2026, 3, 1)]
    assert extended(since, 10 * DAY, days) == datetime(2026, 1, 13, 12, tzinfo=UTC)
    assert extended(since, 10 * DAY, []) == datetime(2026, 1, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", ["carana", "iom", "cted"])
def test_only_the_provider_confirms(cast: Cast, api_clients: ApiClients, name: str) -> None:
    offer = cast.offer()
    assert getattr(api_clients, name).post(f"offers/{offer.pk}/confirm/").status_code == 403


def test_the_api_confirms_and_says_when_it_is_due(cast: Cast, api_clients: ApiClients) -> None:
    offer = confirmed(cast.offer(), 200)
    before = api_clients.unodc.get(f"offers/{offer.pk}/").json()
    assert "confirm" in before["transitions"] and before["pause_reason"] is None
    after = api_clients.unodc.post(f"offers/{offer.pk}/confirm/", {"version": before["version"]}).json()
    assert after["confirmed_at"] > before["confirmed_at"] and after["confirm_due"] > before["confirm_due"]
    assert api_clients.unodc.post(f"offers/{offer.pk}/confirm/", {"version": before["version"]}).status_code == 409
    paused = offers.pause(actor=cast.unodc, offer=offer.pk)
    assert api_clients.unodc.post(f"offers/{paused.pk}/confirm/").status_code == 409


# ── The end ──
def test_the_provider_is_asked_before_the_end_which_is_recorded_once(cast: Cast) -> None:
    today = timezone.now().date()
    offer = confirmed(cast.offer(closes_on=today + 40 * DAY), 5)
    for days, expected in (
        (9, []),
        (12, ["offer_expiring"]),
        (13, ["offer_expiring"]),
        (35, ["offer_expiring", "offer_expiring_soon"]),
        (42, ["offer_expiring", "offer_expiring_soon", "offer_expired"]),
        (43, ["offer_expiring", "offer_expiring_soon", "offer_expired"]),
    ):
        run_later(days)
        assert names(offer) == expected, days
    assert open_requests(cast) == set()


def run_later(days: int) -> None:
    """Run deadlines so many days from now; what they record is dated then, as it would be."""
    with time_machine.travel(timezone.now() + days * DAY):
        run_offers(timezone.now())


def test_a_later_last_day_settles_the_request_and_asks_again_before_it(cast: Cast) -> None:
    today = timezone.now().date()
    offer = confirmed(cast.offer(closes_on=today + 20 * DAY), 15)
    run_offers(timezone.now())
    assert open_requests(cast) == {"offer_expiring"}
    editing.edit(actor=cast.unodc, model=Offer, pk=offer.pk, values={"closes_on": today + 25 * DAY})
    assert open_requests(cast) == {"offer_expiring"}, "still near"
    editing.edit(actor=cast.unodc, model=Offer, pk=offer.pk, values={"closes_on": today + 100 * DAY})
    assert open_requests(cast) == set()
    run_later(75)
    assert names(offer) == ["offer_expiring", "offer_expiring"]


def test_whoever_has_just_published_is_not_asked_about_the_end(cast: Cast) -> None:
    cast.offer(closes_on=timezone.now().date() + 20 * DAY)
    assert run_offers(timezone.now()) == 0


def test_an_expired_offer_is_not_asked_to_be_confirmed_and_cannot_be(cast: Cast, api_clients: ApiClients) -> None:
    offer = confirmed(cast.offer(), 200)
    Offer.objects.filter(pk=offer.pk).update(closes_on=timezone.now().date() - 2 * DAY)
    run_offers(timezone.now())
    assert names(offer) == ["offer_expired"] and not tasks(cast.unodc)
    shown = api_clients.iom.get(f"offers/{offer.pk}/").json()
    assert (shown["status"], shown["is_expired"]) == ("expired", True)
    assert api_clients.iom.ids("offers", status="expired") == [str(offer.pk)]
    assert api_clients.iom.ids("offers", status="published") == []
    assert api_clients.unodc.post(f"offers/{offer.pk}/confirm/").status_code == 409


def test_the_last_day_is_among_the_deadlines_of_the_provider_alone(cast: Cast) -> None:
    last = timezone.now().date() + 50 * DAY
    offer = cast.offer(closes_on=last)
    found = [(one.reference, one.day) for one in deadlines.upcoming(cast.unodc)]
    assert found == [(offer.reference, last)]
    assert deadlines.upcoming(cast.iom) == []


def test_an_offer_that_was_paused_meanwhile_is_left_alone(cast: Cast) -> None:
    offer = confirmed(cast.offer(), 200)
    offers.pause(actor=cast.unodc, offer=offer.pk)
    assert offer_deadlines._run_one(offer.pk, timezone.now()) == 0

"""The half-yearly confirmation of offers, and their end: each event once, and answered requests are done."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery
from assistance.access import policy
from assistance.offers import transitions as offers
from assistance.offers.models import Offer
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from assistance.workflow import deadlines, due_runs, editing
from assistance.workflow.models import Due, Event
from assistance.workflow.pending_work import tasks
from entities.appointments import absence
from entities.models import Appointment
from portal.tests.api import ApiClients

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def published(cast: Cast, days_ago: int, **values: Any) -> Offer:
    """Return an offer that was published, and so confirmed, so many days ago."""
    Appointment.objects.update(since=timezone.now().date() - 500 * DAY, approved_at=timezone.now() - 500 * DAY)
    with time_machine.travel(timezone.now() - days_ago * DAY):
        return cast.offer(**values)


def run(days: float = 0) -> int:
    """Run deadlines so many days from now; what they record is dated then, as it would be."""
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        return deadlines.run()


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
    offer = published(cast, 179)
    assert offer.confirmed_at is not None and offer.confirm_due == offer.confirmed_at + 180 * DAY
    assert run() == 0
    assert run(1) == 1 and run(1) == 0
    assert names(offer) == ["offer_confirm_asked"]
    assert open_requests(cast) == {"offer_confirm_asked"}
    assert [task.reference for task in tasks(cast.unodc)] == [offer.reference]
    assert not tasks(cast.iom)


def test_an_answer_settles_the_request_and_begins_the_period_anew(cast: Cast, client: Client) -> None:
    offer = published(cast, 190)
    run()
    sign_in(client, cast, "unodc")
    assert "Confirm that it is still right" in words(client.get(offer.get_absolute_url()))
    url = reverse("offer-transition", args=[offer.pk, "confirm"])
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 302
    offer.refresh_from_db()
    assert offer.status == "published" and offer.confirmed_at is not None
    assert timezone.now() - offer.confirmed_at < timedelta(minutes=1)
    assert open_requests(cast) == set() and not tasks(cast.unodc)
    assert run() == 0
    assert "Confirm that it is still right" not in words(client.get(offer.get_absolute_url()))
    due = Due.objects.get(offer=offer, done_at=None)
    assert due.starts_at == offer.confirmed_at and due.due_at == offer.confirmed_at + 210 * DAY


def test_without_an_answer_for_thirty_days_the_offer_is_paused(cast: Cast, client: Client) -> None:
    offer = published(cast, 200)
    run()
    assert run(15) == 0 and run(17) == 1, "reminded 14 days before it is paused"
    assert run(29) == 0
    assert run(31) == 1 and run(32) == 0
    offer.refresh_from_db()
    assert (offer.status, offer.pause_reason) == ("paused", "unconfirmed")
    assert names(offer) == ["offer_confirm_asked", "due_reminder", "offer_unconfirmed"]
    assert open_requests(cast) == set()
    sign_in(client, cast, "unodc")
    assert "paused because it was not confirmed" in words(client.get(offer.get_absolute_url()))
    sign_in(client, cast, "iom")
    assert client.get(offer.get_absolute_url()).status_code == 404, "others see a paused offer no longer"
    offers.publish(actor=cast.unodc, offer=offer.pk)
    offer.refresh_from_db()
    assert (offer.status, offer.pause_reason) == ("published", "") and run() == 0


def test_who_was_asked_late_still_has_thirty_days(cast: Cast) -> None:
    offer = published(cast, 400)
    assert run() == 1, "asked, and not paused at once"
    assert names(offer) == ["offer_confirm_asked"]
    assert run(29) == 1 and run(29.9) == 0
    assert names(offer)[-1] == "due_reminder"
    assert run(30.1) == 1 and names(offer)[-1] == "offer_unconfirmed"


def test_days_on_which_nobody_acts_for_the_provider_do_not_count(cast: Cast) -> None:
    offer = published(cast, 181)
    run()
    today, post = timezone.now().date(), Appointment.objects.get(user=cast.users["unodc"])
    absence.be_absent(actor=cast.unodc, appointment=post, since=today, until=today + 9 * DAY)
    run(27)
    assert run(35) == 0 and "offer_unconfirmed" not in names(offer)
    assert run(41) == 1
    assert names(offer)[-1] == "offer_unconfirmed"


def test_a_clock_that_is_set_back_asks_nobody_twice(cast: Cast) -> None:
    offer = published(cast, 170)
    for days in (11, 3, 11, 0, 12, 27, 26, 27):
        run(days)
    assert names(offer) == ["offer_confirm_asked", "due_reminder"]


@pytest.mark.django_db(transaction=True)
def test_of_two_schedulers_one_asks_and_one_pauses() -> None:
    cast = Cast()
    asked, late = published(cast, 181), published(cast, 230)
    with time_machine.travel(timezone.now() - 40 * DAY):
        deadlines.run()
    counts: list[int] = []

    def at_once() -> None:
        try:
            counts.append(due_runs.run(timezone.now()))
        finally:
            connection.close()

    threads = [threading.Thread(target=at_once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(counts) == 2 and len(counts) == 4
    assert names(asked) == ["offer_confirm_asked"]
    assert names(late) == ["offer_confirm_asked", "offer_unconfirmed"]


@pytest.mark.parametrize("name", ["carana", "iom", "cted"])
def test_only_the_provider_confirms(cast: Cast, api_clients: ApiClients, name: str) -> None:
    offer = cast.offer()
    assert getattr(api_clients, name).post(f"offers/{offer.pk}/confirm/").status_code == 403


def test_the_api_confirms_and_says_when_it_is_due(cast: Cast, api_clients: ApiClients) -> None:
    offer = published(cast, 200)
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
    offer = published(cast, 5, closes_on=today + 40 * DAY)
    for days, expected in (
        (9, []),
        (12, ["offer_expiring"]),
        (13, ["offer_expiring"]),
        (35, ["offer_expiring", "offer_expiring_soon"]),
        (42, ["offer_expiring", "offer_expiring_soon", "offer_expired"]),
        (43, ["offer_expiring", "offer_expiring_soon", "offer_expired"]),
        (20, ["offer_expiring", "offer_expiring_soon", "offer_expired"]),
    ):
        run(days)
        assert names(offer) == expected, days
    assert open_requests(cast) == set()
    assert not Due.objects.filter(offer=offer, done_at=None).exists(), "nothing is owed about an offer that has ended"


def test_a_later_last_day_settles_the_request_and_asks_again_before_it(cast: Cast) -> None:
    today = timezone.now().date()
    offer = published(cast, 15, closes_on=today + 20 * DAY)
    run()
    assert open_requests(cast) == {"offer_expiring"}
    editing.edit(actor=cast.unodc, model=Offer, pk=offer.pk, values={"closes_on": today + 25 * DAY})
    assert open_requests(cast) == {"offer_expiring"}, "still near"
    assert run() == 0
    editing.edit(actor=cast.unodc, model=Offer, pk=offer.pk, values={"closes_on": today + 100 * DAY})
    assert open_requests(cast) == set()
    run(75)
    assert names(offer) == ["offer_expiring", "offer_expiring"]
    editing.edit(actor=cast.unodc, model=Offer, pk=offer.pk, values={"closes_on": None})
    assert not Due.objects.filter(offer=offer, kind="offer_end", done_at=None).exists()


def test_whoever_has_just_published_is_not_asked_about_the_end(cast: Cast) -> None:
    cast.offer(closes_on=timezone.now().date() + 20 * DAY)
    assert run() == 0


def test_an_expired_offer_is_not_asked_to_be_confirmed_and_cannot_be(cast: Cast, api_clients: ApiClients) -> None:
    offer = published(cast, 170, closes_on=timezone.now().date() - 2 * DAY)
    run()
    assert names(offer)[-1] == "offer_expired"
    run(15)
    assert names(offer)[-1] == "offer_expired" and not tasks(cast.unodc)
    shown = api_clients.iom.get(f"offers/{offer.pk}/").json()
    assert (shown["status"], shown["is_expired"]) == ("expired", True)
    assert api_clients.iom.ids("offers", status="expired") == [str(offer.pk)]
    assert api_clients.iom.ids("offers", status="published") == []
    assert api_clients.unodc.post(f"offers/{offer.pk}/confirm/").status_code == 409


def test_an_offer_that_is_open_again_has_to_be_confirmed_again(cast: Cast) -> None:
    offer = published(cast, 170, closes_on=timezone.now().date() - 2 * DAY)
    run()
    editing.edit(actor=cast.unodc, model=Offer, pk=offer.pk, values={"closes_on": timezone.now().date() + 300 * DAY})
    due = Due.objects.get(offer=offer, kind="offer_confirm", done_at=None)
    assert due.counts_from == offer.confirmed_at
    run(11)
    assert names(offer)[-1] == "offer_confirm_asked"


def test_the_last_day_is_among_the_deadlines_of_the_provider_and_unoct(cast: Cast) -> None:
    last = timezone.now().date() + 50 * DAY
    offer = cast.offer(closes_on=last)
    found = [(one.reference, one.day, str(one.text)) for one in deadlines.upcoming(cast.unodc)]
    assert found == [(offer.reference, last, "Decision whether an offer goes on")]
    assert [one.day for one in deadlines.upcoming(cast.unoct)] == [last]
    for actor in (cast.iom, cast.cted, cast.carana):
        assert deadlines.upcoming(actor) == [] and not policy.visible(actor, Due).exists()


def test_an_offer_that_was_paused_meanwhile_is_left_alone(cast: Cast) -> None:
    offer = published(cast, 150, closes_on=timezone.now().date() + 60 * DAY)
    offers.pause(actor=cast.unodc, offer=offer.pk)
    paused = Due.objects.get(offer=offer, done_at=None)
    assert paused.kind == "offer_confirm" and paused.due_at is None and paused.left.days in (59, 60)
    assert run(70) == 0 and names(offer) == []
    offers.publish(actor=cast.unodc, offer=offer.pk)
    assert set(Due.objects.filter(offer=offer, done_at=None).values_list("kind", flat=True)) == {
        "offer_confirm",
        "offer_end",
    }


# ── Offers from before the clocks ──
def test_offers_without_deadlines_get_them_and_nothing_is_asked_twice(cast: Cast) -> None:
    near = timezone.now().date() + 5 * DAY
    asked, fresh, ending = published(cast, 190), published(cast, 20), published(cast, 100, closes_on=near)
    over = published(cast, 100, closes_on=timezone.now().date() - 10 * DAY)
    draft = cast.offer(published=False)
    with time_machine.travel(timezone.now() - 9 * DAY):
        deadlines.run()
    run()
    before = {offer.pk: names(offer) for offer in (asked, fresh, ending, over, draft)}
    assert before == {
        asked.pk: ["offer_confirm_asked"], fresh.pk: [], ending.pk: ["offer_expiring", "offer_expiring_soon"],
        over.pk: ["offer_expired"], draft.pk: [],
    }  # fmt: skip
    Due.objects.all().delete()
    for _ in range(2):
        run()
    assert {offer.pk: names(offer) for offer in (asked, fresh, ending, over, draft)} == before
    assert due_runs.start_missing(timezone.now()) == 0
    confirm = Due.objects.get(offer=asked, done_at=None)
    sent = Event.objects.get(offer=asked, name="offer_confirm_asked").at
    assert confirm.rung == 1 and confirm.reminded_at == sent and confirm.due_at == sent + 30 * DAY
    assert not Due.objects.filter(offer__in=[over, draft], done_at=None).exists()
    assert run(10) == 2 and names(ending)[-1] == "offer_expired" and names(asked)[-1] == "due_reminder"

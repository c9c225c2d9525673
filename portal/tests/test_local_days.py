"""A last day ends by the clock of its State: in the form, in the rules, in SQL and as told."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from assistance.access import policy
from assistance.consents import transitions as consents
from assistance.consents.deadlines import run_consents
from assistance.needs.match_forms import offers_to_propose
from assistance.needs.models import Need
from assistance.offers.models import Offer
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from entities.local_days import end_of, last_day, offset_of, today_of
from entities.models import Organisation
from portal.tests.api import ApiClients, fields
from web.exceptions import Invalid

DAY = datetime.now(UTC).date() + timedelta(days=1)
NOON = datetime.combine(DAY, time(12), UTC)
EAST, WEST = "Pacific/Kiritimati", "Pacific/Honolulu"  # UTC+14 and UTC−10


def state_in(cast: Cast, zone: str) -> Organisation:
    """Return Carana, moved to a time zone."""
    Organisation.objects.filter(slug="carana").update(time_zone=zone)
    state: Organisation = cast.org("carana")
    state.refresh_from_db()
    return state


def hours_seen(need: Need, cast: Cast) -> datetime:
    """Return the first full hour at which another organisation no longer sees the need."""
    moment = NOON
    while True:
        with time_machine.travel(moment, tick=False):
            if not policy.visible(cast.unodc, Need).filter(pk=need.pk).exists():
                return moment
        moment += timedelta(hours=1)


@pytest.mark.parametrize(("zone", "hours"), [(EAST, 10), (WEST, 34), ("", 24), ("Africa/Nairobi", 21)])
def test_a_release_ends_with_the_day_of_its_state(cast: Cast, zone: str, hours: int) -> None:
    """Hours of UTC after the last day has begun there; in the east it begins, and ends, earlier."""
    state_in(cast, zone)
    last = DAY + timedelta(days=1)
    ends = datetime.combine(last, time.min, UTC) + timedelta(hours=hours)
    with time_machine.travel(NOON, tick=False):
        need = cast.need("shared", until=last)
    assert need.ends_at == ends and need.released_until == last
    assert hours_seen(need, cast) == ends
    assert run_consents(ends - timedelta(seconds=1)) == 0
    with time_machine.travel(ends, tick=False):
        assert run_consents(ends) == 1
        need.refresh_from_db()
        assert need.status == "agreed"


@pytest.mark.parametrize(
    ("zone", "over"), [(EAST, DAY), (WEST, DAY - timedelta(days=1)), ("", DAY - timedelta(days=1))]
)
def test_the_first_day_to_choose_is_today_there(cast: Cast, zone: str, over: date) -> None:
    """At 12:00 UTC it is 02:00 on the next day at UTC+14."""
    state = state_in(cast, zone)
    with time_machine.travel(NOON, tick=False):
        need = cast.need("agreed")
        with pytest.raises(Invalid):
            consents.release(actor=cast.carana, rows=[need], until=over)
        assert today_of(state) == over + timedelta(days=1)
        consents.release(actor=cast.carana, rows=[need], until=today_of(state))
        assert policy.visible(cast.unodc, Need).filter(pk=need.pk).exists()


def test_early_in_the_day_of_utc_it_is_still_yesterday_in_the_west(cast: Cast) -> None:
    state_in(cast, WEST)
    with time_machine.travel(datetime.combine(DAY, time(3), UTC), tick=False):
        need = cast.need("shared", until=DAY - timedelta(days=1))
        assert policy.visible(cast.unodc, Need).filter(pk=need.pk).exists()


def test_a_withdrawal_acts_at_once_in_every_zone(cast: Cast) -> None:
    state_in(cast, WEST)
    need = cast.need("shared", until=timezone.now().date() + timedelta(days=30))
    consents.withdraw(actor=cast.carana, rows=[need])
    assert not policy.visible(cast.unodc, Need).filter(pk=need.pk).exists()


def test_the_form_and_the_pages_say_whose_day_it_is(cast: Cast, client: Client) -> None:
    state_in(cast, "Africa/Nairobi")
    last = DAY + timedelta(days=30)
    with time_machine.travel(NOON):
        sign_in(client, cast, "carana")
        need = cast.need("agreed")
        page = client.get(reverse("need-share", args=[need.pk]))
        assert "The last day ends at midnight in Carana (UTC+3)." in words(page)
        consent = consents.release(actor=cast.carana, rows=[need], until=last)
        assert f"{date_format(last, 'DATE_FORMAT')}, end of the day in Carana (UTC+3)" in words(
            client.get(consent.get_absolute_url())
        )


def test_the_api_tells_the_moment(cast: Cast, api_clients: ApiClients) -> None:
    state_in(cast, EAST)
    need = cast.need("agreed")
    day = timezone.now().date() + timedelta(days=10)
    body: dict[str, Any] = {"needs": [str(need.pk)], "until": str(day)}
    shown = api_clients.carana.post("consents/", body).json()
    assert (shown["until"], shown["ends_at"]) == (str(day), f"{day}T10:00:00Z")
    other = cast.need("agreed")
    past = {"needs": [str(other.pk)], "until": str(timezone.now().date() - timedelta(days=1))}
    assert fields(api_clients.carana.post("consents/", past)) == {"until"}


@pytest.mark.parametrize(
    ("zone", "day", "offset"),
    [
        ("", date(2027, 1, 1), "UTC"), ("Asia/Kathmandu", date(2027, 1, 1), "UTC+5:45"),
        ("America/New_York", date(2027, 1, 1), "UTC−5"),
        ("America/New_York", date(2027, 7, 1), "UTC−4"), (EAST, date.max, "UTC"), (WEST, date.max - timedelta(days=1), "UTC−10"),
    ],
)  # fmt: skip
def test_the_offset_is_that_of_the_day(zone: str, day: date, offset: str) -> None:
    state = Organisation(time_zone=zone, name_en="Carana", name="Carana")
    if day.year < date.max.year:
        assert offset_of(state, day) == offset
    assert end_of(day, state).tzinfo is not None
    with override("en"):
        assert last_day(day, state).endswith(")")


@pytest.mark.parametrize("zone", [EAST, WEST])
def test_an_offer_ends_by_the_clock_of_its_provider(cast: Cast, zone: str) -> None:
    offer, need = cast.offer(closes_on=DAY), cast.need("shared")
    Organisation.objects.filter(pk=offer.provider_id).update(time_zone=zone)
    over = end_of(DAY, Organisation.objects.get(pk=offer.provider_id))
    for moment, is_expired in ((over - timedelta(seconds=1), False), (over, True)):
        with time_machine.travel(moment, tick=False):
            fresh = Offer.objects.get(pk=offer.pk)
            assert fresh.is_expired == is_expired
            assert (fresh in offers_to_propose(cast.cted, need)) == (not is_expired)

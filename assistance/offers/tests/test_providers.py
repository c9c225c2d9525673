"""What the page of an organization shows of it as a provider, to whom."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assistance.needs import match_transitions as matches
from assistance.needs.models import Match
from assistance.offers.providers import answers_of
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words

pytestmark = pytest.mark.django_db


def answered(cast: Cast, days: int, *, declined: bool = False) -> Match:
    """Return a match suggested to the provider, which answered after so many days, today."""
    need = cast.need("shared")
    with time_machine.travel(timezone.now() - timedelta(days=days)):
        match = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("unodc"), share=10)
    if declined:
        return matches.decline(actor=cast.unodc, match=match.pk, reason="No.")
    return matches.accept(actor=cast.unodc, match=match.pk)


def test_the_page_shows_offers_projects_and_states_that_the_reader_sees(cast: Cast, client: Client) -> None:
    cast.offer(title="Open courses")
    cast.offer(title="Draft courses", published=False)
    cast.project(title="Open project")
    cast.project(title="Quiet project", is_restricted=True)
    cast.match("in_delivery")
    url = cast.org("unodc").get_absolute_url()
    sign_in(client, cast, "iom")
    text = words(client.get(url))
    assert "Open courses" in text and "Open project" in text and "Carana" in text
    assert "Draft courses" not in text and "Quiet project" not in text
    sign_in(client, cast, "sumora")
    text = words(client.get(url))
    assert "Open courses" in text and "Carana" not in text and "Open project" not in text


def test_without_anything_to_show_the_part_is_left_out(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    assert "Assistance by this organization" not in words(client.get(cast.org("iom").get_absolute_url()))


def test_a_state_that_provides_has_the_part_on_its_page(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "iom")
    url = cast.org("sumora").get_absolute_url()
    assert "Assistance by this State to others" not in words(client.get(url))
    cast.offer(who="sumora", title="Courses of a State")
    cast.offer(who="sumora", title="Draft of a State", published=False)
    text = words(client.get(url))
    assert "Assistance by this State to others" in text and "Courses of a State" in text
    assert "Draft of a State" not in text


def test_figures_of_answers_need_five_suggestions(cast: Cast) -> None:
    for days in (1, 3, 5, 9):
        answered(cast, days)
    assert answers_of(cast.cted, cast.org("unodc")) is None
    answered(cast, 20, declined=True)
    found = answers_of(cast.cted, cast.org("unodc"))
    assert found is not None and (found.number, found.share, found.days) == (5, 100, 5)


def test_figures_are_for_the_provider_cted_and_unoct(cast: Cast, client: Client) -> None:
    for _each in range(5):
        answered(cast, 2)
    for name in ("unodc", "cted", "unoct", "iom", "carana", "sumora"):
        sign_in(client, cast, name)
        text = words(client.get(cast.org("unodc").get_absolute_url()))
        assert ("Median time to answer" in text) == (name in ("unodc", "cted", "unoct")), name

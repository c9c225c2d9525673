"""Whether an offer for some groups of States is open to one of them, by the lists of these groups."""

import pytest
from django.test import Client
from django.urls import reverse

from assistance.needs import match_transitions as matches
from assistance.offers.eligibility import Fit, eligibility_for
from assistance.offers.models import Offer
from assistance.offers.states import Eligibility
from assistance.requests.tests.requests import make, need_of
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from entities.models import Organisation
from entities.state_groups import state_lists
from portal.tests.api import ApiClients

CHAD, SAMOA, FRANCE = (Organisation(iso3=code, kind="member_state", name=code) for code in ("TCD", "WSM", "FRA"))


@pytest.mark.parametrize(
    ("groups", "state", "fit"),
    [
        ([], CHAD, None),
        (["ldc"], CHAD, Fit.YES),
        (["sids", "lldc"], CHAD, Fit.YES),
        (["sids"], CHAD, Fit.NO),
        (["sids"], SAMOA, Fit.YES),
        (["ldc", "lldc", "sids"], FRANCE, Fit.NO),
        (["most_affected"], FRANCE, Fit.PROVIDER_DECIDES),
        (["ldc", "most_affected"], FRANCE, Fit.PROVIDER_DECIDES),
        (["ldc", "most_affected"], CHAD, Fit.YES),
    ],
)
def test_a_state_is_looked_up_in_the_lists(groups: list[str], state: Organisation, fit: Fit | None) -> None:
    found = eligibility_for(Offer(eligibility=groups), state)
    assert (found and found.fit) == fit


def test_each_group_with_a_list_has_its_day_and_known_states() -> None:
    lists = state_lists()
    assert set(lists) == set(Eligibility.values) - {"most_affected"}
    assert {group: len(one.iso3) for group, one in lists.items()} == {"ldc": 44, "lldc": 32, "sids": 37}


@pytest.mark.django_db
def test_the_state_reads_it_beside_the_offer_and_in_the_comparison(
    cast: Cast, client: Client, api_clients: ApiClients
) -> None:
    offer = cast.offer(eligibility=["lldc", "sids"])
    row = make(cast, "circulated")
    matches.propose(actor=cast.unodc, need=need_of(row).pk, share=60, offer=offer.pk)
    text = "This State is not on the list of 31 December 2024."
    sign_in(client, cast, "carana")
    assert text in words(client.get(offer.get_absolute_url()))
    assert text in words(client.get(reverse("assistance-request-comparison", args=[row.pk])))
    assert text in words(client.get(row.get_absolute_url()))
    (one,) = api_clients.carana.get(f"requests/{row.pk}/comparison/").json()["results"]
    assert one["eligible"] == "no"
    sign_in(client, cast, "iom")
    assert "This State is not on the list" not in words(client.get(offer.get_absolute_url()))

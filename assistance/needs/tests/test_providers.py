"""Who provides assistance: entities, partners and States, but no body of the Security Council, and no State for itself."""

import pytest
from django.test import Client
from django.urls import reverse

from assistance.needs import match_transitions as matches
from assistance.needs.models import Match
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.tests.cast import Cast, appoint
from assistance.tests.pages import sign_in, words
from assistance.workflow import editing
from entities.models import Organisation, Role
from portal.tests.api import ApiClients
from web.exceptions import Invalid

PROPOSE = "Propose an offer"


@pytest.fixture
def api_clients(cast: Cast) -> ApiClients:
    return ApiClients(cast)


def test_a_council_body_is_never_a_provider_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("shared")
    answer = api_clients.cted.post("matches/", {"need": str(need.pk), "provider": "cted", "share": 10})
    assert answer.status_code == 422 and "provider" in {error["field"] for error in answer.json()["errors"]}
    offer = {"title": "Courses", "description": "Two.", "themes": ["border"], "assistance_types": ["training"]}
    assert api_clients.cted.post("offers/", {**offer, "provider": "cted"}).status_code == 403
    assert api_clients.cted.post("projects/", {"title": "X", "status": "ongoing", "lead": "cted"}).status_code == 403
    assert {"offers", "projects"}.isdisjoint(api_clients.cted.get("me/").json()["may"])
    assert not Match.objects.exists() and not Offer.objects.exists() and not Project.objects.exists()


def test_nor_through_somebody_who_acts_for_a_provider_as_well(cast: Cast) -> None:
    appoint(cast.users["unodc"], cast.org("cted"), Role.ASSESSOR)
    both, need = cast.unodc, cast.need("shared")
    offer = {
        "provider": cast.org("cted"), "language": "en", "title": "Courses", "description": "Two.",
        "assistance_types": ["training"], "themes": [cast.theme],
    }  # fmt: skip
    project = {"lead": cast.org("cted"), "language": "en", "title": "Safer borders", "status": "ongoing"}
    for model, values, field in ((Offer, offer, "provider"), (Project, project, "lead")):
        with pytest.raises(Invalid) as refused:
            editing.create(actor=both, model=model, values=values)
        assert set(refused.value.errors) == {field}
    with pytest.raises(Invalid):
        matches.propose(actor=both, need=need.pk, provider=cast.org("cted"))
    assert [one.slug for one in both.providers()] == ["unodc"]


def test_cted_suggests_no_state_for_its_own_need_by_page_or_api(
    cast: Cast, api_clients: ApiClients, client: Client
) -> None:
    need = cast.need("shared")
    body = {"need": str(need.pk), "provider": "carana", "share": 10}
    answer = api_clients.cted.post("matches/", body)
    assert answer.status_code == 422 and [error["field"] for error in answer.json()["errors"]] == ["provider"]
    sign_in(client, cast, "cted")
    page = client.get(reverse("match-propose", args=[need.pk])).content.decode()
    offered = {one.slug for one in Organisation.objects.all() if f'<option value="{one.pk}"' in page}
    assert offered == {"unodc", "iom", "unoct"}
    client.post(reverse("match-propose", args=[need.pk]), {"provider": cast.org("carana").pk, "share": 10})
    assert not Match.objects.exists()


def test_a_state_helps_another_and_the_other_accepts(cast: Cast, client: Client) -> None:
    need = cast.need("shared", audience=["sumora"])
    offer = cast.offer(who="sumora", for_states=[cast.org("carana")])
    sign_in(client, cast, "sumora")
    assert PROPOSE in words(client.get(reverse("need", args=[need.pk])))
    page = reverse("match-propose", args=[need.pk])
    assert client.get(page).status_code == 200
    client.post(page, {"offer": offer.pk, "share": 40, "message": "Our own trainers."})
    match = Match.objects.get()
    assert (match.provider.slug, match.status, match.offer) == ("sumora", "proposed", offer)
    assert matches.accept(actor=cast.carana, match=match.pk).status == "accepted"
    assert matches.start(actor=cast.sumora, match=match.pk).status == "in_delivery"


def test_a_state_proposes_nothing_for_its_own_need(cast: Cast, client: Client, api_clients: ApiClients) -> None:
    need = cast.need("shared")
    offer = cast.offer(who="carana")
    sign_in(client, cast, "carana")
    assert PROPOSE not in words(client.get(reverse("need", args=[need.pk])))
    assert client.get(reverse("match-propose", args=[need.pk])).status_code == 403
    for body in ({"provider": "carana"}, {"offer": str(offer.pk)}, {}):
        answer = api_clients.carana.post("matches/", {"need": str(need.pk), "share": 10, **body})
        assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "provider", body
    sign_in(client, cast, "cted")  # nor is its offer among those that fit, or those to choose from
    assert offer.title not in words(client.get(reverse("need", args=[need.pk])))
    assert str(offer.pk) not in client.get(reverse("match-propose", args=[need.pk])).content.decode()
    assert not Match.objects.exists()


def test_who_acts_for_two_states_helps_one_in_the_name_of_the_other(cast: Cast) -> None:
    appoint(cast.users["carana"], cast.org("sumora"), Role.FOCAL_POINT)
    need = cast.need("shared", audience=["sumora"])
    match = matches.propose(actor=cast.carana, need=need.pk, share=20)
    assert match.provider.slug == "sumora"


def test_a_state_leads_projects_but_not_for_its_own_need(cast: Cast) -> None:
    need = cast.need("shared", audience=["sumora"])
    assert cast.project(who="sumora", needs=[need]).lead.slug == "sumora"
    with pytest.raises(Invalid) as refused:
        cast.project(who="carana", needs=[need])
    assert set(refused.value.errors) == {"needs"}
    assert cast.project(who="carana").lead.slug == "carana"


def test_nor_does_it_take_over_a_project_for_its_own_need(cast: Cast) -> None:
    appoint(cast.users["unodc"], cast.org("carana"), Role.FOCAL_POINT)
    need = cast.need("shared")
    project = cast.project(lead=cast.org("unodc"), needs=[need])
    with pytest.raises(Invalid) as refused:
        editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"lead": cast.org("carana")})
    assert set(refused.value.errors) == {"needs"}
    values = {"lead": cast.org("carana"), "needs": []}
    assert editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values=values).lead.slug == "carana"

"""The percentages of the States of a project, its phases, and how organizations work together in it."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assistance.projects.models import Project
from assistance.projects.shares import of_states
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import editing
from portal.tests.api import ApiClients
from web.exceptions import Invalid

pytestmark = pytest.mark.django_db


def shares(cast: Cast, **percent: str) -> list[dict[str, Any]]:
    """Return percentages as a value: State → percentage."""
    return [{"state": cast.org(slug), "percent": Decimal(part)} for slug, part in percent.items()]


def of_two(cast: Cast, **values: Any) -> Project:
    return cast.project(states=[cast.org("carana"), cast.org("sumora")], **values)


def edit(cast: Cast, project: Project, **values: Any) -> Project:
    return editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values=values)


@pytest.mark.parametrize(
    ("carana", "sumora"), [("33.34", "66.66"), ("33.33", "66.66"), ("33.34", "66.67"), ("0", "100")]
)
def test_percentages_that_add_up_to_the_whole_are_stored(cast: Cast, carana: str, sumora: str) -> None:
    project = of_two(cast, shares=shares(cast, carana=carana, sumora=sumora))
    assert set(of_states(project).values()) == {Decimal(carana), Decimal(sumora)}
    assert edit(cast, project, shares=[]).version == 2
    assert of_states(Project.objects.get(pk=project.pk)) == {}


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"carana": "33.33", "sumora": "66.65"}, "shares"),
        ({"carana": "100", "sumora": "0.02"}, "shares"),
        ({"carana": "100"}, "shares"),
        ({"carana": "50", "unodc": "50"}, "shares.1.state"),
        ({"carana": "-1", "sumora": "101"}, "shares.0.percent"),
    ],
)
def test_other_percentages_are_refused_at_their_field(cast: Cast, given: dict[str, str], at: str) -> None:
    with pytest.raises(Invalid) as refused:
        of_two(cast, shares=shares(cast, **given))
    assert at in refused.value.errors


def test_percentages_that_no_longer_fit_the_states_are_removed(cast: Cast) -> None:
    project = of_two(cast, shares=shares(cast, carana="40", sumora="60"))
    same = edit(cast, project, title="Safer crossings")
    assert len(of_states(same)) == 2
    moved = edit(cast, project, states=[cast.org("carana")])
    assert of_states(moved) == {}


def test_the_lead_enters_percentages_on_their_page(cast: Cast, client: Client) -> None:
    project = of_two(cast)
    url = reverse("project-shares", args=[project.pk])
    sign_in(client, cast, "unodc")
    assert "Enter percentages" in words(client.get(project.get_absolute_url()))
    refused = client.post(url, {"share_0": "40.5", "share_1": "40"})
    assert refused.status_code == 422 and "add up to 80.5" in words(refused) and errors_at(refused, "share_1")
    assert client.post(url, {"share_0": "40.5", "share_1": ""}).status_code == 422
    assert client.post(url, {"share_0": "40.5", "share_1": "59.5"}).status_code == 302
    assert "Carana 40.50% · Sumora 59.50%" in words(client.get(project.get_absolute_url()))
    assert client.post(url, {"share_0": "", "share_1": "", "version": "1"}).status_code == 409
    assert client.post(url, {"share_0": "", "share_1": "", "version": "2"}).status_code == 302
    assert of_states(project) == {}


def test_nobody_but_the_lead_enters_percentages(cast: Cast, client: Client) -> None:
    project, nowhere = of_two(cast), cast.project(states=[])
    sign_in(client, cast, "iom")
    assert client.get(reverse("project-shares", args=[project.pk])).status_code == 403
    sign_in(client, cast, "partner")
    assert client.get(reverse("project-shares", args=[project.pk])).status_code == 404
    sign_in(client, cast, "unodc")
    assert client.get(reverse("project-shares", args=[nowhere.pk])).status_code == 404


def test_phases_name_who_takes_part_by_their_roles(cast: Cast, client: Client, api_clients: ApiClients) -> None:
    partners = [
        (cast.org("unodc"), "designing"),
        (cast.org("iom"), "implementing"),
        (cast.org("searcct"), "accountable"),
    ]
    project = of_two(cast, partners=partners, mode="joint", shares=shares(cast, carana="40", sumora="60"))
    sign_in(client, cast, "carana")
    shown = words(client.get(project.get_absolute_url()))
    assert "Design of the project · UNODC" in shown and "Funding of the project · Nobody named" in shown
    assert "Implementation of the project · IOM" in shown
    assert "Joint project of several entities" in shown
    answer = api_clients.carana.get(f"/api/v1/projects/{project.pk}/").json()
    assert answer["phases"] == {"design": ["unodc"], "funding": [], "implementation": ["iom"]}
    assert answer["mode"] == "joint"
    assert {"state": "XCA", "percent": "40.00"} in answer["shares"]
    plain = cast.project()
    assert "Phases" not in words(client.get(plain.get_absolute_url()))

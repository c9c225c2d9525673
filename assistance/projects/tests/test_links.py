"""Parts of joint projects, records of the same activity, and the budgets of a State, which count each activity once."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assistance.access.audiences import save_with_audience
from assistance.projects import links
from assistance.projects.models import Project
from assistance.projects.sums import budgets_in
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import editing
from portal.tests.api import ApiClients, fields
from web.exceptions import Forbidden, Invalid

pytestmark = pytest.mark.django_db


def money(amount: str) -> dict[str, Any]:
    return {"budget": Decimal(amount), "currency": "USD"}


def programme(cast: Cast, **values: Any) -> Project:
    """Return a joint project of unodc and iom with a budget of 1,000."""
    return cast.project(partners=[(cast.org("iom"), "implementing")], **{**money("1000"), **values})


def imported(cast: Cast, **values: Any) -> Project:
    project = cast.project("iom", **values)
    project.origin = "IOM"
    save_with_audience(project, ["origin"])
    return project


def in_carana(cast: Cast, who: str = "unodc") -> list[tuple[str, Decimal]]:
    return budgets_in(getattr(cast, who), cast.org("carana")).by_currency


def edit(cast: Cast, project: Project, who: str = "unodc", **values: Any) -> Project:
    return editing.edit(actor=getattr(cast, who), model=Project, pk=project.pk, values=values)


# ── Parts ──
def test_the_parts_of_a_joint_project_are_counted_with_it(cast: Cast, client: Client) -> None:
    whole = programme(cast)
    cast.project("iom", parent=whole, **money("300"))
    cast.project(parent=whole, **money("400"))
    cast.project("iom", **money("50"))
    assert in_carana(cast) == [("USD", Decimal("1050.00"))]
    sign_in(client, cast, "carana")
    assert "1,050 USD" in words(client.get(reverse("state", args=["carana"])))
    assert "Parts of this project" in words(client.get(whole.get_absolute_url()))


def test_the_page_shows_what_is_left_of_a_joint_budget(cast: Cast, client: Client) -> None:
    whole = programme(cast)
    cast.project("iom", parent=whole, **money("300"))
    cast.project("iom", parent=whole, is_restricted=True, **money("200"))
    for name, left in (("carana", "700 USD"), ("iom", "500 USD")):
        sign_in(client, cast, name)
        assert f"Budget without these parts{left}" in words(client.get(whole.get_absolute_url()))
    cast.project("iom", parent=whole, budget=Decimal("5"), currency="EUR")
    assert "Budget without these parts" not in words(client.get(whole.get_absolute_url()))


def test_a_joint_project_without_a_budget_leaves_its_parts_in_the_sum(cast: Cast) -> None:
    whole = programme(cast, budget=None, currency="")
    cast.project("iom", parent=whole, **money("300"))
    assert in_carana(cast) == [("USD", Decimal("300.00"))]


def test_parts_of_parts_are_counted_once_too(cast: Cast) -> None:
    whole = programme(cast)
    middle = programme(cast, states=[cast.org("sumora")], parent=whole)
    cast.project(parent=middle, **money("10"))
    assert in_carana(cast) == [("USD", Decimal("1000.00"))]


def test_a_part_counts_for_whoever_does_not_see_the_whole(cast: Cast, client: Client) -> None:
    whole = programme(cast, is_restricted=True, title="Hidden whole")
    part = cast.project("iom", parent=whole, **money("300"))
    assert in_carana(cast, "carana") == [("USD", Decimal("300.00"))]
    assert in_carana(cast, "iom") == [("USD", Decimal("1000.00"))]
    sign_in(client, cast, "carana")
    assert "Hidden whole" not in words(client.get(part.get_absolute_url()))


def test_a_ring_and_a_project_without_the_lead_are_refused_at_the_field(cast: Cast, client: Client) -> None:
    whole = programme(cast)
    part = cast.project(parent=whole)
    for parent in (whole, part):
        with pytest.raises(Invalid) as refused:
            edit(cast, whole, parent=parent)
        assert set(refused.value.errors) == {"parent"}
    with pytest.raises(Invalid) as refused:
        cast.project("unoct", parent=whole)
    assert set(refused.value.errors) == {"parent"}
    sign_in(client, cast, "unodc")
    url = reverse("project-edit", args=[whole.pk])
    sent = {
        "lead": str(cast.org("unodc").pk), "language": "en", "title": "T", "status": "planned",
        "human_rights": "not_considered", "gender": "not_considered", "parent": str(part.pk),
    }  # fmt: skip
    assert errors_at(client.post(url, sent), "parent")


def test_a_parent_that_the_editor_no_longer_sees_stays(cast: Cast, client: Client) -> None:
    whole = programme(cast)
    part = cast.project("iom", parent=whole)
    edit(cast, whole, is_restricted=True, partners=[])
    sign_in(client, cast, "iom")
    url = reverse("project-edit", args=[part.pk])
    sent = {
        "lead": str(cast.org("iom").pk), "language": "en", "title": "Part", "status": "planned",
        "human_rights": "not_considered", "gender": "not_considered",
    }  # fmt: skip
    assert client.post(url, sent).status_code == 302
    part.refresh_from_db()
    assert (part.title, part.parent_id) == ("Part", whole.pk)


def test_the_api_shows_a_parent_to_those_who_see_it(cast: Cast, api_clients: ApiClients) -> None:
    whole = programme(cast, is_restricted=True)
    part = cast.project("iom", parent=whole)
    url = f"/api/v1/projects/{part.pk}/"
    assert api_clients.iom.get(url).json()["parent"] == str(whole.pk)
    assert api_clients.carana.get(url).json()["parent"] is None
    own = cast.project("unoct")
    assert fields(api_clients.unoct.patch(f"/api/v1/projects/{own.pk}/", {"parent": str(whole.pk)})) == {"parent"}


# ── The same activity ──
def test_the_same_activity_of_two_publishers_is_counted_once(cast: Cast, client: Client) -> None:
    own, other = cast.project("iom", title="Ours", **money("200")), imported(cast, title="Published", **money("210"))
    assert in_carana(cast) == [("USD", Decimal("410.00"))]
    sign_in(client, cast, "iom")
    url = reverse("project-transition", args=[other.pk, "same-as"])
    assert client.post(url, {"same": str(own.pk)}).status_code == 302
    assert in_carana(cast) == [("USD", Decimal("200.00"))]
    assert "Also recorded as Published" in words(client.get(own.get_absolute_url()))
    assert "Same activity asOurs" in words(client.get(other.get_absolute_url()))
    assert client.post(url, {"same": ""}).status_code == 302
    assert in_carana(cast) == [("USD", Decimal("410.00"))]


def test_only_the_lead_links_and_only_to_another_publisher(cast: Cast) -> None:
    own, second = cast.project("iom"), cast.project("iom")
    with pytest.raises(Invalid):
        links.link(actor=cast.iom, project=own.pk, same=second)
    with pytest.raises(Invalid):
        links.link(actor=cast.iom, project=own.pk, same=own)
    other = cast.project()
    with pytest.raises(Forbidden):
        links.link(actor=cast.unodc, project=own.pk, same=other)
    assert links.link(actor=cast.iom, project=own.pk, same=other).same_as == other
    assert links.link(actor=cast.unodc, project=other.pk, same=own).same_as == own
    assert in_carana(cast) == []


def test_the_api_links_what_the_caller_sees(cast: Cast, api_clients: ApiClients) -> None:
    own, hidden, other = cast.project("iom"), cast.project(is_restricted=True), cast.project()
    url = f"/api/v1/projects/{own.pk}/same-as/"
    assert fields(api_clients.iom.post(url, {"same": str(hidden.pk)})) == {"same"}
    answer = api_clients.iom.post(url, {"same": str(other.pk)})
    assert answer.status_code == 200 and answer.json()["same_as"] == str(other.pk)
    assert api_clients.iom.post(url, {"same": None}).json()["same_as"] is None


# ── Percentages ──
def test_of_a_project_with_percentages_the_part_of_the_state_counts(cast: Cast, client: Client) -> None:
    both = [cast.org("carana"), cast.org("sumora")]
    parts = [{"state": state, "percent": Decimal(part)} for state, part in zip(both, ("33.33", "66.67"), strict=True)]
    cast.project(states=both, shares=parts, **money("1000.10"))
    cast.project(states=both, budget=Decimal(5), currency="EUR")
    cast.project(status="cancelled", **money("7"))
    found = budgets_in(cast.unodc, cast.org("carana"))
    assert (found.by_currency, found.projects, found.whole) == (
        [("EUR", Decimal("5.00")), ("USD", Decimal("333.33"))], 2, 1,
    )  # fmt: skip
    sign_in(client, cast, "unodc")
    assert "The whole budget of 1 project counts" in words(client.get(reverse("state", args=["carana"])))

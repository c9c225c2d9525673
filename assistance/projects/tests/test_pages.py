"""Pages of projects and the map of assistance for each State."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance import coverage_map
from assistance.access import audiences
from assistance.consents import transitions as consents
from assistance.projects.editing import check
from assistance.projects.models import Project
from assistance.tests.cast import MEMBERS, OUTSIDERS, PROVIDERS, Cast, appoint
from assistance.tests.pages import errors_at, sign_in, statements, words
from assistance.workflow import editing
from entities.models import Role
from portal.tests.api import ApiClient, fields, token_of
from web.exceptions import Invalid


def filled(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return form data for a new project of unodc."""
    return {
        "lead": str(cast.org("unodc").pk), "language": "en", "title": "Safer crossings", "description": "Five years.",
        "status": "planned", "human_rights": "not_considered", "gender": "not_considered", **changes,
    }  # fmt: skip


def imported(cast: Cast, **changes: Any) -> Project:
    """Return a project as an import creates it."""
    project = cast.project(**changes)
    Project.objects.filter(pk=project.pk).update(
        origin="IOM", iati_identifier="XM-DAC-47066-PC-1", imported_at=timezone.now(), lead=None
    )
    project.refresh_from_db()
    audiences.assign_audience(project)
    project.save()
    return project


# ── Who sees what ──
@pytest.mark.turns(4)
@pytest.mark.parametrize(
    ("kind", "unseen"), [("open", {"sumora", "partner"}), ("restricted", set(MEMBERS) - {"unodc"})]
)
@pytest.mark.parametrize("name", MEMBERS)
def test_a_project_is_seen_by_its_parties_states_and_the_compact(
    cast: Cast, client: Client, name: str, kind: str, unseen: set[str]
) -> None:
    project = cast.project(is_restricted=kind == "restricted", title="Safer crossings")
    sign_in(client, cast, name)
    assert client.get(reverse("project", args=[project.pk])).status_code == (404 if name in unseen else 200)
    for url in (reverse("projects"), reverse("state", args=["carana"])):
        assert ("Safer crossings" in words(client.get(url))) == (name not in unseen), url


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_without_an_appointment_reaches_any_page(cast: Cast, client: Client, name: str) -> None:
    project = cast.project()
    sign_in(client, cast, name)
    for url in (
        reverse("projects"), reverse("project", args=[project.pk]), reverse("project-add"), reverse("states-map"),
        reverse("state", args=["carana"]),
    ):  # fmt: skip
        answer = client.get(url)
        assert answer.status_code == 403
        assert project.reference not in words(answer)


def test_the_page_shows_facts_parties_and_only_visible_needs(cast: Cast, client: Client) -> None:
    shown, hidden = cast.need("shared", title="A need to see"), cast.need("agreed", title="Hidden need")
    project = cast.project(
        needs=[shown], themes=[cast.theme], regions=[cast.region],
        budget="1234567.50", currency="USD", partners=[(cast.org("searcct"), "implementing")],
    )  # fmt: skip
    project.needs.add(hidden)
    sign_in(client, cast, "unodc")
    text = words(client.get(reverse("project", args=[project.pk])))
    for part in ("1,234,567.50 USD", "Border security", "Africa", "Carana", "Implementing Searcct", "A need to see"):
        assert part in text, part
    assert "Hidden need" not in text and hidden.reference not in text
    sign_in(client, cast, "cted")
    assert "Hidden need" in words(client.get(reverse("project", args=[project.pk])))
    sign_in(client, cast, "unodc", language="fr")
    assert "1\xa0234\xa0567,50 USD" in client.get(reverse("project", args=[project.pk])).content.decode().replace(
        "\u202f", "\xa0"
    )


def test_status_and_dates_that_disagree_are_said_in_words(cast: Cast, client: Client) -> None:
    today = timezone.now().date()
    planned = cast.project(status="planned", actual_start=today - timedelta(days=5))
    late = cast.project(status="ongoing", planned_end=today - timedelta(days=5))
    fine = cast.project(status="ongoing", planned_end=today)
    sign_in(client, cast, "unodc")
    pages = [words(client.get(reverse("project", args=[project.pk]))) for project in (planned, late, fine)]
    assert "declared status is “Planned”, but the dates indicate “Ongoing”" in pages[0]
    assert "planned end date has passed" in pages[1]
    assert "Status and dates differ" not in pages[2]


def test_an_imported_project_says_where_it_comes_from_and_is_read_only(cast: Cast, client: Client) -> None:
    project = imported(cast)
    sign_in(client, cast, "unodc")
    page = words(client.get(reverse("project", args=[project.pk])))
    assert "Imported from IOM on" in page and "XM-DAC-47066-PC-1" in page and "read-only" in page
    assert "Edit the project" not in page
    assert client.get(reverse("project-edit", args=[project.pk])).status_code in (403, 409)
    assert client.post(reverse("project-edit", args=[project.pk]), filled(cast)).status_code in (403, 409)
    assert "IOM" in words(client.get(f"{reverse('projects')}?origin=imported"))
    assert project.reference not in words(client.get(f"{reverse('projects')}?origin=here"))


# ── Recording and editing ──
def test_a_lead_records_a_project_with_partners_and_edits_it(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    sign_in(client, cast, "unodc")
    sent = filled(
        cast, states=[str(cast.org("carana").pk)], regions=["002"], themes=["border"], needs=[str(need.pk)],
        budget="١٢٠٠", currency="EUR", partner_0_0="iom", partner_0_1="implementing", partner_2_0="sumora",
        partner_2_1="funding", partner_1_0="iom", partner_1_1="implementing",
    )  # fmt: skip
    answer = client.post(reverse("project-add"), sent)
    project = Project.objects.get()
    assert answer["Location"] == reverse("project", args=[project.pk])
    parties = {(party.organisation.slug, party.role) for party in project.parties.all()}
    assert parties == {("iom", "implementing"), ("sumora", "funding")}
    assert (project.budget, project.needs.get()) == (1200, need)
    page = client.get(reverse("project-edit", args=[project.pk]))
    rows = [name for name in page.context["form"].fields if name.startswith("partner_")]
    assert len(rows) == 5, "two that are there and three to add"
    sign_in(client, cast, "sumora")
    assert client.get(reverse("project", args=[project.pk])).status_code == 200, "a partner sees it"
    sign_in(client, cast, "unodc")
    changed = {**filled(cast, title="Safest"), "version": str(project.version), "partner_0_0": "", "partner_0_1": ""}
    assert client.post(reverse("project-edit", args=[project.pk]), changed).status_code == 302
    project.refresh_from_db()
    assert (project.title, project.parties.count(), project.needs.count()) == ("Safest", 0, 0)


def test_needs_hidden_from_the_editor_stay_with_the_project(cast: Cast, client: Client) -> None:
    kept, seen = cast.need("shared"), cast.need("shared")
    project = cast.project(needs=[kept, seen])
    consents.withdraw(actor=cast.carana, rows=[kept])
    sign_in(client, cast, "unodc")
    page = client.get(reverse("project-edit", args=[project.pk]))
    assert kept.reference not in page.content.decode() and seen.reference in page.content.decode()
    sent = filled(cast, version=str(project.version))
    client.post(reverse("project-edit", args=[project.pk]), sent)
    assert list(project.needs.all()) == [kept]
    stale = client.post(reverse("project-edit", args=[project.pk]), {**sent, "title": "Other", "needs": [str(seen.pk)]})
    assert stale.status_code == 409
    assert kept.reference not in stale.content.decode()


def test_a_stale_save_shows_both_texts_and_the_partners(cast: Cast, client: Client) -> None:
    project = cast.project(partners=[(cast.org("iom"), "funding")])
    sign_in(client, cast, "unodc")
    url = reverse("project-edit", args=[project.pk])
    sent = filled(cast, title="Mine", version=str(project.version), partner_0_0="sumora", partner_0_1="extending")
    client.post(url, {**sent, "title": "Theirs", "partner_0_0": "iom", "partner_0_1": "funding"})
    answer = client.post(url, sent)
    assert answer.status_code == 409
    text = words(answer)
    assert "Sumora (Extending)" in text and "Iom (Funding)" in text and "Mine" in text and "Theirs" in text
    project.refresh_from_db()
    assert client.post(url, {**sent, "version": str(project.version)}).status_code == 302


BAD: tuple[tuple[str, str | list[str]], ...] = (
    ("title", ""),
    ("title", "a\x00b"),
    ("lead", ""),
    ("lead", "00000000-0000-4000-8000-000000000000"),
    ("status", "famous"),
    ("states", ["\x00"]),
    ("regions", ["999"]),
    ("themes", ["\x00"]),
    ("needs", ["00000000-0000-4000-8000-000000000000"]),
    ("planned_start", "soon"),
    ("budget", "1" + "0" * 21),
    ("budget", "sNaN"),
    ("budget", "-1"),
    ("currency", "ABC"),
    ("results", "a\x00"),
    ("partner_0", "iom"),
)


@pytest.mark.turns(days=3)
def test_bad_input_is_named_at_its_field_and_nothing_is_lost(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "unodc")
    for field, value in BAD:
        sent = {"partner_0_0": value} if field == "partner_0" else {field: value}
        answer = client.post(reverse("project-add"), filled(cast, **sent))
        assert answer.status_code == 422, (field, value)
        assert errors_at(answer, field), (field, value)
        assert "Five years." in answer.content.decode()
    for slug, role in (("nobody", "funding"), ("iom", "boss"), ("\x00", "funding"), ("", "funding")):
        answer = client.post(reverse("project-add"), filled(cast, partner_0_0=slug, partner_0_1=role))
        assert errors_at(answer, "partner_0"), (slug, role)
    assert client.post(reverse("project-add"), filled(cast, title="", partner_999_0="iom")).status_code == 422
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"planned_start": "2026-03-02", "planned_end": "2026-03-01"}, "planned_end"),
        ({"actual_start": "2026-03-02", "actual_end": "2026-03-01"}, "actual_end"),
        ({"budget": "5"}, "currency"),
    ],
)
def test_what_the_rules_refuse_is_said_at_its_field(
    cast: Cast, client: Client, changes: dict[str, str], field: str
) -> None:
    sign_in(client, cast, "unodc")
    answer = client.post(reverse("project-add"), filled(cast, **changes))
    assert answer.status_code == 422
    assert errors_at(answer, field)


def test_a_currency_is_an_iso_code_on_every_way(cast: Cast) -> None:
    with pytest.raises(Invalid, match="not valid"):
        cast.project(budget="5", currency="ABC")
    with pytest.raises(Invalid, match="not valid"):
        cast.offer(amount="5", currency="usd")


@pytest.mark.parametrize("name", ["cted", "observer"])
def test_who_leads_nothing_cannot_record(cast: Cast, client: Client, name: str) -> None:
    project = cast.project()
    sign_in(client, cast, name)
    assert client.get(reverse("project-add")).status_code == 403
    assert client.post(reverse("project-add"), filled(cast)).status_code == 403
    assert client.post(reverse("project-edit", args=[project.pk]), filled(cast)).status_code == 403


# ── Who may restrict ──
REFUSED = "Only entities of the Compact and States restrict projects. Remove the restriction, or select another lead."


def restricted_before(cast: Cast) -> Project:
    """Return a restricted project of a partner, as it could be recorded once."""
    project = cast.project(who="partner", title="Safer crossings")
    project.is_restricted = True
    audiences.save_with_audience(project, ["is_restricted"])
    return project


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", PROVIDERS)
def test_entities_of_the_compact_and_states_restrict_projects(cast: Cast, client: Client, name: str) -> None:
    may = name != "partner"
    sign_in(client, cast, name)
    assert ("is_restricted" in client.get(reverse("project-add")).context["form"].fields) == may
    lead, states = cast.org("searcct" if name == "partner" else name), [str(cast.org("sumora").pk)]
    answer = client.post(reverse("project-add"), filled(cast, lead=str(lead.pk), states=states, is_restricted="on"))
    assert answer.status_code == 302
    assert Project.objects.get().is_restricted == may, "a box that is not offered is not read"
    if may:
        assert cast.project(who=name, is_restricted=True).is_restricted
    else:
        with pytest.raises(Invalid) as refused:
            cast.project(who=name, is_restricted=True)
        assert refused.value.errors == {"is_restricted": [REFUSED]}


def test_a_project_without_a_lead_is_not_restricted(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        check(Project(lead=None, is_restricted=True), {})
    assert set(refused.value.errors) == {"is_restricted"}
    check(Project(lead=None), {})


def test_whoever_acts_for_both_is_refused_at_the_box_for_the_partner(cast: Cast, client: Client) -> None:
    appoint(cast.users["partner"], cast.org("unodc"), Role.FOCAL_POINT)
    sign_in(client, cast, "partner")
    sent = filled(cast, lead=str(cast.org("searcct").pk), is_restricted="on")
    answer = client.post(reverse("project-add"), sent)
    assert answer.status_code == 422 and errors_at(answer, "is_restricted") == [REFUSED]
    assert client.post(reverse("project-add"), {**sent, "lead": str(cast.org("unodc").pk)}).status_code == 302
    project = Project.objects.get()
    with pytest.raises(Invalid) as refused:
        editing.edit(actor=cast.partner, model=Project, pk=project.pk, values={"lead": cast.org("searcct")})
    assert set(refused.value.errors) == {"is_restricted"}, "nor does a restricted project go to a partner"


def test_a_partner_changes_what_it_restricted_before_by_opening_it(cast: Cast, client: Client) -> None:
    project = restricted_before(cast)
    sign_in(client, cast, "partner")
    url = reverse("project-edit", args=[project.pk])
    assert client.get(url).context["form"].initial["is_restricted"] is True
    sent = filled(cast, lead=str(cast.org("searcct").pk), title="Safest", version=str(project.version))
    answer = client.post(url, {**sent, "is_restricted": "on"})
    assert answer.status_code == 422 and errors_at(answer, "is_restricted") == [REFUSED]
    assert client.post(url, sent).status_code == 302
    project.refresh_from_db()
    assert (project.title, project.is_restricted) == ("Safest", False)
    assert "is_restricted" not in client.get(url).context["form"].fields


def test_the_api_refuses_a_restriction_at_its_field(cast: Cast) -> None:
    partner = ApiClient(token_of(cast.users["partner"]))
    body = {"title": "Safer crossings", "status": "planned", "lead": "searcct"}
    assert fields(partner.post("projects/", {**body, "is_restricted": True})) == {"is_restricted"}
    path = f"projects/{restricted_before(cast).pk}/"
    assert fields(partner.patch(path, {"title": "Safest"})) == {"is_restricted"}
    assert partner.patch(path, {"title": "Safest", "is_restricted": False}).json()["title"] == "Safest"
    assert (
        ApiClient(token_of(cast.users["sumora"]))
        .post("projects/", {**body, "lead": "sumora", "is_restricted": True})
        .status_code
        == 201
    )


# ── The State's page ──
@pytest.mark.turns(3)
@pytest.mark.parametrize("name", MEMBERS)
def test_the_map_of_a_state_shows_each_member_what_it_may_see(cast: Cast, client: Client, name: str) -> None:
    cast.visit()
    cast.need("shared", title="Shared")
    cast.need("draft", title="Draft")
    for status in ("requested", "planned", "ongoing", "completed"):
        cast.project(status=status, title=f"Project {status}")
    sign_in(client, cast, name)
    answer = client.get(reverse("state", args=["carana"]))
    text = words(answer)
    inside = name not in ("sumora", "partner")
    assert all((word in text) == inside for word in ("Requested", "Planned", "Ongoing", "Completed"))
    assert ("No projects in this State that you can see." in text) != inside
    assert ("Project requested" in text) == ("Comprehensive" in text) == inside
    counts = sum(line["count"] for line in answer.context["needs"])
    assert counts == {"cted": 2, "carana": 1, "observer": 1, "unodc": 1, "iom": 1, "unoct": 1}.get(name, 0)
    overview = words(client.get(reverse("states-map")))
    assert ("Carana" in overview) == inside


def test_statuses_without_projects_are_one_sentence(cast: Cast, client: Client) -> None:
    cast.project(status="ongoing")
    sign_in(client, cast, "carana")
    answer = client.get(reverse("state", args=["carana"]))
    assert "No projects with these statuses: Requested, Planned, Completed." in words(answer)
    assert [group.status for group in answer.context["groups"]] == ["ongoing"]


def test_a_state_page_is_only_for_states(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    for slug in ("unodc", "no-such-place"):
        assert client.get(reverse("state", args=[slug])).status_code == 404


def test_a_long_group_shows_the_latest_and_leads_to_the_rest(cast: Cast, client: Client) -> None:
    for number in range(coverage_map.SHOWN + 2):
        cast.project(title=f"Project {number}")
    sign_in(client, cast, "carana")
    page = client.get(reverse("state", args=["carana"])).content.decode()
    found = re.search(r'href="([^"]+status=ongoing)">2 more', page)
    assert found
    assert "Project 0" in words(client.get(found[1].replace("&amp;", "&")))


def test_a_project_reaches_the_regions_around_its_states(cast: Cast, client: Client) -> None:
    cast.project(title="In Carana")
    sign_in(client, cast, "unodc")
    for query in ("region=002", "state=XCA", "theme=", "status=ongoing", "q=carana", "origin=here"):
        assert "In Carana" in words(client.get(f"{reverse('projects')}?{query}")), query
    for query in ("state=XSU", "status=planned", "q=zebra", "origin=imported"):
        assert "No results match" in words(client.get(f"{reverse('projects')}?{query}")), query


@pytest.mark.turns(3)
@pytest.mark.parametrize("url", ["projects", "states-map", "state"])
def test_a_list_of_three_costs_what_a_list_of_one_costs(cast: Cast, client: Client, url: str) -> None:
    cast.need("shared")
    cast.visit()
    cast.project(themes=[cast.theme], regions=[cast.region])
    sign_in(client, cast, "cted")
    address = reverse(url, args=["carana"] if url == "state" else [])
    one = statements(client, address)
    cast.need("agreed")
    cast.visit()
    cast.project(themes=[cast.theme], states=[cast.org("carana"), cast.org("sumora")])
    cast.project(who="iom", themes=[cast.theme])
    cast.project(who="iom", status="planned", planned_start="2027-01-01")
    assert statements(client, address) == one


def test_the_pages_stand_in_arabic(cast: Cast, client: Client) -> None:
    project = cast.project(language="ar", title="معابر آمنة", description="")
    sign_in(client, cast, "unodc", language="ar")
    for url in (
        reverse("projects"), reverse("project", args=[project.pk]), reverse("project-edit", args=[project.pk]),
        reverse("state", args=["carana"]),
    ):  # fmt: skip
        body = client.get(url).content.decode()
        assert 'dir="rtl"' in body and "معابر آمنة" in body

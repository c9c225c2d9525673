"""Outlines of restricted projects: who reads them on the page of a State and in the API, and what they never say."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from assistance.access.audiences import save_with_audience
from assistance.projects.models import Project
from assistance.projects.outlines import outlines
from assistance.tests.cast import EVERYBODY, MEMBERS, OUTSIDERS, OWNERS, Cast, appoint
from assistance.tests.pages import sign_in, words
from entities.models import Organisation, Role, Theme
from portal.tests.api import ApiClient, token_of
from web import dates

READERS = OWNERS | {"unoct"}  # of the outlines of projects in carana that they do not see
PARTIES = frozenset({"iom", "unodc"})
HEADING = "Projects whose content is restricted"
API = "member-states/{}/restricted-projects/"
EMPTY = {"next": None, "previous": None, "results": []}
LINE = {
    "lead": "iom", "themes": ["border"], "first_quarter": "2026-Q1", "last_quarter": "2026-Q4", "focal_points": ["iom"],
}  # fmt: skip


def restricted(cast: Cast, who: str = "iom", **values: Any) -> Project:
    """Return a restricted project in carana, with texts that no outline holds."""
    return cast.project(
        who=who, is_restricted=True,
        **{
            "title": "Kestrel", "description": "Heron.", "results": "Plover.", "places": "Bittern", "budget": "987654.00",
            "currency": "EUR", "themes": [cast.theme], "planned_start": date(2026, 2, 14),
            "planned_end": date(2026, 11, 13), **values,
        },
    )  # fmt: skip


def told(cast: Cast, name: str, state: str = "carana") -> list[tuple[Any, ...]]:
    """Return the outlines that one of the cast reads: lead, themes, quarters and people."""
    found = outlines(getattr(cast, name), cast.org(state))
    return [
        (line.lead and line.lead.slug, [theme.code for theme in line.themes], line.quarters, list(line.focal_points))
        for line in found
    ]


def section_of(page: Any) -> str:
    """Return the part of the page of a State that holds the outlines."""
    return str(page.content.decode().partition('id="restricted-projects"')[2].partition("</section>")[0])


def api_client(cast: Cast, name: str) -> ApiClient:
    return ApiClient(token_of(cast.users[name]))


# ── Who reads them ──
@pytest.mark.turns(3)
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_the_state_unoct_and_cted_read_what_they_do_not_see(cast: Cast, client: Client, name: str) -> None:
    cast.add_donor()
    project = restricted(cast, partners=[(cast.org("unodc"), "implementing")])
    sign_in(client, cast, name)
    page = client.get(reverse("state", args=["carana"]))
    text, answer = words(page), api_client(cast, name).get(API.format("XCA"))
    assert (HEADING in text) == (name in READERS)
    assert ("Iom Border security Q1 2026 – Q4 2026 iom" in text) == (name in READERS)
    assert answer.json() == ({**EMPTY, "results": [LINE]} if name in READERS else EMPTY)
    assert ("Kestrel" in text) == (name in PARTIES), "who sees the project has no line of it besides"
    if name not in PARTIES:
        secrets = ("Kestrel", "Heron", "Plover", "Bittern", project.reference, str(project.pk))
        assert not [word for word in secrets if word in page.content.decode() + answer.content.decode()]
        assert not [
            word for word in ("987", "Implementing", "Ongoing", "Unodc", "14", "13") if word in section_of(page)
        ]


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_without_an_appointment_reads_any(cast: Cast, client: Client, name: str) -> None:
    restricted(cast)
    assert outlines(getattr(cast, name), cast.org("carana")) == []
    sign_in(client, cast, name)
    answers = [client.get(reverse("state", args=["carana"])), client.get(f"/api/v1/{API.format('XCA')}")]
    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.mark.turns(3)
@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("slug", ["carana", "unoct", "cted", "sumora", "searcct"])
def test_each_role_reads_them_at_these_organizations_and_no_other(cast: Cast, slug: str, role: str) -> None:
    restricted(cast)
    cast.users["new"] = User.objects.create(email="new@example.org", name="new")
    row = appoint(cast.users["new"], cast.org(slug), role)
    assert bool(told(cast, "new")) == (slug in ("carana", "unoct", "cted"))
    type(row).objects.filter(pk=row.pk).update(until=date(2020, 1, 1), since=date(2019, 1, 1))
    assert told(cast, "new") == []


def test_of_a_project_in_two_states_each_of_them_has_a_line(cast: Cast) -> None:
    cast.add_donor()
    restricted(cast, states=[cast.org("sumora"), cast.org("donoria")])
    lines = {
        state: [name for name in EVERYBODY if told(cast, name, state)] for state in ("carana", "sumora", "donoria")
    }
    assert lines["carana"] == []
    assert set(lines["sumora"]) == {"sumora", "unoct", "cted"}
    assert set(lines["donoria"]) == {"donor", "unoct", "cted"}


def test_somebody_who_views_as_another_reads_what_both_may(cast: Cast) -> None:
    restricted(cast)
    state = cast.org("carana")
    assert outlines(replace(cast.carana, viewer=cast.unoct), state)
    assert not outlines(replace(cast.sumora, viewer=cast.unoct), state)
    assert not outlines(replace(cast.carana, viewer=cast.unodc), state)


# ── Of which projects ──
def test_open_imported_and_cancelled_projects_have_none(cast: Cast) -> None:
    cast.project(who="iom")
    cast.project(who="iom", is_restricted=True, status="cancelled")
    cast.project(who="iom", is_restricted=True, states=[])
    imported = cast.project(who="iom", is_restricted=True)
    imported.origin = "IOM"
    save_with_audience(imported, ["origin"])
    assert [told(cast, name) for name in MEMBERS] == [[]] * len(MEMBERS)


def test_the_lead_and_the_partners_see_the_project_and_have_none(cast: Cast) -> None:
    restricted(cast, who="sumora", partners=[(cast.org("carana"), "implementing"), (cast.org("cted"), "extending")])
    assert [name for name in MEMBERS if told(cast, name)] == ["unoct"]
    assert told(cast, "unoct")[0][0] == "sumora"


def test_a_project_of_a_partner_that_was_restricted_before_has_one(cast: Cast) -> None:
    """And so has one whose lead is not recorded, which no form makes."""
    for who in ("partner", "unodc"):
        project = cast.project(who=who)
        project.is_restricted, project.lead = True, project.lead if who == "partner" else None
        save_with_audience(project, ["is_restricted", "lead"])
    assert told(cast, "carana") == [
        ("searcct", [], "No dates recorded", ["partner"]),
        (None, [], "No dates recorded", []),
    ]


# ── What they say ──
@pytest.mark.parametrize(
    ("days", "text", "first", "last"),
    [
        ({}, "No dates recorded", None, None),
        ({"planned_start": "2026-03-31"}, "Q1 2026 (no end date)", "2026-Q1", None),
        ({"planned_end": "2026-04-01"}, "Q2 2026 (no start date)", None, "2026-Q2"),
        ({"planned_start": "2026-07-01", "planned_end": "2026-09-30"}, "Q3 2026", "2026-Q3", "2026-Q3"),
        ({"planned_start": "2026-07-01", "actual_start": "2026-10-01", "planned_end": "2027-01-01"},
         "Q4 2026 – Q1 2027", "2026-Q4", "2027-Q1"),
        ({"planned_start": "2026-07-01", "planned_end": "2027-01-01", "actual_end": "2027-04-01"},
         "Q3 2026 – Q2 2027", "2026-Q3", "2027-Q2"),
        ({"planned_start": "2026-01-01", "planned_end": "2026-03-01", "actual_start": "2026-05-01"},
         "Q2 2026 (no end date)", "2026-Q2", None),
    ],
)  # fmt: skip
def test_quarters_are_those_of_the_actual_days_or_else_of_the_planned(
    cast: Cast, days: dict[str, str], text: str, first: str | None, last: str | None
) -> None:
    values = {name: date.fromisoformat(day) for name, day in days.items()}
    restricted(cast, **{"planned_start": None, "planned_end": None, **values})
    assert told(cast, "carana")[0][2] == text
    (line,) = api_client(cast, "carana").get(API.format("XCA")).json()["results"]
    assert (line["first_quarter"], line["last_quarter"]) == (first, last)


def test_people_are_those_who_act_for_the_lead_focal_points_first(cast: Cast) -> None:
    restricted(cast)
    iom = cast.org("iom")
    for name, role in (("Second", Role.ALTERNATE), ("Reader", Role.OBSERVER), ("Donor", Role.DONOR_CONTACT)):
        appoint(User.objects.create(email=f"{name.lower()}@example.org", name=name), iom, role)
    appoint(cast.users["iom"], iom, Role.ALTERNATE)
    left = User.objects.create(email="left@example.org", name="Left")
    appoint(left, iom, Role.FOCAL_POINT, until=date(2020, 1, 1), since=date(2019, 1, 1))
    assert told(cast, "carana")[0][3] == ["iom", "Second"]
    assert "@" not in api_client(cast, "carana").get(API.format("XCA")).content.decode()


def test_where_nobody_acts_for_the_lead_the_page_says_so(cast: Cast, client: Client) -> None:
    restricted(cast)
    cast.users["iom"].appointments.update(until=date(2020, 1, 1), since=date(2019, 1, 1))
    sign_in(client, cast, "carana")
    section = words(client.get(reverse("state", args=["carana"]))).partition(HEADING)[2]
    assert "Q4 2026 No person is appointed at present." in section


def test_they_are_sorted_by_lead_and_quarter(cast: Cast) -> None:
    Organisation.objects.filter(slug="iom").update(name_en="Zulu", name_fr="Alpha")
    for who, start in (("iom", None), ("iom", "2026-08-01"), ("iom", "2026-05-31"), ("unodc", "2027-01-01")):
        restricted(cast, who=who, planned_start=start and date.fromisoformat(start), planned_end=None)
    iom = ["Q2 2026 (no end date)", "Q3 2026 (no end date)", "No dates recorded"]
    assert [line[2] for line in told(cast, "carana")] == ["Q1 2027 (no end date)", *iom]
    with translation.override("fr"):
        assert [line[0] for line in told(cast, "carana")] == ["iom", "iom", "iom", "unodc"]


def test_the_page_shows_them_in_arabic(cast: Cast, client: Client) -> None:
    restricted(cast)
    Organisation.objects.filter(slug="iom").update(name_ar="المنظمة الدولية للهجرة")
    Theme.objects.update(name_ar="أمن الحدود")
    sign_in(client, cast, "carana", language="ar")
    page = client.get(reverse("state", args=["carana"]))
    section = section_of(page)
    assert 'dir="rtl"' in page.content.decode()
    with translation.override("ar"):
        shown = ("المنظمة الدولية للهجرة", "أمن الحدود", dates.quarters(date(2026, 1, 1), date(2026, 10, 1)))
    assert all(f"{text}<" in section for text in shown), section
    assert "Q1" not in section and "Iom" not in section


def captured(cast: Cast, name: str) -> tuple[int, int]:
    """Return how many outlines one of the cast reads, and with how many statements."""
    actor, state = getattr(cast, name), cast.org("carana")
    with CaptureQueriesContext(connection) as statements:
        found = outlines(actor, state)
    return len(found), len(statements)


def test_any_number_of_them_takes_three_statements(cast: Cast) -> None:
    other = Theme.objects.create(code="other", name="Other")
    for who, number in (("iom", 1), ("unodc", 2), ("iom", 3), ("unoct", 4)):
        restricted(cast, who=who, themes=[cast.theme, other][: 1 + number % 2])
        assert captured(cast, "carana") == (number, 3)
    assert captured(cast, "sumora") == captured(cast, "partner") == (0, 0)


# ── The API ──
def test_who_has_no_right_is_answered_as_for_a_state_without_any(cast: Cast) -> None:
    restricted(cast)
    for name in ("sumora", "partner", "iom"):
        answers = [api_client(cast, name).get(API.format(code)) for code in ("XCA", "xca", "XSU")]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1 and answers[0].json() == EMPTY


def test_a_code_of_no_state_is_not_found(cast: Cast) -> None:
    answers = [api_client(cast, name).get(API.format("XZZ")) for name in ("carana", "cted", "partner")]
    answers.append(api_client(cast, "carana").get("projects/00000000-0000-4000-8000-000000000000/"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_line_has_these_fields_and_no_other(cast: Cast) -> None:
    restricted(cast)
    restricted(cast, who="unodc", planned_start=None)
    lines = api_client(cast, "cted").get(API.format("XCA")).json()["results"]
    assert [set(line) for line in lines] == [set(LINE)] * 2

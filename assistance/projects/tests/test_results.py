"""Indicators of projects, and how the results of a period are planned, reported, accepted and sent back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Delivery, User
from assistance import measures
from assistance.consultations.tests import rounds
from assistance.projects import reporting
from assistance.projects.models import Indicator, Period, Project
from assistance.projects.results import INDICATORS, PERIODS
from assistance.projects.tests import results as made
from assistance.tests.cast import Cast, appoint
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import editing
from assistance.workflow.models import Due
from entities.actors import Actor, actor_of
from entities.models import Role
from portal.tests.api import ApiClients, fields
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

pytestmark = pytest.mark.django_db
KINDS = {kind.name: kind for kind in (INDICATORS, PERIODS)}
TODAY = timezone.now().date()


def edit(cast: Cast, project: Project, **values: Any) -> Project:
    return editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values=values)


def refused(cast: Cast, project: Project, **values: Any) -> set[str]:
    """Return the fields at which a change is refused."""
    with pytest.raises(Invalid) as error:
        edit(cast, project, **values)
    return set(error.value.errors)


def colleague(cast: Cast, slug: str = "unodc") -> Actor:
    """Return another person of an organisation."""
    user = User.objects.create(email=f"second@{slug}.example.org", name="Second")
    appoint(user, cast.org(slug), Role.ALTERNATE)
    return actor_of(user)


# ── Values ──
@pytest.mark.parametrize(
    ("unit", "typed", "stored"),
    [
        ("number", "1234.5", "1234.5"), ("number", " 1,234 ", "1234"), ("number", "-3", "-3"), ("number", "", ""),
        ("percent", "12.5%", "12.5"), ("percent", "100", "100"), ("yes_no", "Yes", "yes"), ("yes_no", "no", "no"),
        ("text", " Drafted ", "Drafted"),
    ],
)  # fmt: skip
def test_values_are_read_by_their_unit(unit: str, typed: str, stored: str) -> None:
    assert measures.read(unit, typed) == stored


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        ("number", "many"),
        ("number", "NaN"),
        ("number", "1e99"),
        ("percent", "101"),
        ("percent", "-1"),
        ("yes_no", "maybe"),
    ],
)
def test_values_of_another_unit_are_refused(unit: str, typed: str) -> None:
    with pytest.raises(ValueError, match="Enter"):
        measures.read(unit, typed)


def test_values_are_read_and_written_in_the_language_of_the_reader() -> None:
    with translation.override("fr"):
        assert measures.read("number", "1 234,5".replace(" ", "\xa0")) == "1234.5"
        assert measures.read("yes_no", "oui") == "yes"
        assert measures.in_words("number", "1234.5").replace("\u202f", "\xa0") == "1\xa0234,5"
        assert measures.in_words("yes_no", "no") == "Non"


# ── What the lead plans ──
def test_the_lead_adds_changes_and_removes_indicators_on_their_pages(cast: Cast, client: Client) -> None:
    project = cast.project()
    sign_in(client, cast, "unodc")
    url = reverse("project-indicator", args=[project.pk])
    sent = {"name": "Posts <b>equipped</b>", "unit": "number", "baseline": "1,000", "target": "2,000"}
    assert client.post(url, sent).status_code == 302
    row = Indicator.objects.get(project=project)
    assert (row.number, row.baseline, row.lower_is_better) == (1, "1000", False)
    page = client.get(project.get_absolute_url())
    assert "Posts <b>equipped</b>" in words(page) and "<b>equipped" not in page.content.decode()
    edit_url = reverse("indicator-edit", args=[row.pk])
    assert "1,000" in client.get(edit_url).content.decode()
    wrong = client.post(edit_url, {**sent, "target": "many"})
    assert wrong.status_code == 422 and errors_at(wrong, "target")
    stale = client.post(edit_url, {**sent, "name": "Posts", "version": "1"})
    assert stale.status_code == 409 and "Posts <b>equipped</b>" in words(stale)
    again = client.post(edit_url, {**sent, "name": "Posts", "version": str(stale.context["form"].data["version"])})
    assert again.status_code == 302
    assert client.post(edit_url, {**sent, "name": "Posts"}).status_code == 302
    assert client.post(edit_url, {**sent, "remove": "on"}).status_code == 302
    assert not Indicator.objects.filter(project=project).exists()
    project.refresh_from_db()
    assert project.version == 4


def test_only_the_lead_plans_and_what_is_hidden_is_as_absent(cast: Cast, client: Client) -> None:
    project = made.planned(cast)
    closed = made.planned(cast, is_restricted=True)
    sign_in(client, cast, "iom")
    assert client.get(reverse("project-period", args=[project.pk])).status_code == 403
    assert client.get(reverse("period-edit", args=[made.only(project).pk])).status_code == 403
    sign_in(client, cast, "carana")
    assert client.get(reverse("period-edit", args=[made.only(closed).pk])).status_code == 404
    assert client.get(reverse("indicator-edit", args=[closed.pk])).status_code == 404


def test_a_period_is_planned_on_its_page(cast: Cast, client: Client) -> None:
    project = made.project(cast, planned_end=TODAY)
    sign_in(client, cast, "unodc")
    url = reverse("project-period", args=[project.pk])
    sent = {
        "indicator": str(project.indicators.get().pk), "organisation": str(cast.org("iom").pk),
        "starts_on": str(TODAY - timedelta(days=9)), "ends_on": str(TODAY), "target": "6",
    }  # fmt: skip
    wrong = client.post(url, {**sent, "ends_on": str(TODAY + timedelta(days=1))})
    assert errors_at(wrong, "ends_on") and "ends after the project" in words(wrong)
    assert errors_at(client.post(url, {**sent, "organisation": str(cast.org("carana").pk)}), "organisation")
    assert client.post(url, sent).status_code == 302
    row = made.only(project)
    assert (row.target, row.status, row.is_late) == ("6", "draft", False)
    assert client.post(reverse("period-edit", args=[row.pk]), {**sent, "target": "7"}).status_code == 302
    assert made.only(project).target == "7"


def test_what_was_reported_is_not_changed_or_removed(cast: Cast) -> None:
    project = made.reported(cast, planned_end=TODAY)
    (period,) = stored(project, "periods")
    (indicator,) = stored(project, "indicators")
    assert refused(cast, project, periods=[{**period, "target": "7"}]) == {"periods.0.target"}
    assert refused(cast, project, periods=[]) == {"periods"}
    assert refused(cast, project, indicators=[]) == {"indicators"}
    assert refused(cast, project, indicators=[{**indicator, "unit": "text"}]) == {"indicators.0.unit"}
    assert refused(cast, project, planned_end=TODAY - timedelta(days=5)) == {"planned_end"}
    assert refused(cast, project, actual_end=TODAY - timedelta(days=5)) == {"actual_end"}
    assert edit(cast, project, actual_end=TODAY - timedelta(days=1)).version == project.version + 1


def stored(project: Project, name: str) -> list[dict[str, Any]]:
    """Return the stored rows of a kind as values."""
    return KINDS[name].stored(project)


def test_the_same_rows_again_change_nothing(cast: Cast) -> None:
    project = made.planned(cast)
    same = edit(cast, project, periods=stored(project, "periods"), indicators=stored(project, "indicators"))
    assert same.version == project.version
    unknown = {**stored(project, "indicators")[0], "id": project.pk}
    assert refused(cast, project, indicators=[stored(project, "indicators")[0], unknown]) == {"indicators.1.id"}


# ── Reports ──
def test_a_partner_reports_and_a_person_of_the_lead_accepts(cast: Cast, client: Client) -> None:
    project = made.planned(cast)
    sign_in(client, cast, "carana")
    assert "Report is late" in words(client.get(project.get_absolute_url()))
    sign_in(client, cast, "iom")
    assert "Report results" in words(client.get(project.get_absolute_url()))
    url = reverse("project-transition", args=[project.pk, "report-period"])
    sent = {"period": str(made.only(project).pk), "actual": "five", "comment": "Two are delayed."}
    assert errors_at(client.post(url, sent), "actual")
    assert client.post(url, {**sent, "actual": "5"}).status_code == 302
    row = made.only(project)
    assert (row.status, row.actual, row.reported_by) == ("submitted", "5", cast.users["iom"])
    assert Delivery.objects.filter(message="period_reported", recipient=cast.users["unodc"]).exists()
    sign_in(client, cast, "unodc")
    url = reverse("project-transition", args=[project.pk, "accept-period"])
    assert client.post(url, {"period": str(row.pk)}).status_code == 302
    assert made.only(project).status == "accepted"
    sign_in(client, cast, "carana")
    shown = words(client.get(project.get_absolute_url()))
    assert "Report accepted" in shown and "Two are delayed." in shown and "Report is late" not in shown
    assert "Target not yet reached" in shown


def test_a_report_that_was_sent_back_is_corrected(cast: Cast) -> None:
    project = made.reported(cast)
    period = made.only(project)
    with pytest.raises(Invalid):
        reporting.send_back(actor=cast.unodc, project=project.pk, period=period.pk, reason=" ")
    reporting.send_back(actor=cast.unodc, project=project.pk, period=period.pk, reason="Which posts?")
    assert Delivery.objects.filter(message="period_sent_back", recipient=cast.users["iom"], done_at=None).exists()
    assert made.only(project).is_late
    reporting.report(actor=cast.iom, project=project.pk, period=period.pk, actual="6")
    assert (made.only(project).status, made.only(project).actual, made.only(project).comment) == ("submitted", "6", "")
    assert not Delivery.objects.filter(message="period_sent_back", done_at=None).exists()


def test_nobody_accepts_what_they_reported_themselves(cast: Cast) -> None:
    project = made.project(cast)
    row = made.period(cast, project.indicators.get(), who="unodc")
    edit(cast, project, periods=[row])
    period = made.only(project)
    reporting.report(actor=cast.unodc, project=project.pk, period=period.pk, actual="6")
    with pytest.raises(Conflict, match="Another person"):
        reporting.accept(actor=cast.unodc, project=project.pk, period=period.pk)
    reporting.accept(actor=colleague(cast), project=project.pk, period=period.pk)
    assert made.only(project).status == "accepted"


def test_each_organization_reports_its_own_periods_only(cast: Cast) -> None:
    project = made.planned(cast)
    period = made.only(project)
    for who in ("unodc", "carana", "unoct"):
        with pytest.raises(Forbidden):
            reporting.report(actor=getattr(cast, who), project=project.pk, period=period.pk, actual="5")
    with pytest.raises(NotVisible):
        reporting.report(actor=cast.partner, project=project.pk, period=period.pk, actual="5")
    own = made.period(cast, project.indicators.get(), -400, -300, who="unodc")
    edit(cast, project, periods=[*stored(project, "periods"), own])
    with pytest.raises(Invalid):
        reporting.report(actor=cast.unodc, project=project.pk, period=period.pk, actual="5")


def test_a_step_that_is_not_possible_now_is_a_conflict(cast: Cast) -> None:
    project = made.reported(cast)
    with pytest.raises(Conflict):
        reporting.report(actor=cast.iom, project=project.pk, period=made.only(project).pk, actual="5")
    reporting.accept(actor=cast.unodc, project=project.pk, period=made.only(project).pk)
    with pytest.raises(Conflict):
        reporting.accept(actor=cast.unodc, project=project.pk, period=made.only(project).pk)


# ── The table and its line ──
def test_the_line_is_drawn_from_the_values_that_were_reported(cast: Cast) -> None:
    indicator = made.reported(cast).indicators.get()
    assert indicator.line == [Decimal(0), Decimal(5)] and indicator.is_reached is False
    indicator.lower_is_better = True
    assert indicator.is_reached is True
    drawn = Template("{% load ui %}{% sparkline values %}").render(Context({"values": indicator.line}))
    assert 'points="0,24 100,0"' in drawn and "style" not in drawn
    assert Template("{% load ui %}{% sparkline values %}").render(Context({"values": [Decimal(1)]})).strip() == ""


# ── The API ──
def test_the_api_lists_adds_and_reports(cast: Cast, api_clients: ApiClients) -> None:
    project = made.project(cast)
    url = f"/api/v1/projects/{project.pk}/"
    added = api_clients.unodc.post(f"{url}indicators/", {"name": "Law adopted", "unit": "yes_no", "target": "yes"})
    assert added.status_code == 201, added.content
    body = {
        "indicator": added.json()["id"], "organisation": "iom", "starts_on": str(TODAY - timedelta(days=9)),
        "ends_on": str(TODAY),
    }  # fmt: skip
    assert api_clients.iom.post(f"{url}periods/", body).status_code == 403
    wrong = api_clients.unodc.post(f"{url}periods/", {**body, "target": "perhaps"})
    assert wrong.status_code == 422 and fields(wrong) == {"target"}
    period = api_clients.unodc.post(f"{url}periods/", body).json()
    assert period["status"] == "draft" and period["is_late"] is False
    answer = api_clients.iom.post(f"{url}report-period/", {"period": period["id"], "actual": "yes"})
    assert answer.status_code == 200 and answer.json()["periods"][0]["actual"] == "yes"
    listed = api_clients.carana.get(f"{url}periods/").json()["results"]
    assert [(one["status"], one["organisation"]) for one in listed] == [("submitted", "iom")]
    assert [one["name"] for one in api_clients.carana.get(f"{url}indicators/").json()["results"]] == [
        "Posts equipped", "Law adopted",
    ]  # fmt: skip
    assert api_clients.partner.get(f"{url}periods/").status_code == 404
    assert Period.objects.count() == 1


def test_a_value_stays_with_the_indicator_of_its_unit(cast: Cast) -> None:
    project = made.reported(cast)
    reporting.send_back(actor=cast.unodc, project=project.pk, period=made.only(project).pk, reason="Which posts?")
    other = made.indicator(name="Law passed", unit="yes_no", baseline="no", target="yes")
    known = [*INDICATORS.stored(project), other]
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"indicators": known})
    (period,) = PERIODS.stored(project)
    moved = {**period, "indicator": project.indicators.get(name="Law passed").pk, "target": "yes"}
    with pytest.raises(Invalid) as refused:
        editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"periods": [moved]})
    assert set(refused.value.errors) == {"periods.0.indicator"}


def test_another_unit_ends_the_link_with_a_priority(cast: Cast) -> None:
    project = made.project(cast)
    parameter = rounds.closed(cast).parameters.filter(unit="number").first()
    project.indicators.update(parameter=parameter)
    (indicator,) = INDICATORS.stored(project)
    changed = {**indicator, "unit": "yes_no", "baseline": "no", "target": "yes"}
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"indicators": [changed]})
    assert parameter is not None and project.indicators.get().parameter is None


def test_a_partner_with_a_period_to_report_stays(cast: Cast) -> None:
    project = made.planned(cast)
    with pytest.raises(Invalid) as refused:
        editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"partners": []})
    assert set(refused.value.errors) == {"partners"}
    (period,) = PERIODS.stored(project)
    values = {"partners": [], "periods": [{**period, "organisation": cast.org("unodc")}]}
    assert editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values=values).version == 3


def test_a_partner_that_funds_the_project_accepts_a_report(cast: Cast, client: Client) -> None:
    project = made.planned(cast, partners=[(cast.org("iom"), "implementing"), (cast.org("unoct"), "funding")])
    period = made.only(project)
    reporting.report(actor=cast.iom, project=project.pk, period=period.pk, actual="5", comment="Two are delayed.")
    assert Delivery.objects.filter(message="period_reported", recipient__name="unoct").exists()
    with pytest.raises(Forbidden):
        reporting.accept(actor=cast.iom, project=project.pk, period=period.pk)
    sign_in(client, cast, "unoct")
    page = words(client.get(reverse("project-transition", args=[project.pk, "accept-period"])))
    assert "Two are delayed." in page and "Posts equipped" in page
    reporting.accept(actor=cast.unoct, project=project.pk, period=period.pk)
    assert made.only(project).status == "accepted"


def test_nothing_is_owed_on_a_cancelled_project(cast: Cast) -> None:
    project = made.planned(cast)
    assert Due.objects.filter(project=project, kind="project_period", done_at=None).exists()
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"status": "cancelled"})
    assert not Due.objects.filter(project=project, kind="project_period", done_at=None).exists()

"""Targets of consultations behind indicators of projects: linked by the lead, shown to readers of the round only."""

import pytest
from django.test import Client

from assistance.consultations.tests import rounds
from assistance.plans import transitions as plans
from assistance.plans.tests import made
from assistance.projects import reporting, targets
from assistance.projects.deadlines import next_period
from assistance.projects.models import Indicator, Project
from assistance.projects.tests import results
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from assistance.workflow.models import Due
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Invalid

pytestmark = pytest.mark.django_db


def linked(cast: Cast) -> tuple[Project, Indicator]:
    """Return a project of unodc whose indicator is measured against a priority of a closed round with carana."""
    parameter = rounds.closed(cast).parameters.get()
    project = results.project(cast)
    indicator = project.indicators.get()
    targets.link(actor=cast.unodc, project=project.pk, indicator=indicator.pk, parameter=parameter.pk)
    indicator.refresh_from_db()
    return project, indicator


def test_a_target_is_shown_to_those_who_see_the_round(cast: Cast) -> None:
    project, indicator = linked(cast)
    for name, seen in (("unodc", True), ("carana", True), ("iom", False), ("sumora", False)):
        client = Client()
        sign_in(client, cast, name)
        answer = client.get(project.get_absolute_url())
        if answer.status_code == 200:
            assert ("Target of the consultation" in words(answer)) is seen, name
    assert ApiClients(cast).iom.get(f"projects/{project.pk}/targets/").json()["results"] == []
    (found,) = ApiClients(cast).unodc.get(f"projects/{project.pk}/targets/").json()["results"]
    assert (found["indicator"], found["target"], found["differs"]) == (str(indicator.pk), "4", False)


def test_the_figures_of_state_and_project_stand_beside_each_other(cast: Cast) -> None:
    plan = made.roadmap(cast)
    parameter = plan.round.parameters.get()
    made.step(cast, plan, parameter=parameter.pk, supporters=[cast.org("unodc")])
    made.agreed(cast, plan)
    plans.report(actor=cast.carana, plan_step=plan.steps.get().pk, said="ongoing", value="3")
    project = results.reported(cast)  # who reported 5
    indicator = project.indicators.get()
    targets.link(actor=cast.unodc, project=project.pk, indicator=indicator.pk, parameter=parameter.pk)
    (found,) = targets.targets_of(cast.carana, project.indicators.all()).values()
    assert found.reported == "3" and found.differs
    plans.report(actor=cast.unodc, plan_step=plan.steps.get().pk, said="ongoing", value="5")  # a supporting entity
    (found,) = targets.targets_of(cast.carana, project.indicators.all()).values()
    assert found.reported == "3"
    plans.report(actor=cast.carana, plan_step=plan.steps.get().pk, said="ongoing", value="5.0")
    (found,) = targets.targets_of(cast.carana, project.indicators.all()).values()
    assert not found.differs


def test_a_priority_is_refused_that_is_hidden_or_measured_otherwise(cast: Cast) -> None:
    parameter = rounds.closed(cast).parameters.get()
    project = results.project(cast)
    indicator = project.indicators.get()
    other = rounds.closed(
        cast, parameters=[rounds.parameter(unit="percent", baseline="1", target="2")]
    ).parameters.get()
    for key in (other.pk, project.pk):
        with pytest.raises(Invalid) as caught:
            targets.link(actor=cast.unodc, project=project.pk, indicator=indicator.pk, parameter=key)
        assert set(caught.value.errors) == {"parameter"}
    assert list(targets.selectable(cast.unodc, project)) and not targets.selectable(cast.iom, project)
    assert parameter in targets.selectable(cast.unodc, project)
    with pytest.raises(Conflict):
        targets.link(actor=cast.unodc, project=cast.project().pk, indicator=indicator.pk)


def test_the_report_on_the_first_open_period_is_owed(cast: Cast) -> None:
    project = results.planned(cast)
    due = Due.objects.get(project=project, kind="project_period", done_at=None)
    period = next_period(project)
    assert period is not None and due.owed_by == period.organisation
    reporting.report(actor=cast.iom, project=project.pk, period=period.pk, actual="5")
    assert not Due.objects.filter(project=project, kind="project_period", done_at=None).exists()
